"""A total that is not the sum of its parts, within one record."""

from collections.abc import Iterator

from shuzhi.checks.rows import key_columns, written
from shuzhi.checks.rule import Case, Check, Doubt, NoSettings
from shuzhi.packs.model import Table


def _find(case: Case, settings: NoSettings) -> Iterator[Doubt]:
    for table in case.pack.tables.values():
        for total, parts in table.sums.items():
            yield from _mismatches(case, table, total, parts)


def _mismatches(case: Case, table: Table, total: str, parts: tuple[str, ...]) -> Iterator[Doubt]:
    columns = [*key_columns(table), total, *parts]
    for record, unit, day, stated, *values in case.rows(table.name, columns):
        # A part left blank is unknown: nothing can be said about such a total.
        if stated is None or None in values or stated == sum(values):
            continue
        yield Doubt(
            table.name,
            unit,
            (record,),
            day=day,
            about=total,
            values={
                "record": record,
                "column": table.column(total).label,
                "value": written(stated),
                "sum": written(sum(values)),
            },
        )


CHECK = Check(
    name="sum_mismatch",
    title={"zh": "合计与分项不符", "en": "Total is not the sum of its parts"},
    question={
        "zh": "{unit}“{table}”中 {record} 的{column}为 {value}，各分项之和为 {sum}。以哪个为准？",
        "en": "In “{table}” of {unit}, {column} of {record} is {value}, its parts add up to "
        "{sum}. Which is right?",
    },
    explanation={
        "zh": "可能合计含有未列出的其他项，或分项有四舍五入。",
        "en": "The total may hold something that has no column, or the parts were rounded.",
    },
    settings=NoSettings,
    find=_find,
)
