"""Ledgers with the rows that can count for some units, and no others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from shuzhi.engines.plan import Scan
from shuzhi.engines.span_columns import owners, span_columns
from shuzhi.ledgers.model import PROVENANCE, Ledgers, arrow_schema
from shuzhi.ledgers.scanning import count_rows, rows_of_units
from shuzhi.ledgers.sealed_parts import SealedPart
from shuzhi.ledgers.sealed_tables import StoredTables
from shuzhi.packs.model import Pack, Role
from shuzhi.units import UnitTree

# From so many rows on a table is worth looking up where its units' rows lie.
_WORTH_IT = 100_000
_AT_MOST = 0.25  # of all units


def narrowed(
    ledgers: Ledgers, pack: Pack, units: Sequence[str], tree_as_of: date | None,
    scans: Sequence[Scan] = (),
) -> Ledgers:  # fmt: skip
    """The ledgers themselves; of an edition with large tables, where few units are asked for, with
    only the rows that can count for these, the units that they name and those above them. Of the
    tables of `scans` only the columns that these read are there."""
    tables = ledgers.tables
    if not isinstance(tables, StoredTables):
        return ledgers
    read = {scan.table: _columns_read(scans, scan.table, pack) for scan in scans}
    large = {
        name: read.get(name) or arrow_schema(table).names
        for name, table in pack.tables.items()
        if table.column_with(Role.UNIT) and count_rows(ledgers, name) >= _WORTH_IT
    }
    if not large:
        return ledgers
    concerned = units_concerned(ledgers.units, units, tree_as_of)
    if len(concerned) > _AT_MOST * len(ledgers.units.codes):
        return ledgers
    tree = tree_around(ledgers.units, concerned)
    returns = ledgers.returns
    if isinstance(returns, SealedPart):
        returns = returns.where("unit", tree.codes)
    tables = _NarrowedTables(ledgers, pack, large, concerned)
    return replace(ledgers, tables=tables, units=tree, returns=returns)


def _columns_read(scans: Sequence[Scan], table: str, pack: Pack) -> list[str]:
    """What the scans of a table read, and what says where a row was written."""
    names = [pack.tables[table].unit_column.name, *PROVENANCE]
    for scan in scans:
        if scan.table == table:
            names += [scan.date, scan.ends]
            for measure in scan.measures.values():
                names.append(measure.column)
                for predicate in (measure.where, measure.share_of):
                    names += predicate.columns if predicate else ()
    return [name for name in dict.fromkeys(names) if name]


def tree_around(tree: UnitTree, units: Sequence[str]) -> UnitTree:
    """The units with all that ever stood above them or succeeds them."""
    found, waiting = set(units), list(units)
    while waiting:
        spans = tree.by_code[waiting.pop()]
        named = {code for span in spans for code in (span.parent, span.successor) if code}
        waiting += named - found
        found |= named
    return UnitTree(span for code in found for span in tree.by_code[code])


def units_concerned(tree: UnitTree, units: Sequence[str], tree_as_of: date | None) -> list[str]:
    """The units whose rows can count for one of `units` on any day."""
    spans = span_columns(tree)
    days = [date.min, *tree.moves] if tree_as_of is None else [tree_as_of]
    below = [spans.at_or_below(spans.number[unit], days) for unit in units]
    is_below = np.zeros(len(tree.codes), dtype=np.bool_)
    is_below[np.concatenate(below)] = True
    if tree_as_of is not None:
        is_below = is_below[[spans.number[code] for code in owners(tree, tree_as_of)]]
    return [tree.codes[place] for place in np.flatnonzero(is_below).tolist()]


class _NarrowedTables(Mapping[str, pa.Table]):
    """The tables of some ledgers; of the large ones the rows of the units, once asked for."""

    def __init__(
        self, ledgers: Ledgers, pack: Pack, large: Mapping[str, Sequence[str]],
        units: Sequence[str],
    ) -> None:  # fmt: skip
        self._ledgers = ledgers
        self._pack = pack
        self._large = large  # the large ones, each with its columns
        self._units = units
        self._read: dict[str, pa.Table] = {}

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._large:
            return self._ledgers.tables[name]
        if name not in self._read:
            unit = self._pack.tables[name].unit_column.name
            self._read[name] = rows_of_units(
                self._ledgers, name, unit, self._units, self._large[name]
            )
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ledgers.tables)

    def __len__(self) -> int:
        return len(self._ledgers.tables)
