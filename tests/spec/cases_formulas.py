"""Formulas, targets and shifted periods"""

from case import Case

MEETINGS = """
unit | held_on    | kind  | attended
A    | 2022-02-01 | work  | 10
A    | 2022-08-01 | work  | 20
A    | 2023-02-01 | study | 30
A    | 2023-03-01 | work  | 5
B    | 2023-05-01 | work  | 7
A    | 2023-08-01 | work  | 9
"""
HELD = '[held]\ntable = "meetings"\ncount = true\n'

CASES = [
    Case(
        "formula",
        "The operands are aggregated first, then combined. Records add up; the figure is as well "
        "reported as its worst operand.",
        HELD
        + """
[attended]
table = "meetings"
sum = "attended"
[per_meeting]
formula = "attended / held"
[balance]
formula = "-(held - 10) * 0.5"
""",
        """
        indicator   | unit | period | value | records
        per_meeting | C    | 2023   | 12.75 | 8
        balance     | C    | 2023   | 3     | 4
        """,
        MEETINGS,
    ),
    Case(
        "last_year, year_to_date",
        "The same period one year earlier; and from 1 January to the period's end.",
        HELD
        + """
[change]
formula = "held - last_year(held)"
[so_far]
formula = "year_to_date(held)"
""",
        """
        indicator | unit | period  | value
        change    | A    | 2023    | 1
        change    | A    | 2023-Q1 | 1
        so_far    | C    | 2023-Q2 | 3
        so_far    | C    | 2023-08 | 4
        so_far    | C    | 2023-Q1 | 2
        """,
        MEETINGS,
    ),
    Case(
        "shift",
        "An indicator that always looks at another period.",
        """
[held_before]
table = "meetings"
count = true
shift = "previous_year"
[held_so_far]
table = "meetings"
count = true
shift = "year_to_date"
""",
        """
        indicator   | unit | period  | value
        held_before | A    | 2023    | 2
        held_before | A    | 2023-Q3 | 1
        held_so_far | A    | 2023-Q3 | 3
        """,
        MEETINGS,
    ),
    Case(
        "target",
        "A number, or the figure of another indicator.",
        HELD.strip()
        + """
target = "planned"
better = "more"
[planned]
formula = "2 * units_below(township)"
[studied]
table = "meetings"
count = true
where = "kind = 'study'"
target = 3
better = "more"
[short]
formula = "target(held) - held"
[short_of_study]
formula = "target(studied) - studied"
""",
        """
        indicator      | unit | period | value | records | asked | reported
        planned        | C    | 2023   | 4     | 0       | 0     | 0
        planned        | A    | 2023   | 2     | 0       | 0     | 0
        short          | C    | 2023   | 0     | 4       | 2     | 0
        short          | A    | 2023   | -1    | 3       | 1     | 0
        short_of_study | C    | 2023   | 2     | 1       | 2     | 2
        """,
        MEETINGS,
    ),
    Case(
        "reporting_rate, units_below",
        "100 × units that reported ÷ units asked; and the units of a level at or below, on the "
        "period's last day.",
        """
[heard]
formula = "reporting_rate(meetings)"
[villages]
formula = "units_below(village)"
""",
        """
        indicator | unit | period  | value | asked | reported
        heard     | C    | 2023-Q1 | 50    | 2     | 1
        heard     | C    | 2023-Q2 | 100   | 2     | 2
        heard     | C    | 2023    | 50    | 2     | 1
        heard     | A1   | 2023-Q1 | 0     | 1     | 0
        villages  | C    | 2023    | 3     | 0     | 0
        villages  | A    | 2023    | 2     | 0     | 0
        villages  | A1   | 2023    | 1     | 0     | 0
        """,
        returns="unit | period | state\nA | 2023-Q1 | silent",
    ),
    Case(
        "over_time, over_units",
        "The measure is taken for every unit's own rows and every month, then combined over the "
        "months and over the units. A month without rows is 0 for counts and sums, and left out "
        "for others; a unit without rows adds nothing and is in no average.",
        """
[peak]
table = "meetings"
sum = "attended"
over_time = "max"
over_units = "sum"
[usual]
table = "meetings"
count = true
over_time = "average"
over_units = "average"
[longest]
table = "meetings"
max = "attended"
over_time = "average"
over_units = "min"
""",
        """
        indicator | unit | period  | value          | records
        peak      | C    | 2023    | 37             | 4
        peak      | A    | 2023    | 30             | 3
        peak      | A2   | 2023    | 0              | 0
        usual     | C    | 2023-Q1 | 0.666667       | 2
        usual     | C    | 2023    | 0.166667       | 4
        longest   | C    | 2023    | 7              | 4
        longest   | A2   | 2023    | not_applicable | 0
        """,
        MEETINGS,
    ),
]
