"""More people than the place holds, or than were expected."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shuzhi.checks.rows import key_columns, written
from shuzhi.checks.rule import Case, Check, Doubt, setting
from shuzhi.packs.section import Section


@dataclass(frozen=True)
class Comparison:
    """`column` of `table` is held against `limit`: of the same record, or of the record of
    `limit_table` whose `key` equals this record's `by` (within the unit, where `by` is a name
    that several units may use)."""

    table: str
    column: str
    limit_table: str
    limit: str
    by: str
    key: str
    within_unit: bool


@dataclass(frozen=True)
class OverCapacitySettings:
    compare: tuple[Comparison, ...] = setting(
        "Entries { column, limit } of one table, or { column, limit, by, key, within_unit } where "
        "the limit stands in another: both columns written `table.column`; `by` is the column "
        "here and `key` the column there that name the place; `within_unit` says that such names "
        "are unique only within a unit.",
        lambda section, key: section.each(key, _read_comparison),
    )


def _read_comparison(section: Section) -> Comparison:
    section.refuse_unknown(("column", "limit", "by", "key", "within_unit"))
    table, column = section.column_path("column")
    limit_table, limit = section.column_path("limit")
    by = key = ""
    if table != limit_table and table and limit_table:
        by = section.column_of("by", table)
        key = section.column_of("key", limit_table)
    return Comparison(table, column, limit_table, limit, by, key, section.flag("within_unit"))


def _find(case: Case, settings: OverCapacitySettings) -> Iterator[Doubt]:
    for comparison in settings.compare:
        table = case.pack.tables[comparison.table]
        label = table.column(comparison.column).label
        limit_label = case.pack.tables[comparison.limit_table].column(comparison.limit).label
        for record, unit, day, value, limit in _measured(case, comparison):
            if value is not None and limit is not None and value > limit:
                yield Doubt(
                    comparison.table,
                    unit,
                    (record,),
                    day=day,
                    about=f"{comparison.column}>{comparison.limit}",
                    values={
                        "record": record,
                        "column": label,
                        "value": written(value),
                        "limit_column": limit_label,
                        "limit": written(limit),
                    },
                )


def _measured(case: Case, comparison: Comparison) -> Iterator[tuple[Any, ...]]:
    record, unit, day = key_columns(case.pack.tables[comparison.table])
    columns = [record, unit, day, comparison.column]
    if not comparison.by:
        yield from case.rows(comparison.table, [*columns, comparison.limit])
        return
    limits = _limits(case, comparison)
    for *row, place in case.rows(comparison.table, [*columns, comparison.by]):
        yield *row, limits.get((row[1], place) if comparison.within_unit else place)


def _limits(case: Case, comparison: Comparison) -> Mapping[Hashable, Any]:
    """The limit of every place; the highest one where the place was entered several times."""
    unit = case.pack.tables[comparison.limit_table].unit_column.name
    limits: dict[Hashable, Any] = {}
    columns = [unit, comparison.key, comparison.limit]
    for owner, place, limit in case.rows(comparison.limit_table, columns):
        if place is not None and limit is not None:
            name = (owner, place) if comparison.within_unit else place
            limits[name] = max(limit, limits.get(name, limit))
    return limits


CHECK = Check(
    name="over_capacity",
    title={"zh": "超出容量或应到人数", "en": "Above capacity"},
    question={
        "zh": "{unit}“{table}”中 {record} 的{column}为 {value}，超过{limit_column} {limit}。"
        "数字是否有误？",
        "en": "In “{table}” of {unit}, {column} of {record} is {value}, above {limit_column} "
        "{limit}. Is the number right?",
    },
    explanation={
        "zh": "可能有列席人员、分场次累计，或场所容量登记有误。",
        "en": "There may have been guests, several sittings added up, or the capacity on record "
        "is wrong.",
    },
    settings=OverCapacitySettings,
    find=_find,
)
