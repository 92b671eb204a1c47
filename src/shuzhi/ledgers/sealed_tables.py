"""The records of a sealed edition, read from their files when and as far as they are asked for."""

from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuzhi.errors import InputRefused

ROWS_A_GROUP = 65_536
_GROUPS_AT_ONCE = 8
# Up to so many units are looked for where the statistics of the groups say they may be.
_FEW_UNITS = 200

Places = npt.NDArray[np.int64]


class StoredTables(Mapping[str, pa.Table]):
    """Ledgers by table that lie in files, in the order in which they were sealed. One that is
    asked for by name is read whole, once."""

    @abstractmethod
    def rows(self, name: str) -> int: ...

    @abstractmethod
    def batches(
        self, name: str, columns: Sequence[str], plain: Sequence[str] = ()
    ) -> Iterator[pa.Table]:
        """Some columns, part after part, each part a whole number of bytes of rows but the last;
        texts as dictionaries, but for those that are to be plain."""

    @abstractmethod
    def at(self, name: str, places: Places, columns: Sequence[str]) -> pa.Table:
        """Some columns of the rows at these places, in their order."""

    @abstractmethod
    def of_units(
        self, name: str, unit_column: str, units: Collection[str], columns: Sequence[str]
    ) -> pa.Table:
        """Some columns, the unit's among them, of the rows that name one of the units."""

    @abstractmethod
    def holding(
        self, name: str, column: str, values: pa.Array, columns: Sequence[str], at_most: int
    ) -> pa.Table | None:
        """Some columns of the rows that have one of the values in `column`. Missing: None, they
        are more than `at_most`."""


