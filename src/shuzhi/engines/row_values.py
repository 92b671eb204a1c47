"""The values of rows by number: each value once, and for each row which one it has."""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.engines.plan import Numbers

Places = npt.NDArray[np.int32]
_FITS_A_TABLE = 1 << 20
_NEAR_EACH_OTHER = 1 << 16
_ROWS_A_PART = 1 << 23
_NO_VALUE = np.int32(-1)


def numbered(values: pa.ChunkedArray) -> tuple[pa.Array, Places]:
    """Each value once, in no order, and the place of each row's own. Missing: a row without a
    value stands at the place behind the last one."""
    if pa.types.is_dictionary(values.type):
        parts = values.unify_dictionaries().chunks
    elif (near := _near_each_other(values)) is not None:
        return near
    else:
        parts = [values.combine_chunks().dictionary_encode()]
    distinct = parts[0].dictionary if parts else pa.array([], values.type.value_type)
    places, begin = np.empty(len(values), dtype=np.int32), 0
    for part in parts:
        places[begin : begin + len(part)] = part.indices.fill_null(len(distinct)).to_numpy()
        begin += len(part)
    return distinct, places


def numbered_by_parts(chunks: Iterable[pa.Array], rows: int) -> tuple[int, Places]:
    """How many values there are, and the place of each row's own, as `numbered` has them; of a
    column of so many rows, too long to be held whole."""
    places, begin = np.empty(rows, dtype=np.int32), 0
    known = pa.array([])
    for some in _by_rows(chunks):
        distinct, of_part = numbered(some)
        known, new = _with_more(known, distinct) if begin else (distinct, np.arange(len(distinct)))
        of_values = np.append(new, _NO_VALUE).astype(np.int32)
        places[begin : begin + len(some)] = of_values[of_part]
        begin += len(some)
    places[places == _NO_VALUE] = len(known)
    return len(known), places


def _with_more(known: pa.Array, distinct: pa.Array) -> tuple[pa.Array, Places]:
    """The known values and behind them those of `distinct` that are new; and the place of each of
    `distinct` among them."""
    both = pa.chunked_array(
        [
            pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), values)
            for numbers, values in (([], known), (np.arange(len(distinct)), distinct))
        ]
    ).unify_dictionaries()
    return both.chunk(1).dictionary, both.chunk(1).indices.to_numpy()


def _by_rows(chunks: Iterable[pa.Array]) -> Iterator[pa.ChunkedArray]:
    waiting: list[pa.Array] = []
    for chunk in chunks:
        waiting.append(chunk)
        if sum(map(len, waiting)) >= _ROWS_A_PART:
            yield pa.chunked_array(waiting)
            waiting = []
    if waiting:
        yield pa.chunked_array(waiting)


def _near_each_other(values: pa.ChunkedArray) -> tuple[pa.Array, Places] | None:
    """Whole numbers and days in a small range need no look-up of each row's value. Missing: None,
    they are none, or far apart."""
    if pa.types.is_date32(values.type):
        plain = pc.cast(values, pa.int32())
    elif pa.types.is_integer(values.type):
        plain = values
    else:
        return None
    bounds = pc.min_max(plain).as_py()
    least = bounds["min"]
    if least is None or bounds["max"] - least >= _NEAR_EACH_OTHER:
        return None
    length = bounds["max"] - least + 1
    offsets = _offsets(plain, least, length)
    seen = np.zeros(length + 1, dtype=np.bool_)
    seen[offsets] = True
    met = np.flatnonzero(seen[:-1])
    place = np.full(length + 1, len(met), dtype=np.int32)
    place[met] = np.arange(len(met), dtype=np.int32)
    return pa.array(met + least).cast(plain.type).cast(values.type), place[offsets]


def _offsets(numbers: pa.ChunkedArray, least: int, missing: int) -> Numbers:
    """How far each number lies above the least one. Missing: `missing`."""
    found = numbers.fill_null(least + missing) if numbers.null_count else numbers
    offsets: Numbers = found.to_numpy() - least
    return offsets


class RowValues:
    """The values of some rows; a column that is asked for again is not looked through again."""

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows
        self._known: dict[str, tuple[pa.Array, Places]] = {}

    def combined(self, columns: Sequence[str]) -> tuple[pa.Table, Places | None]:
        """The combinations of values of the columns, and where each row's own stands among them.
        Missing: None, these are the rows themselves, as there are too many combinations."""
        each = [self._of(column) for column in columns]
        if len(each) == 1:
            return pa.table({columns[0]: each[0][0]}), each[0][1]
        size = math.prod(len(distinct) for distinct, _ in each)
        if size > _FITS_A_TABLE:
            return plain_columns(self._rows, columns), None
        codes = np.zeros(len(self._rows), dtype=np.int32)
        for distinct, place in each:
            codes *= np.int32(len(distinct))
            codes += place
        seen = np.zeros(size, dtype=np.bool_)
        seen[codes] = True
        met = np.flatnonzero(seen)
        number = np.zeros(size, dtype=np.int32)
        number[met] = np.arange(len(met), dtype=np.int32)
        found, left = {}, met
        for column, (distinct, _) in reversed([*zip(columns, each, strict=True)]):
            left, of_column = np.divmod(left, len(distinct))
            found[column] = distinct.take(pa.array(of_column))
        return pa.table(found), number[codes]

    def _of(self, column: str) -> tuple[pa.Array, Places]:
        """The values of a column, the last of them missing, and where each row's own stands."""
        if column not in self._known:
            distinct, place = numbered(self._rows[column])
            self._known[column] = pa.concat_arrays([distinct, pa.nulls(1, distinct.type)]), place
        return self._known[column]


def plain_columns(rows: pa.Table, columns: Sequence[str]) -> pa.Table:
    """The columns without dictionaries."""

    def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
        kind = column.type
        return column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column

    return pa.table({name: plain(rows[name]) for name in columns})
