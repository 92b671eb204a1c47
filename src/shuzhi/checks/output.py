"""Flags as an Arrow table, for sealed editions and for files."""

from collections.abc import Sequence

import pyarrow as pa

from shuzhi.checks.model import Flag, Outcome

_SCHEMA = pa.schema(
    [
        pa.field("flag_id", pa.string()),
        pa.field("check", pa.string()),
        pa.field("unit", pa.string()),
        pa.field("table", pa.string()),
        pa.field("records", pa.list_(pa.string())),
        pa.field("period", pa.string()),
        pa.field("question", pa.string()),
        pa.field("explanation", pa.string()),
        pa.field("outcome", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("by", pa.string()),
    ]
)


def flags_to_arrow(flags: Sequence[Flag]) -> pa.Table:
    """Shape: one row a flag, in the order given."""
    rows = [
        {name: getattr(flag, name) for name in _SCHEMA.names} | {"outcome": flag.outcome.value}
        for flag in flags
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def flags_from_arrow(table: pa.Table) -> tuple[Flag, ...]:
    """The flags `flags_to_arrow` wrote."""
    return tuple(
        Flag(**row | {"records": tuple(row["records"]), "outcome": Outcome(row["outcome"])})
        for row in table.to_pylist()
    )
