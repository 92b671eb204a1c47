"""The least, the greatest and the last value of every unit and period: what is greatest in each
cell, then along the tree, then over the slots of each period."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.engines.masks import Mask
from shuzhi.engines.placed_rows import PlacedRows
from shuzhi.engines.plan import Counts, Numbers
from shuzhi.ledgers.model import RECORD_ID
from shuzhi.packs.model import MeasureKind

LEAST = np.iinfo(np.int64).min


def greatest(rows: PlacedRows, numbers: Numbers, kind: MeasureKind, counted: Mask) -> Counts:
    """The number that the measure takes of the rows that count for it.

    Shape: `numbers` one per row; the answer units, periods. Missing: any number, where no row
    counts.
    """
    kept = rows.that_count(counted)
    if kind is MeasureKind.LAST:
        return _last(rows, numbers, kept)
    sign = -1 if kind is MeasureKind.MIN else 1
    return sign * _over_all(rows, _in_cells(rows, sign * numbers[kept], kept))


def _last(rows: PlacedRows, numbers: Numbers, kept: Counts) -> Counts:
    """Of the rows of the latest day of each cell, the one whose record id comes last: these few
    are put in order, and the last place is taken along the tree."""
    days = rows.days(rows.date)[kept]
    latest = _in_cells(rows, days, kept).reshape(-1)
    candidates = kept[days == latest[rows.cells[kept]]]
    by = pa.table({"day": rows.days(rows.date)[candidates],
                   "record": rows.texts(RECORD_ID, candidates)})  # fmt: skip
    order = pc.sort_indices(by, [("day", "ascending"), ("record", "ascending")]).to_numpy()
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    last = _over_all(rows, _in_cells(rows, places, candidates))
    if not len(order):
        return np.zeros_like(last)
    found: Counts = numbers[candidates[order[np.maximum(last, 0)]]].astype(np.int64)
    return found


def _in_cells(rows: PlacedRows, keys: Numbers, kept: Counts) -> Counts:
    """The greatest key of each cell. Shape: nodes, slots. Missing: `LEAST`."""
    found = np.full(rows.forest.length * rows.slots.length, LEAST, dtype=np.int64)
    cells = rows.cells[kept]
    if len(cells):
        starts = np.flatnonzero(np.concatenate([[True], cells[1:] != cells[:-1]]))
        found[cells[starts]] = np.maximum.reduceat(keys, starts)
    return found.reshape(rows.forest.length, rows.slots.length)


def _over_all(rows: PlacedRows, cells: Counts) -> Counts:
    rows.forest.hierarchy.roll_up(cells, np.maximum)
    units = rows.forest.of_units(cells, np.maximum)
    runs = [units[:, slice(*run)].max(axis=1, initial=LEAST) for run in rows.slots.runs]
    return np.stack(runs, axis=1)
