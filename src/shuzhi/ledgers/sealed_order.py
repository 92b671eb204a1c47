"""The order in which records are sealed: units as they stand in the tree, then days, then ids. What
belongs to a unit and to all below it lies together."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.ledgers.model import RECORD_ID
from shuzhi.ledgers.sealed_tables import Places, StoredTables
from shuzhi.packs.model import Pack, Role, Table
from shuzhi.units import UnitTree


def sealed_units(tree: UnitTree, pack: Pack) -> pa.Array:
    """The codes of all units in the order of their records."""
    return pa.array(tree.in_pre_order(pack.collects_until), pa.string())


def order_of_rows(table: Table, ledger: pa.Table, units: pa.Array) -> Places:
    """The places of the rows of a ledger, in the sealed order. Missing: a unit that is none of
    the tree, and a day that is not there, come last."""
    unit, day = table.column_with(Role.UNIT), table.column_with(Role.DATE)
    keys: dict[str, pa.ChunkedArray] = {}
    if unit is not None:
        keys["unit"] = pc.index_in(ledger[unit.name], units)
    if day is not None:
        keys["day"] = ledger[day.name]
    keys["record"] = ledger[RECORD_ID]
    found: Places = pc.sort_indices(
        pa.table(keys), [(name, "ascending") for name in keys]
    ).to_numpy()
    return found.astype(np.int64)


def places_among(table: Table, earlier: StoredTables, came: pa.Table, units: pa.Array) -> Places:
    """Before which place of the sealed table each row of `came`, in the sealed order, stands."""
    unit, day = table.column_with(Role.UNIT), table.column_with(Role.DATE)
    keys = [column.name for column in (unit, day) if column is not None] + [RECORD_ID]
    begins = _begins(table, earlier, units)
    blocks = _blocks(came, unit.name if unit else "", units)
    neighbours = np.concatenate(
        [np.arange(begins[block], begins[block + 1]) for block in np.unique(blocks).tolist()]
        or [np.zeros(0, dtype=np.int64)]
    )
    both = pa.concat_tables([earlier.at(table.name, neighbours, keys), came.select(keys)])
    order = order_of_rows(table, both, units)
    is_neighbour = order < len(neighbours)
    passed = np.cumsum(is_neighbour)[~is_neighbour]  # neighbours before each row that came
    behind = np.append(-1, neighbours)[passed] + 1
    found: Places = np.maximum(behind, begins[blocks])
    return found


def _blocks(rows: pa.Table, unit_column: str, units: pa.Array) -> Places:
    """The number of each row's unit; those of no known unit share the last one."""
    if not unit_column:
        return np.zeros(len(rows), dtype=np.int64)
    found: Places = pc.index_in(rows[unit_column], units).fill_null(len(units)).to_numpy()
    return found.astype(np.int64)


def _begins(table: Table, earlier: StoredTables, units: pa.Array) -> Places:
    """Where each block of the sealed table begins, and at its end how many rows there are."""
    unit = table.column_with(Role.UNIT)
    if unit is None:
        return np.array([0, earlier.rows(table.name)], dtype=np.int64)
    counts = np.zeros(len(units) + 1, dtype=np.int64)
    for part in earlier.batches(table.name, [unit.name]):
        for chunk in part[unit.name].chunks:
            number = pc.index_in(chunk.dictionary, units).fill_null(len(units)).to_numpy()
            number = np.append(number, len(units))
            of_rows = chunk.indices.fill_null(len(number) - 1).to_numpy()
            met = np.bincount(of_rows, minlength=len(number))
            np.add.at(counts, number, met)
    return np.append(0, np.cumsum(counts))
