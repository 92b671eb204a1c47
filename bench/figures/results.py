"""Results as contenders write them: one Parquet file, or a folder of them, read cell by cell.

A long file has the columns indicator, unit, period, value, records; others are not read. A wide one
has unit, period, and for each of its indicators NAME (a number) and NAME__n (how many records);
NAME__n is left out where the records are the value, as for a count or a stock. An indicator stands
in one file. A cell without records (null or 0) is none, whatever its value.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
PERIODS = (
    *(f"2025-{month:02}" for month in range(1, 13)), *(f"2025-Q{n}" for n in range(1, 5)), "2025",
)  # fmt: skip
_PLACES = 6
_EXACT = 2.0**52  # above it a product with 10**6 may not be told from its neighbours
_RECORDS = "__n"


@dataclass(frozen=True)
class Cells:
    """Some cells of one indicator. `keys` are unit · 17 + period, by their places."""

    indicator: str
    keys: Ints
    values: Floats
    records: Ints


def read_cells(result: Path, units: Sequence[str], wanted: str = "") -> Iterator[Cells]:
    """The cells of a result in pieces, values as they are given out; of one indicator if asked."""
    files = sorted(result.glob("**/*.parquet")) if result.is_dir() else [result]
    known = pa.array(units)
    for path in files:
        with pq.ParquetFile(path) as file:
            if "indicator" in file.schema_arrow.names:
                yield from _long_cells(file, known, wanted)
            else:
                yield from _wide_cells(file, known, wanted)


def rounded(values: Floats) -> Floats:
    """Half to even at 6 places and never -0, exactly as Python rounds a float."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values * 10.0**_PLACES
        found = np.rint(scaled) / 10.0**_PLACES
        unsure = np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) < 1e-3
        unsure |= ~(np.abs(scaled) < _EXACT)
    for place in np.flatnonzero(unsure).tolist():
        found[place] = round(float(values[place]), _PLACES)
    return found + 0.0


def _long_cells(file: pq.ParquetFile, known: pa.Array, wanted: str) -> Iterator[Cells]:
    columns = ["indicator", "unit", "period", "value", "records"]
    for number in range(file.num_row_groups):
        table = file.read_row_group(number, columns=columns)
        if wanted:
            table = table.filter(pc.equal(table["indicator"], wanted))
        encoded = pc.dictionary_encode(table["indicator"].combine_chunks())
        names = encoded.indices.to_numpy(zero_copy_only=False)
        keys = _keys(table, known)
        for place, name in enumerate(encoded.dictionary.to_pylist()):
            mine = np.flatnonzero(names == place)
            part = table.take(pa.array(mine))
            yield _cells(name, keys[mine], part["value"], part["records"])


def _wide_cells(file: pq.ParquetFile, known: pa.Array, wanted: str) -> Iterator[Cells]:
    names = [
        name
        for name in file.schema_arrow.names
        if name not in ("unit", "period") and not name.endswith(_RECORDS)
    ]
    if wanted and wanted not in names:
        return
    keys = _keys(file.read(columns=["unit", "period"]), known)
    has_records = set(file.schema_arrow.names)
    for name in [wanted] if wanted else names:
        records = f"{name}{_RECORDS}" if f"{name}{_RECORDS}" in has_records else name
        table = file.read(columns=list(dict.fromkeys([name, records])))
        yield _cells(name, keys, table[name], table[records])


def _keys(table: pa.Table, known: pa.Array) -> Ints:
    places = [
        pc.index_in(table[column].cast(pa.string()), pa.array(values))
        for column, values in (("unit", known), ("period", PERIODS))
    ]
    if any(place.null_count for place in places):
        raise ValueError("a result names a unit or a period that is not asked for")
    unit, period = (place.to_numpy().astype(np.int64) for place in places)
    return unit * len(PERIODS) + period


def _cells(name: str, keys: Ints, values: pa.ChunkedArray, records: pa.ChunkedArray) -> Cells:
    counted = records.cast(pa.int64()).fill_null(0).to_numpy()
    there = np.flatnonzero(counted)
    found = values.cast(pa.float64()).fill_null(np.nan).to_numpy()[there]
    return Cells(name, keys[there], rounded(found), counted[there])
