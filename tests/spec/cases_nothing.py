"""Four kinds of nothing: zero, not reported, not asked, not applicable"""

from case import Case

HELD = '[held]\ntable = "meetings"\ncount = true\n[mean]\ntable = "meetings"\naverage = "attended"'

CASES = [
    Case(
        "zero and silence",
        "A unit that reported none has 0. Silence in one quarter leaves the year not reported. A "
        "figure above counts those that have reported, and is a lower bound.",
        HELD,
        """
        indicator | unit | period  | value          | records | asked | reported
        held      | A    | 2023-Q1 | 0              | 0       | 1     | 1
        held      | B    | 2023-Q1 | not_reported   | 0       | 1     | 0
        held      | B1   | 2023-Q1 | not_reported   | 0       | 1     | 0
        held      | C    | 2023-Q1 | 0              | 0       | 2     | 1
        held      | B    | 2023-Q2 | 1              | 1       | 1     | 1
        held      | B    | 2023    | 1              | 1       | 1     | 0
        held      | B1   | 2023    | not_reported   | 0       | 1     | 0
        held      | C    | 2023    | 1              | 1       | 2     | 1
        mean      | A    | 2023    | not_applicable | 0       | 1     | 1
        mean      | B    | 2023-Q1 | not_reported   | 0       | 1     | 0
        """,
        "unit | held_on | attended\nB | 2023-05-01 | 9",
        returns="unit | period | state\nA | 2023-Q1 | nil\nB | 2023-Q1 | silent",
    ),
    Case(
        "not applicable",
        "A unit that says so for everything it is asked is not counted among the asked. A mix of "
        '"not applicable" and reports is a report.',
        HELD,
        """
        indicator | unit | period  | value          | asked | reported
        held      | A    | 2023-Q1 | not_applicable | 0     | 0
        held      | A    | 2023    | 0              | 1     | 1
        held      | C    | 2023-Q1 | 0              | 1     | 1
        held      | A    | 2022-Q1 | not_applicable | 0     | 0
        """,
        returns="""
        unit | period  | state
        A    | 2023-Q1 | not_applicable
        A    | 2022-Q1 | not_applicable
        """,
    ),
    Case(
        "not asked",
        "Before or after the time in which the pack collects, nobody is asked. A period is asked "
        "for when it lies wholly inside.",
        HELD,
        """
        indicator | unit | period                | value     | asked | reported
        held      | C    | 2021                  | not_asked | 0     | 0
        held      | C    | 2021-12-01/2022-02-01 | 0         | 2     | 2
        """,
    ),
    Case(
        "in formulas",
        "Not reported weighs more than not asked, and that more than not applicable. A division "
        "by zero is not applicable.",
        HELD
        + """
[per_meeting]
formula = "mean / held"
[change]
formula = "held - last_year(held)"
""",
        """
        indicator   | unit | period  | value          | records | asked | reported
        per_meeting | A    | 2023-Q1 | not_applicable | 0       | 1     | 1
        per_meeting | B    | 2023-Q1 | not_reported   | 0       | 1     | 0
        per_meeting | B    | 2023-Q2 | 9              | 2       | 1     | 1
        change      | B    | 2023-Q2 | 1              | 1       | 1     | 1
        change      | B    | 2022-Q2 | not_asked      | 0       | 1     | 0
        """,
        "unit | held_on | attended\nB | 2023-05-01 | 9",
        returns="unit | period | state\nB | 2023-Q1 | silent",
    ),
]
