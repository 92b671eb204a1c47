"""Definitions and rows that two engines would count differently, left to themselves, and
Spark's settings for few rows."""

# Few rows: one task a step, and no code compiled for it.
FEW_ROWS = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
DEFINITIONS = "".join(
    f'[{name}]\nlabel = {{ zh = "会", en = "m" }}\nuom = {{ zh = "次", en = "m" }}\n'
    f'table = "meetings"\n{measure}\n'
    for name, measure in {
        "rounded": 'count = true\nwhere = "round(hours * 1, 2) = 2.67"',
        "days": 'count = true\nwhere = "closed_on - held_on = 31 and year(held_on) = 2023"',
        "quoted": r"""count = true
where = "topic like 'a\\'' %' or topic = 'a'' \"b'"
""",
        "halved": 'count = true\nwhere = "attended / nullif(seats, 0) > 0.5"',
        "large": 'sum = "seats"',
        "hours": 'sum = "hours"',
        "newest": 'last = "hours"',
        "usual": 'median = "hours"',
    }.items()
)
MEETINGS = f"""
unit | held_on    | closed_on  | topic  | attended | seats     | hours
A1   | 2023-01-01 | 2023-02-01 | a\\' x | 12       | {2**63 - 1} | 2.675
A2   | 2023-03-02 | 2023-04-02 | a' "b  | 3        | {2**63 - 1} | 2.6650
B1   | 2023-03-02 |            | a'     | 7        | 0         | 2.6749
A1   | 2023-03-02 | 2023-05-02 | ab x   | 7        | 12        | 0.0001
"""
