"""The records of a sealed edition, read from their files when and as far as they are asked for."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuzhi.errors import InputRefused

ROWS_A_GROUP = 65_536
_GROUPS_AT_ONCE = 8


class SealedTables(Mapping[str, pa.Table]):
    """Ledgers by table. One that is asked for by name is read whole, once."""

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
        """Some columns, part after part, each part a whole number of bytes of rows but the last;
        texts as dictionaries, but for those that are to be plain."""
        texts = [
            column
            for column in columns
            if column not in plain and pa.types.is_string(self._schemas[name].field(column).type)
        ]
        with self._open(name, texts) as file:
            groups = range(file.num_row_groups)
            for begin in groups[::_GROUPS_AT_ONCE]:
                some = list(groups[begin : begin + _GROUPS_AT_ONCE])
                yield file.read_row_groups(some, columns=list(columns))

    def groups(self, name: str, groups: Sequence[int], columns: Sequence[str]) -> pa.Table:
        """Some columns of some groups of rows."""
        schema = pa.schema([self._schemas[name].field(column) for column in columns])
        if not groups:
            return schema.empty_table()
        with self._open(name) as file:
            return file.read_row_groups(list(groups), columns=list(columns)).cast(schema)

    def groups_of_units(self, name: str, unit_column: str) -> Mapping[str, tuple[int, int]]:
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
            raise _not_as_said(path) from error
        raise _not_as_said(path)


def _not_as_said(path: Path) -> InputRefused:
    return InputRefused(
        f"{path} does not hold what the edition's pack says; take the edition from a copy"
    )
