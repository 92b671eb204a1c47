"""Several sets of a few rows of one table, measured in one pass: each under a tree of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.engines.duckdb import DuckDBEngine
from shuzhi.engines.plan import Grid, Scan
from shuzhi.figures.narrowing import tree_around
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Column, ColumnType, Pack, Role
from shuzhi.units import UnitSpan, UnitTree

# The column that says whose a row is, in the set it stands in. No column of a pack is called so.
_WHOSE = Column("_whose", ColumnType.STRING, {"zh": "", "en": ""}, Role.UNIT)


@dataclass(frozen=True)
class Rows:
    """Some rows of a table, to be measured for some units; with None, each row for itself."""

    rows: pa.Table
    units: Sequence[str] | None


def measure_side_by_side(
    ledgers: Ledgers, pack: Pack, scan: Scan, sets: Mapping[str, Rows]
) -> dict[str, dict[str, Grid]]:
    """For each set the grids of the scan over its rows, for its units in their order, or for each
    of its rows."""
    table = pack.tables[scan.table]
    unit = table.unit_column.name
    spans: list[UnitSpan] = []
    parts: list[pa.Table] = []
    asked: list[list[str]] = []
    for number, each in enumerate(sets.values()):
        if each.units is None:
            codes = [_in_set(f"{row}", number) for row in range(len(each.rows))]
            whose = pa.array(codes, pa.string())
            spans += [UnitSpan(code, "", "", "", date.min) for code in codes]
        else:
            named = pc.unique(each.rows[unit]).drop_null().to_pylist()
            known = {*each.units, *(code for code in named if code in ledgers.units.by_code)}
            tree = tree_around(ledgers.units, sorted(known))
            spans += [_copied(span, number) for span in tree.spans]
            whose = pc.binary_join_element_wise(f"{number}", each.rows[unit], ":")
            codes = [_in_set(code, number) for code in each.units]
        parts.append(each.rows.append_column(_WHOSE.name, whose))
        asked.append(codes)
    few = replace(ledgers, tables={scan.table: pa.concat_tables(parts)}, units=UnitTree(spans))
    apart = replace(table, columns=(_WHOSE, *table.columns))
    tables = {**pack.tables, scan.table: apart}
    with DuckDBEngine(few, replace(pack, tables=tables), kernel_from=0) as engine:
        grids = dict(engine.grids(replace(scan, units=tuple(chain(*asked)))))
    found: dict[str, dict[str, Grid]] = {}
    begin = 0
    for name, codes in zip(sets, asked, strict=True):
        end = begin + len(codes)
        found[name] = {
            measure: Grid(grid.periods, grid.values[begin:end], grid.records[begin:end])
            for measure, grid in grids.items()
        }
        begin = end
    return found


def _in_set(code: str, number: int) -> str:
    return f"{number}:{code}" if code else ""


def _copied(span: UnitSpan, number: int) -> UnitSpan:
    return replace(
        span, code=_in_set(span.code, number), parent=_in_set(span.parent, number),
        successor=_in_set(span.successor, number),
    )  # fmt: skip
