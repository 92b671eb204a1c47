"""The parts of the ledgers that are no Arrow tables, as Arrow tables and back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from shuzhi.ledgers.model import Problem, Return, ReturnState, Severity, SheetAccount, SourceFile
from shuzhi.units import FOREVER, UnitSpan

_TEXT = pa.string()


@dataclass(frozen=True)
class Shape:
    """How objects of one kind lie in a table: its schema, and a row from and to an object."""

    schema: pa.Schema
    to_row: Callable[[Any], Mapping[str, Any]]
    from_row: Callable[[Mapping[str, Any]], Any]

    def to_arrow(self, objects: Iterable[Any]) -> pa.Table:
        """One row per object, in their order."""
        return pa.Table.from_pylist([self.to_row(o) for o in objects], schema=self.schema)

    def from_arrow(self, table: pa.Table) -> tuple[Any, ...]:
        return tuple(self.from_row(row) for row in table.to_pylist())


def _unit_to_row(span: UnitSpan) -> Mapping[str, Any]:
    return {**vars(span), "valid_to": None if span.valid_to == FOREVER else span.valid_to}


def _unit_from_row(row: Mapping[str, Any]) -> UnitSpan:
    valid_to: date | None = row["valid_to"]
    return UnitSpan(**{**row, "valid_to": valid_to or FOREVER, "aliases": tuple(row["aliases"])})


def _sheet_to_row(sheet: SheetAccount) -> Mapping[str, Any]:
    return {**vars(sheet), "columns": list(sheet.columns.items())}


def _sheet_from_row(row: Mapping[str, Any]) -> SheetAccount:
    columns, headers = dict(row["columns"]), tuple(row["header_rows"])
    return SheetAccount(**{**row, "columns": columns, "header_rows": headers})


def _texts(names: Sequence[str]) -> list[pa.Field]:
    return [pa.field(name, _TEXT, nullable=False) for name in names]


def _counts(names: Sequence[str]) -> list[pa.Field]:
    return [pa.field(name, pa.int64(), nullable=False) for name in names]


UNITS = Shape(
    pa.schema(
        [
            *_texts(["code", "name", "level", "parent"]),
            pa.field("valid_from", pa.date32(), nullable=False),
            pa.field("valid_to", pa.date32()),  # null while the span is open
            *_texts(["successor"]),
            pa.field("aliases", pa.list_(_TEXT), nullable=False),
        ]
    ),
    _unit_to_row,
    _unit_from_row,
)
RETURNS = Shape(
    pa.schema(
        _texts(["table", "unit", "period", "state", "file", "sheet", "received_on", "reason"])
    ),
    vars,
    lambda row: Return(**{**row, "state": ReturnState(row["state"])}),
)
SOURCES = Shape(
    pa.schema([*_texts(["path", "sha256"]), *_counts(["size"]), *_texts(["received_on"])]),
    vars,
    lambda row: SourceFile(**row),
)
SHEETS = Shape(
    pa.schema(
        [
            *_texts(["file", "sheet", "table"]),
            pa.field("header_rows", pa.list_(pa.int64()), nullable=False),
            pa.field("columns", pa.map_(_TEXT, _TEXT), nullable=False),
            *_counts(["read", "kept", "refused", "recognised"]),
        ]
    ),
    _sheet_to_row,
    _sheet_from_row,
)
# Without the suggestion: an alias is confirmed before sealing, and the columns stay those that
# every edition has.
PROBLEMS = Shape(
    pa.schema(
        [
            *_texts(["file", "sheet"]),
            *_counts(["row"]),
            *_texts(["column", "code", "severity", "cell", "value", "message", "remedy"]),
        ]
    ),
    vars,
    lambda row: Problem(**{**row, "severity": Severity(row["severity"])}),
)
