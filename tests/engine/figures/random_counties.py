"""Hypothesis strategies: ledgers, trees with moves and merges, predicates, indicators."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from small_county import PACK_FOLDER, ledger_of

from shuzhi.ledgers.model import Ledgers, Return, ReturnState
from shuzhi.packs.formulas import parse_formula
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Indicator, Measure, MeasureKind, Pack
from shuzhi.packs.predicates import Predicate, parse_predicate
from shuzhi.periods import PeriodKind, calendar_periods
from shuzhi.units import UnitSpan, UnitTree

PACK = replace(load_pack(PACK_FOLDER), is_shipped=True)  # answered in this process
MEETINGS = PACK.tables["meetings"]
TYPES = {column.name: column.type for column in MEETINGS.columns}
TOWNSHIPS, VILLAGES = ("A", "B"), ("A1", "A2", "B1", "B2")
BEGIN = date(2000, 1, 1)
TEXT = {"zh": "", "en": ""}
NUMERIC = ("sum", "average", "median", "min", "max", "last")
AGGREGATES = ("sum", "max", "min", "average")
FORMULAS = (
    "100 * i0 / i1", "i0 - last_year(i1)", "year_to_date(i0) + target(i1)", "-(i1 - 2) * i0 / 3",
    "reporting_rate(meetings) / units_below(village)", "i0 / (i1 - i1)",
)  # fmt: skip

days = st.dates(date(2021, 11, 1), date(2024, 2, 1))
in_2023 = st.dates(date(2023, 1, 2), date(2023, 12, 30))


@st.composite
def trees(draw: DrawFn) -> UnitTree:
    """Villages may move to the other township, or end with or without a successor."""
    spans = [UnitSpan("C", "C", "county", "", BEGIN)]
    spans += [UnitSpan(code, code, "township", "C", BEGIN) for code in TOWNSHIPS]
    for village in VILLAGES:
        home, other = (village[0], "B" if village[0] == "A" else "A")
        stays = UnitSpan(village, village, "village", home, BEGIN)
        fate, day = draw(st.sampled_from(("stays", "moves", "ends"))), draw(in_2023)
        gap = timedelta(days=draw(st.sampled_from((0, 0, 20))))
        if fate == "stays":
            spans.append(stays)
        elif fate == "moves":
            spans.append(replace(stays, valid_to=day))
            spans.append(replace(stays, parent=other, valid_from=day + gap))
        else:
            heir = draw(st.sampled_from(("", *(v for v in VILLAGES if v > village))))
            spans.append(replace(stays, valid_to=day, successor=heir))
    return UnitTree(spans)


def maybe(values: SearchStrategy[object]) -> SearchStrategy[object]:
    return st.none() | values


rows = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(("C", *TOWNSHIPS, *VILLAGES)),
        "held_on": maybe(days),
        "kind": maybe(st.sampled_from(("work", "study"))),
        "topic": maybe(st.sampled_from(("", "a", "ab", "A%b", "防火", "防汛会"))),
        "attended": maybe(st.integers(-3, 12)),
        "seats": maybe(st.sampled_from((0, 1, 7, 10, 9_000_000_000_000_000_000))),
        "hours": maybe(st.integers(-30_000, 90_000).map(lambda n: Decimal(n) / 10_000)),
        "chaired": maybe(st.booleans()),
        "closed_on": maybe(days),
        "speaker": maybe(st.sampled_from(("p1", "p2", "p3"))),
    }
)


@st.composite
def returns(draw: DrawFn, tree: UnitTree) -> tuple[Return, ...]:
    states = [None, *ReturnState]
    found = []
    for period in calendar_periods(PeriodKind.QUARTER, PACK.collects_from, PACK.collects_until):
        for code in TOWNSHIPS:
            state = draw(st.sampled_from(states))
            if state is not None:
                found.append(Return("meetings", code, period.name, state, "book.xlsx", "meetings"))
    return tuple(found)


@st.composite
def ledgers(draw: DrawFn) -> Ledgers:
    tree = draw(trees())
    tables = {name: ledger_of(table, []) for name, table in PACK.tables.items()}
    tables["meetings"] = ledger_of(MEETINGS, draw(st.lists(rows, max_size=20)))
    return Ledgers(tables, tree, draw(returns(tree)), (), (), ())


whole = st.sampled_from(
    (
        "attended", "seats", "3", "0", "10", "length(topic)", "(closed_on - held_on)",
        "month(held_on)",
    )
)  # fmt: skip
exact = whole | st.sampled_from(("hours", "0.1", "2.5", "(hours + 0.1)", "(attended - seats)"))


def _calculations(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda p: f"({p[0]} + {p[1]})"),
        pair.map(lambda p: f"({p[0]} - {p[1]})"),
        pair.map(lambda p: f"({p[0]} * {p[1]})"),
        pair.map(lambda p: f"({p[0]} / nullif({p[1]}, 0))"),
        pair.map(lambda p: f"coalesce({p[0]}, {p[1]})"),
        pair.map(lambda p: f"nullif({p[0]}, {p[1]})"),
        pair.map(lambda p: f"least({p[0]}, {p[1]})"),
        pair.map(lambda p: f"greatest({p[0]}, {p[1]})"),
        inner.map(lambda text: f"abs({text})"),
        inner.map(lambda text: f"(-({text}))"),
        st.tuples(inner, st.integers(0, 3)).map(lambda p: f"round({p[0]}, {p[1]})"),
    )


numbers = st.recursive(exact, _calculations, max_leaves=4)
_day_texts = ("held_on", "closed_on", "period_start", "period_last_day", "date '2023-06-30'")
a_day = st.sampled_from(_day_texts)
comparison = st.sampled_from(("=", "<>", "<", "<=", ">", ">="))
conditions = st.one_of(
    st.tuples(numbers, comparison, numbers).map(" ".join),
    st.tuples(a_day, comparison, a_day).map(" ".join),
    st.tuples(numbers, exact, exact).map(lambda t: f"{t[0]} between {t[1]} and {t[2]}"),
    numbers.map(lambda text: f"{text} in (0, 2.5, 10, -1)"),
    st.sampled_from(
        (
            "chaired", "kind = 'work'", "kind not in ('study')", "kind is null", "true",
            "speaker is not null", "topic like '防%'", "topic not like '_b'", "topic like 'A%%'",
            "(attended > seats) is null", "chaired = (attended > 2)",
        )
    ),
)  # fmt: skip


def _combinations(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map(lambda p: f"({p[0]} and {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]} or {p[1]})"),
        inner.map(lambda text: f"not ({text})"),
    )


predicates: SearchStrategy[Predicate] = st.recursive(conditions, _combinations, max_leaves=4).map(
    lambda text: parse_predicate(text, TYPES, {"speaker"})
)


@st.composite
def measures(draw: DrawFn) -> Measure:
    kind = draw(st.sampled_from(tuple(MeasureKind)))
    column = ""
    if kind.value in NUMERIC:
        column = draw(st.sampled_from(("attended", "hours")))
    elif kind is MeasureKind.DISTINCT:
        column = draw(st.sampled_from(("speaker", "kind", "attended", "closed_on")))
    is_stock = kind is MeasureKind.STOCK
    return Measure(
        kind, "meetings",
        date="held_on" if is_stock else draw(st.sampled_from(("held_on", "closed_on"))),
        column=column,
        where=draw(predicates if kind is MeasureKind.SHARE else st.none() | predicates),
        share_of=draw(predicates) if kind is MeasureKind.SHARE else None,
        ends="closed_on" if is_stock else "",
    )  # fmt: skip


@st.composite
def packs(draw: DrawFn) -> Pack:
    """Two measured indicators, one of them combined over months and units at times, a shifted
    one, and one of the formulas over them."""
    over_time, over_units = draw(
        st.just(("", "")) | st.tuples(st.sampled_from(AGGREGATES), st.sampled_from(AGGREGATES))
    )
    shift = draw(st.sampled_from(("previous_year", "year_to_date")))
    target = draw(st.sampled_from((None, 3.0, "i0")))
    found = (
        Indicator("i0", TEXT, TEXT, draw(measures())),
        Indicator("i1", TEXT, TEXT, draw(measures()), over_time=over_time, over_units=over_units,
                  target=target),
        Indicator("i2", TEXT, TEXT, draw(measures()), shift=shift),
        Indicator("i3", TEXT, TEXT, formula=parse_formula(draw(st.sampled_from(FORMULAS)))),
    )  # fmt: skip
    return replace(PACK, indicators={indicator.name: indicator for indicator in found})
