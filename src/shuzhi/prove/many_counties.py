"""One county many times over, under a province: as large a source as is asked for."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.ledgers.model import RECORD_ID, Ledgers
from shuzhi.packs.model import Pack, Role, Table
from shuzhi.units import UnitSpan, UnitTree

_PROVINCE = "province"


def many_counties(ledgers: Ledgers, pack: Pack, rows: int) -> Ledgers:
    """Ledgers with so many rows or a few more, without returns. Persons are the same in all
    counties, so that distinct counts meet at the top."""
    own = sum(len(table) for table in ledgers.tables.values())
    copies = -(-rows // own)
    return Ledgers(
        {name: _table(pack.tables[name], table, copies) for name, table in ledgers.tables.items()},
        UnitTree(_spans(ledgers.units, copies)),
        (), (), (), (),
    )  # fmt: skip


def _spans(tree: UnitTree, copies: int) -> list[UnitSpan]:
    first = min(span.valid_from for span in tree.spans)
    spans = [UnitSpan(_PROVINCE, _PROVINCE, _PROVINCE, "", first)]
    for number in range(copies):
        prefix = _prefix(number)
        spans += [
            replace(
                span,
                code=prefix + span.code,
                parent=prefix + span.parent if span.parent else _PROVINCE,
                successor=prefix + span.successor if span.successor else "",
            )
            for span in tree.spans
        ]
    return spans


def _table(table: Table, rows: pa.Table, copies: int) -> pa.Table:
    names = [c.name for c in table.columns if c.role in (Role.UNIT, Role.UNIT_REF)]
    return pa.concat_tables(
        [_prefixed(rows, [*names, RECORD_ID], _prefix(number)) for number in range(copies)]
    )


def _prefixed(rows: pa.Table, names: list[str], prefix: str) -> pa.Table:
    for name in names:
        place = rows.column_names.index(name)
        longer = pc.binary_join_element_wise(pa.scalar(prefix), rows[name], "")
        rows = rows.set_column(place, rows.schema.field(name), longer)
    return rows


def _prefix(number: int) -> str:
    return f"{number:04d}-"
