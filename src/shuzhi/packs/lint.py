"""What a pack may do but had better not, and what it costs those who fill it in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

from shuzhi.packs.complaints import Complaint
from shuzhi.packs.load import examine_pack
from shuzhi.packs.model import Column, ColumnType, Pack, Role, Table
from shuzhi.packs.tables import normalize_header
from shuzhi.packs.uses import columns_of, form_minutes, mentioned
from shuzhi.periods import PeriodKind

_RETURNS_A_YEAR: Mapping[PeriodKind, int] = {
    PeriodKind.MONTH: 12,
    PeriodKind.QUARTER: 4,
    PeriodKind.HALF: 2,
    PeriodKind.YEAR: 1,
}
# What names, places and shows a record; asked for in every table that has it.
_FRAME = frozenset({Role.ID, Role.UNIT, Role.UNIT_REF, Role.DATE, Role.UOM, Role.EVIDENCE})
_PERSONAL = re.compile(
    r"姓名|身份证|手机号|联系电话|联系方式|出生|住址|\b(id card|phone|mobile|birth|home address)\b"
)


@dataclass(frozen=True)
class LevelLoad:
    """The minutes a year that one unit of `level` spends on the pack, and on each table."""

    level: str
    minutes: float
    tables: Mapping[str, float]


@dataclass(frozen=True)
class LintReport:
    """`complaints` refuse the pack (those of later stages are text); `warnings` do not. `load` has
    one entry a level, top down.

    Missing: where there are complaints, `warnings` and `load` are empty.
    """

    complaints: tuple[Complaint | str, ...]
    warnings: tuple[Complaint, ...] = ()
    load: tuple[LevelLoad, ...] = ()


def lint_pack(path: Path) -> LintReport:
    """Everything there is to say about the pack in the folder `path`."""
    examination = examine_pack(path)
    pack = examination.pack
    if pack is None:
        return LintReport(examination.complaints)
    warnings = (
        *_columns_that_feed_nothing(pack),
        *_columns_asked_twice(pack),
        *_columns_perhaps_personal(pack),
        *_tables_kept_for_ever(pack),
    )
    return LintReport((), warnings, tuple(_load(pack, level.code) for level in pack.levels))


def _columns_that_feed_nothing(pack: Pack) -> Iterator[Complaint]:
    named = set(mentioned((pack.checks, pack.scorecard, pack.report)))
    used = _used_by_indicators(pack)
    for table in _asked_tables(pack):
        parts = {name for total, parts in table.sums.items() for name in (total, *parts)}
        for column in table.columns:
            path = f"{table.name}.{column.name}"
            fed = column.feeds or path in used or column.name in parts
            fed = fed or column.name in table.primary_key or column.role in _FRAME
            if not fed and not named & {column.name, path}:
                yield _warning(
                    table,
                    column,
                    "no indicator, check or page uses it, and units spend time on it",
                    'ask no longer, or name its use in "shuzhi:feeds"',
                )


def _used_by_indicators(pack: Pack) -> frozenset[str]:
    measures = (i.measure for i in pack.indicators.values() if i.measure is not None)
    return frozenset(
        f"{measure.table}.{name}" for measure in measures for name in columns_of(measure)
    )


def _columns_asked_twice(pack: Pack) -> Iterator[Complaint]:
    """Numbers and yes-or-no asked of the same units in two tables: the label of one is a label or
    synonym of the other. Days and texts are each event's own."""
    for first, second in combinations(_asked_tables(pack), 2):
        if not set(first.asked.levels) & set(second.asked.levels):
            continue
        for other, column in product(_facts(first), _facts(second)):
            shared = _labels(column) & _spellings(other) | _labels(other) & _spellings(column)
            if shared and column.type is other.type:
                yield _warning(
                    second,
                    column,
                    f"{first.name}.{other.name} asks the same units for {min(shared)!r} too",
                    "ask once, or give them labels and synonyms that differ",
                )


def _facts(table: Table) -> list[Column]:
    compared = (ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.BOOLEAN)
    return [column for column in table.columns if column.type in compared]


def _labels(column: Column) -> set[str]:
    return {normalize_header(text) for text in column.label.values()}


def _spellings(column: Column) -> set[str]:
    return _labels(column) | {normalize_header(text) for text in column.synonyms}


def _columns_perhaps_personal(pack: Pack) -> Iterator[Complaint]:
    for table in pack.tables.values():
        for column in table.columns:
            texts = " ".join((column.name.replace("_", " "), *column.label.values())).lower()
            match = _PERSONAL.search(texts)
            if match and column.role is not Role.PERSON and not table.is_units:
                yield _warning(
                    table,
                    column,
                    f"{match[0]!r} looks like a datum about a person",
                    'give it "shuzhi:role": "person", or do not ask for it',
                )


def _tables_kept_for_ever(pack: Pack) -> Iterator[Complaint]:
    for table in pack.tables.values():
        if not table.retention_years:
            yield Complaint(
                _file(table),
                "shuzhi:retention",
                "nothing says how long the records are kept",
                'write "shuzhi:retention": {"years": 10}',
            )


def _load(pack: Pack, level: str) -> LevelLoad:
    tables = {
        table.name: round(
            form_minutes(table) * table.rows_per_return * _RETURNS_A_YEAR[table.asked.every],
            2,
        )
        for table in _asked_tables(pack)
        if level in table.asked.levels
    }
    return LevelLoad(level, round(sum(tables.values()), 2), tables)


def _asked_tables(pack: Pack) -> list[Table]:
    return [table for table in pack.tables.values() if table.asked.levels]


def _warning(table: Table, column: Column, what: str, remedy: str) -> Complaint:
    return Complaint(_file(table), f"fields[{column.name}]", what, remedy)


def _file(table: Table) -> str:
    return f"tables/{table.name}.json"
