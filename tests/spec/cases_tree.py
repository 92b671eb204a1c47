"""The dated tree: merges and moves"""

from case import Case

UNITS = """
code | level    | parent | valid_from | valid_to   | successor
C    | county   |        | 2000-01-01 |            |
A    | township | C      | 2000-01-01 |            |
B    | township | C      | 2000-01-01 |            |
A1   | village  | A      | 2000-01-01 | 2023-07-01 | A2
A2   | village  | A      | 2000-01-01 |            |
B1   | village  | B      | 2000-01-01 | 2023-07-01 |
B1   | village  | A      | 2023-07-01 |            |
"""
MEETINGS = """
unit | held_on
A1   | 2023-02-01
A2   | 2023-02-01
A2   | 2023-09-01
B1   | 2023-06-30
B1   | 2023-07-01
"""
HELD = '[held]\ntable = "meetings"\ncount = true\n[villages]\nformula = "units_below(village)"'

SWAPPED = """
code | level    | parent | valid_from | valid_to   | successor
C    | county   |        | 2000-01-01 |            |
A    | village  | B      | 2000-01-01 | 2023-07-01 |
A    | township | C      | 2023-07-01 |            |
B    | township | C      | 2000-01-01 | 2023-07-01 |
B    | village  | A      | 2023-07-01 |            |
"""

CASES = [
    Case(
        "as it was",
        "A record belongs to its unit, and to everything above it on the record's day. A1 merged "
        "into A2, and B1 moved from B to A, both on 1 July. Figures exist for every unit that "
        "existed on any day of the period.",
        HELD,
        """
        indicator | unit | period  | value | asked | reported
        held      | A1   | 2023    | 1     | 1     | 1
        held      | A2   | 2023    | 2     | 1     | 1
        held      | B1   | 2023    | 2     | 2     | 2
        held      | A    | 2023    | 4     | 1     | 1
        held      | B    | 2023    | 1     | 1     | 1
        held      | C    | 2023    | 5     | 2     | 2
        held      | A    | 2023-Q1 | 2     | 1     | 1
        villages  | C    | 2023-Q1 | 3     | 0     | 0
        villages  | C    | 2023    | 2     | 0     | 0
        villages  | B    | 2023    | 0     | 0     | 0
        """,
        MEETINGS,
        units=UNITS,
    ),
    Case(
        "restated",
        "On the tree of another day, a record belongs to the unit that answers for its unit on "
        "that day, and to everything above that. Figures exist for the units of that day.",
        HELD,
        """
        indicator | unit | period  | value | asked | reported
        held      | A2   | 2023    | 3     | 1     | 1
        held      | B1   | 2023    | 2     | 1     | 1
        held      | A    | 2023    | 5     | 1     | 1
        held      | B    | 2023    | 0     | 1     | 1
        held      | C    | 2023    | 5     | 2     | 2
        villages  | C    | 2023-Q1 | 2     | 0     | 0
        """,
        MEETINGS,
        units=UNITS,
        tree_as_of="2023-12-31",
    ),
    Case(
        "changed places",
        "Two units may change places: A stood under B until 30 June, B under A from 1 July. Each "
        "record counts for what stood above its unit on its own day.",
        HELD,
        """
        indicator | unit | period  | value
        held      | A    | 2023    | 3
        held      | B    | 2023    | 3
        held      | C    | 2023    | 4
        held      | A    | 2023-Q1 | 1
        held      | B    | 2023-Q1 | 2
        held      | A    | 2023-Q3 | 2
        held      | B    | 2023-Q3 | 1
        """,
        """
        unit | held_on
        A    | 2023-02-01
        B    | 2023-02-01
        A    | 2023-09-01
        B    | 2023-09-01
        """,
        units=SWAPPED,
    ),
]
