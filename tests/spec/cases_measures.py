"""Measures: what is computed over the rows of one table"""

from case import Case

MEETINGS = """
unit | held_on    | kind  | attended | hours | speaker
A    | 2023-01-10 | work  | 12       | 1.5   | p-1
A    | 2023-02-10 | study | 7        | 0.25  | p-2
A1   | 2023-05-10 | work  |          | 2     | p-1
B    | 2023-05-11 |       | 40       |       |
"""

CASES = [
    Case(
        "count",
        "The rows. A row counts for its unit and for every unit above it.",
        '[meetings_held]\ntable = "meetings"\ncount = true',
        """
        indicator     | unit | period  | value | records | asked | reported
        meetings_held | C    | 2023    | 4     | 4       | 2     | 2
        meetings_held | A    | 2023    | 3     | 3       | 1     | 1
        meetings_held | A1   | 2023    | 1     | 1       | 1     | 1
        meetings_held | A2   | 2023    | 0     | 0       | 1     | 1
        meetings_held | C    | 2023-Q1 | 2     | 2       | 2     | 2
        """,
        MEETINGS,
    ),
    Case(
        "where",
        "Only the rows for which the condition is true. Where it is unknown, because a cell it "
        "needs is empty, the row is not counted, and `not` does not change that.",
        """
[work]
table = "meetings"
count = true
where = "kind = 'work'"
[not_work]
table = "meetings"
count = true
where = "not kind = 'work'"
[well_attended]
table = "meetings"
count = true
where = "attended >= 10 or kind = 'work'"
""",
        """
        indicator     | unit | period | value
        work          | C    | 2023   | 2
        not_work      | C    | 2023   | 1
        well_attended | C    | 2023   | 3
        """,
        MEETINGS,
    ),
    Case(
        "sum",
        "Exact decimal arithmetic. Empty cells are passed over and are no records; the sum of "
        "no rows is 0.",
        """
[attended]
table = "meetings"
sum = "attended"
[hours]
table = "meetings"
sum = "hours"
""",
        """
        indicator | unit | period | value | records
        attended  | C    | 2023   | 59    | 3
        attended  | A1   | 2023   | 0     | 0
        hours     | C    | 2023   | 3.75  | 3
        """,
        MEETINGS,
    ),
    Case(
        "average, median, min, max",
        "Over the rows with a value. Where there is none, there is nothing to average: the figure "
        "is not applicable, not 0. The median of an even number is the mean of the middle two.",
        """
[mean]
table = "meetings"
average = "attended"
[middle]
table = "meetings"
median = "attended"
[least]
table = "meetings"
min = "hours"
[most]
table = "meetings"
max = "hours"
""",
        """
        indicator | unit | period | value          | records
        mean      | C    | 2023   | 19.666667      | 3
        mean      | A1   | 2023   | not_applicable | 0
        middle    | C    | 2023   | 12             | 3
        middle    | A    | 2023   | 9.5            | 2
        least     | C    | 2023   | 0.25           | 3
        most      | C    | 2023   | 2              | 3
        most      | B    | 2023   | not_applicable | 0
        """,
        MEETINGS,
    ),
    Case(
        "distinct",
        "Different values. The only measure, with count, that a person column has: in the proof "
        "they are person 1, person 2, and so on.",
        '[speakers]\ntable = "meetings"\ndistinct = "speaker"',
        """
        indicator | unit | period | value | records
        speakers  | C    | 2023   | 2     | 3
        speakers  | A1   | 2023   | 1     | 1
        speakers  | B    | 2023   | 0     | 0
        """,
        MEETINGS,
    ),
    Case(
        "last",
        "The value of the latest row that has one; of two on one day, the one with the greater "
        "record number.",
        '[attended_last]\ntable = "meetings"\nlast = "attended"',
        """
        indicator     | unit | period  | value
        attended_last | C    | 2023    | 40
        attended_last | A    | 2023    | 7
        attended_last | C    | 2023-Q1 | 7
        """,
        MEETINGS,
    ),
    Case(
        "share_of",
        "100 × the rows with both conditions ÷ the rows with the first. The records are the "
        "second: all rows of the base.",
        """
[work_share]
table = "meetings"
share_of = "kind is not null"
where = "kind = 'work'"
""",
        """
        indicator  | unit | period | value          | records
        work_share | C    | 2023   | 66.666667      | 3
        work_share | A1   | 2023   | 100            | 1
        work_share | B    | 2023   | not_applicable | 0
        """,
        MEETINGS,
    ),
    Case(
        "stock",
        "The rows that had begun by the period's last day and had not ended by then. A row that "
        "ends on the last day has ended. Nobody is asked for venues, so no venue is always 0.",
        """
[venues_open]
table = "venues"
stock = { ends = "closed_on" }
""",
        """
        indicator   | unit | period  | value | records | asked
        venues_open | C    | 2022    | 2     | 2       | 0
        venues_open | C    | 2023    | 2     | 2       | 0
        venues_open | C    | 2023-Q1 | 3     | 3       | 0
        venues_open | B    | 2022    | 0     | 0       | 0
        """,
        venues="""
        unit | opened_on  | places | closed_on
        A    | 2015-04-01 | 30     |
        A1   | 2022-12-31 | 50     | 2023-12-31
        B    | 2023-02-01 | 20     | 2024-03-01
        """,
    ),
    Case(
        "date",
        "Another column places the rows in periods. A row without that day is in no period.",
        """
[settled]
table = "meetings"
count = true
date = "closed_on"
""",
        """
        indicator | unit | period  | value
        settled   | A    | 2023-Q1 | 0
        settled   | A    | 2023-Q2 | 1
        settled   | A    | 2023    | 1
        """,
        """
        unit | held_on    | closed_on
        A    | 2023-01-10 | 2023-04-01
        A    | 2023-01-11 |
        """,
    ),
]
