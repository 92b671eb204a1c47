"""Conditions: three-valued logic over a row's own cells"""

from case import Case

ROWS = """
unit | held_on    | kind  | topic  | attended | seats | hours  | chaired | closed_on
A    | 2023-01-10 | work  | 防火    | 12       | 10    | 0.1    | yes     | 2023-01-20
A    | 2023-02-11 | study | 防汛   | 0        | 0     | 0.2    | no      |
A    | 2023-03-12 |       | a_b    |          | 8     | 2.5    |         | 2023-04-01
A    | 2023-03-31 | work  | a%b    | 5        |       |        | yes     | 2023-03-31
"""


def _counts(**conditions: str) -> str:
    return "\n".join(
        f'[{name}]\ntable = "meetings"\ncount = true\nwhere = "{condition}"'
        for name, condition in conditions.items()
    )


def _expected(period: str = "2023-Q1", **values: int) -> str:
    rows = [f"{name} | A | {period} | {value}" for name, value in values.items()]
    return "\n".join(["indicator | unit | period | value", *rows])


CASES = [
    Case(
        "comparisons",
        "=, <>, <, <=, >, >=, between, in. An empty cell makes the answer unknown.",
        _counts(
            equal="attended = 5",
            unequal="attended <> 5",
            within="attended between 5 and 12",
            outside="attended not between 1 and 6",
            listed="kind in ('work', 'study')",
            unlisted="attended not in (0, 5)",
            decimal="hours in (0.1, 2.5)",
        ),
        _expected(
            equal=1,
            unequal=2,
            within=2,
            outside=2,
            listed=3,
            unlisted=1,
            decimal=2,
        ),
        ROWS,
    ),
    Case(
        "and, or, not, is null",
        "`false and unknown` is false, `true or unknown` is true; the rest stays unknown. A "
        "boolean column stands alone.",
        _counts(
            chaired="chaired",
            unchaired="not chaired",
            missing="kind is null",
            present="attended is not null",
            either="chaired or attended = 0",
            neither="not (chaired and attended > 100)",
            unknown="(kind = 'work') is null",
        ),
        _expected(
            chaired=2,
            unchaired=1,
            missing=1,
            present=3,
            either=3,
            neither=3,
            unknown=1,
        ),
        ROWS,
    ),
    Case(
        "arithmetic",
        "Sums and differences are exact; products and quotients are float64. A division names "
        "what it may not divide by.",
        _counts(
            over="attended > seats",
            total="attended + seats = 22",
            exact="hours + 0.2 = 0.3",
            full="attended / nullif(seats, 0) >= 1.2",
            double="attended * 2 > 10",
            negative="-attended < -4",
        ),
        _expected(over=1, total=1, exact=1, full=1, double=1, negative=2),
        ROWS,
    ),
    Case(
        "functions",
        "`least` and `greatest` pass over empty cells; `round` takes halves away from zero; "
        "`length` counts characters.",
        _counts(
            filled="coalesce(attended, seats) = 8",
            nothing="nullif(attended, 0) is null",
            small="least(attended, seats) < 9",
            large="greatest(attended, seats) >= 8",
            rounded="round(hours) = 3",
            near="abs(hours - 0.2) <= 0.1",
            short="length(topic) = 2",
        ),
        _expected(
            filled=1,
            nothing=2,
            small=3,
            large=2,
            rounded=1,
            near=2,
            short=2,
        ),
        ROWS,
    ),
    Case(
        "texts",
        "`like` knows % for any characters and _ for one, and tells capitals from small letters.",
        _counts(
            starts="topic like '防%'",
            one="topic like 'a_b'",
            not_starts="topic not like '防%'",
            capital="topic like 'A%'",
        ),
        _expected(starts=2, one=2, not_starts=2, capital=0),
        ROWS,
    ),
    Case(
        "days",
        "A day less a day is a number of days. `period_start` and `period_last_day` are the days "
        "of the period the figure is for, so the same row may answer differently in two periods.",
        _counts(
            quick="closed_on - held_on <= 10",
            march="month(held_on) = 3",
            year="year(held_on) = 2023",
            after="held_on > date '2023-03-12'",
            settled="closed_on <= period_last_day",
            first="held_on - period_start < 31",
        ),
        _expected(quick=2, march=2, year=4, after=1, settled=2, first=1)
        + "\nsettled | A | 2023 | 3\nfirst | A | 2023-03 | 2",
        ROWS,
    ),
]
