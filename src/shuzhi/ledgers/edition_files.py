"""The files of an edition: which parts there are beside the records, and how Parquet is written."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from shuzhi.ledgers.edition_tables import PROBLEMS, RETURNS, SHEETS, SOURCES, UNITS, Shape
from shuzhi.ledgers.model import RECORD_ID, Ledgers
from shuzhi.ledgers.sealed_tables import ROWS_A_GROUP, not_as_said

PARTS: Mapping[str, tuple[Shape, Callable[[Ledgers], Iterable[Any]]]] = {
    "units": (UNITS, lambda ledgers: ledgers.units.spans),
    "returns": (RETURNS, lambda ledgers: ledgers.returns),
    "sources": (SOURCES, lambda ledgers: ledgers.sources),
    "sheets": (SHEETS, lambda ledgers: ledgers.sheets),
    "problems": (PROBLEMS, lambda ledgers: ledgers.problems),
}


def write_parquet(path: Path, table: pa.Table) -> None:
    """A new file. Chunks are joined first: where they were cut must not show in the bytes."""
    with path.open("xb") as file:
        pq.write_table(
            table.combine_chunks(),
            file,
            write_statistics=True,
            row_group_size=ROWS_A_GROUP,
            store_schema=True,
            **packing(table.schema),
        )


def packing(schema: pa.Schema) -> dict[str, Any]:
    """How columns are packed, as arguments of pyarrow's writers. No record's id comes twice: a
    dictionary of them would only make the file larger and longer to read, by a half (measured)."""
    repeating = [name for name in schema.names if name != RECORD_ID]
    return {"compression": "zstd", "use_dictionary": repeating}


def read_parquet(path: Path, schema: pa.Schema | None = None) -> pa.Table:
    """The table in a file. Raises: InputRefused where it is not one of this schema."""
    try:
        with pq.ParquetFile(path) as file:
            table = file.read()
        return table.cast(schema) if schema is not None else table
    except (OSError, pa.ArrowInvalid, ValueError) as error:
        raise not_as_said(path) from error