class SealedTables(StoredTables):
    """The tables of an edition that holds all its records itself."""

    def __init__(self, folder: Path, schemas: Mapping[str, pa.Schema]) -> None:
        self._folder = folder
        self._schemas = schemas
        self._whole: dict[str, pa.Table] = {}
        self._groups: dict[str, Mapping[str, tuple[int, int]]] = {}
        self._rows = {name: self._rows_of(name) for name in schemas}

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._whole:
            schema = self._schemas[name]
            with self._open(name) as file:
                self._whole[name] = file.read().cast(schema)
        return self._whole[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._schemas)

    def __len__(self) -> int:
        return len(self._schemas)

    def path(self, name: str) -> Path:
        return self._folder / f"{name}.parquet"

    def rows(self, name: str) -> int:
        return self._rows[name]

    def batches(
        self, name: str, columns: Sequence[str], plain: Sequence[str] = ()
    ) -> Iterator[pa.Table]:
        texts = [
            column
            for column in columns
            if column not in plain and pa.types.is_string(self._schemas[name].field(column).type)
        ]
        with self._open(name, texts) as file, ThreadPoolExecutor(max_workers=1) as reader:
            groups = range(file.num_row_groups)
            ahead: deque[Future[pa.Table]] = deque()
            for begin in groups[::_GROUPS_AT_ONCE]:
                some = list(groups[begin : begin + _GROUPS_AT_ONCE])
                ahead.append(reader.submit(file.read_row_groups, some, columns=list(columns)))
                if len(ahead) > 1:  # while one part is looked at, the next is read
                    yield ahead.popleft().result()
            for part in ahead:
                yield part.result()

    def at(self, name: str, places: Places, columns: Sequence[str]) -> pa.Table:
        with self._open(name) as file:
            sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
        begins = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        order = np.argsort(places, kind="stable")
        ordered = places[order]
        back = np.empty_like(order)
        back[order] = np.arange(len(order))

        def wanted(group: int, _: pa.Table) -> Places:
            inside = np.searchsorted(ordered, begins[group : group + 2])
            found: Places = ordered[slice(*inside)] - begins[group]
            return found

        groups = np.unique(np.searchsorted(begins, ordered, side="right") - 1)
        return self._some_of(name, groups.tolist(), columns, wanted).take(pa.array(back))

    def of_units(
        self, name: str, unit_column: str, units: Collection[str], columns: Sequence[str]
    ) -> pa.Table:
        """Only the groups of rows are read that hold any: rows lie as their units do in the tree,
        so that those of one unit and of all below it lie together."""
        if len(units) <= _FEW_UNITS:
            groups = self._groups_that_may_hold(name, unit_column, units)
        else:
            places = self._groups_of_units(name, unit_column)
            spans = [places[unit] for unit in units if unit in places]
            groups = sorted({group for first, last in spans for group in range(first, last + 1)})
        of_units = pa.array(sorted(units), pa.string())

        def wanted(_: int, rows: pa.Table) -> Places:
            flags = [are_among(chunk, of_units) for chunk in rows[unit_column].chunks]
            return np.flatnonzero(np.concatenate(flags))

        return self._some_of(name, groups, columns, wanted)

    def holding(
        self, name: str, column: str, values: pa.Array, columns: Sequence[str], at_most: int
    ) -> pa.Table | None:
        found, begin = [np.zeros(0, dtype=np.int64)], 0
        for part in self.batches(name, [column]):
            for chunk in part[column].chunks:
                found.append(begin + np.flatnonzero(are_among(chunk, values)))
                begin += len(chunk)
        places = np.concatenate(found)
        return self.at(name, places, columns) if len(places) <= at_most else None

    def _some_of(
        self, name: str, groups: Sequence[int], columns: Sequence[str],
        wanted: Callable[[int, pa.Table], Places],
    ) -> pa.Table:  # fmt: skip
        """Some columns of the rows that are wanted of each group; texts become texts only then."""
        schema = pa.schema([self._schemas[name].field(column) for column in columns])
        texts = [field.name for field in schema if pa.types.is_string(field.type)]
        found = [schema.empty_table()]
        with self._open(name, texts) as file:
            for group in groups:
                rows = file.read_row_group(group, columns=list(columns))
                found.append(rows.take(pa.array(wanted(group, rows))).cast(schema))
        return pa.concat_tables(found)

    def _groups_that_may_hold(
        self, name: str, unit_column: str, units: Collection[str]
    ) -> list[int]:
        """The groups that hold any of a few units, the unit's column read only where the least
        and the greatest unit of the group leave it open."""
        wanted = pa.array(sorted(units), pa.string())
        found = []
        with self._open(name, [unit_column]) as file:
            place = self._schemas[name].get_field_index(unit_column)
            for group in range(file.num_row_groups):
                limits = file.metadata.row_group(group).column(place).statistics
                if limits is not None and limits.has_min_max and not any(
                    limits.min <= unit <= limits.max for unit in units
                ):  # fmt: skip
                    continue
                chunks = file.read_row_group(group, [unit_column])[unit_column].chunks
                if any(pc.any(pc.is_in(chunk.dictionary, wanted)).as_py() for chunk in chunks):
                    found.append(group)
        return found

    def _groups_of_units(self, name: str, unit_column: str) -> Mapping[str, tuple[int, int]]:
        """For each unit that has rows the groups they lie between, the last one included."""
        if name not in self._groups:
            found: dict[str, tuple[int, int]] = {}
            with self._open(name, [unit_column]) as file:
                for group in range(file.num_row_groups):
                    for chunk in file.read_row_group(group, [unit_column])[unit_column].chunks:
                        for unit in pc.unique(chunk.indices).drop_null().to_pylist():
                            code = chunk.dictionary[unit].as_py()
                            found[code] = found.get(code, (group, group))[0], group
            self._groups[name] = found
        return self._groups[name]

    def _open(self, name: str, dictionaries: Sequence[str] = ()) -> pq.ParquetFile:
        return pq.ParquetFile(self.path(name), read_dictionary=list(dictionaries))

    def _rows_of(self, name: str) -> int:
        """How many rows a table has, whose columns are found to be those of its schema."""
        path = self.path(name)
        try:
            with self._open(name) as file:
                if file.schema_arrow.equals(self._schemas[name]):
                    return int(file.metadata.num_rows)
        except (OSError, pa.ArrowInvalid) as error:
            raise not_as_said(path) from error
        raise not_as_said(path)


def with_dictionaries(table: pa.Table, plain: Sequence[str] = ()) -> pa.Table:
    """The table with its texts as dictionaries, but for those that are to be plain."""
    columns = [
        column.dictionary_encode()
        if pa.types.is_string(column.type) and name not in plain
        else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return pa.table(columns, names=table.column_names)


def are_among(column: pa.Array, values: pa.Array) -> npt.NDArray[np.bool_]:
    """Whether each is one of the values; of texts as dictionaries each text is looked up once."""
    found: npt.NDArray[np.bool_]
    if not pa.types.is_dictionary(column.type):
        found = pc.is_in(column, values).to_numpy(zero_copy_only=False)
        return found
    of_texts = pc.is_in(column.dictionary, values).to_numpy(zero_copy_only=False)
    if not of_texts.any():
        return np.zeros(len(column), dtype=np.bool_)
    found = np.append(of_texts, False)[column.indices.fill_null(len(of_texts)).to_numpy()]
    return found


def refuse_other_columns(path: Path, schema: pa.Schema) -> None:
    """Raises: InputRefused where the file is not one of these columns."""
    try:
        found = pq.read_schema(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise not_as_said(path) from error
    if not found.equals(schema):
        raise not_as_said(path)


def not_as_said(path: Path) -> InputRefused:
    """What to say of a file that does not hold what it should."""
    return InputRefused(
        f"{path} does not hold what the edition's pack says; take the edition from a copy"
    )
