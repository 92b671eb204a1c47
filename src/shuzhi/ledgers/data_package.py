"""The description of an edition by the Data Package standard, so that others can read it."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from shuzhi.ledgers.manifest import FileSum
from shuzhi.ledgers.model import RECORD_ID
from shuzhi.packs.model import Pack, Table

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_decimal, "number"),
    (pa.types.is_floating, "number"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "datetime"),
    (pa.types.is_map, "object"),
    (pa.types.is_struct, "object"),
    (pa.types.is_list, "array"),
)


def describe_edition(
    pack: Pack, tables: Mapping[str, pa.Table], sums: Mapping[str, FileSum]
) -> dict[str, Any]:
    """The descriptor of an edition: one resource per table.

    Shape: `tables` by path without `.parquet`; `sums` by path.
    Source: Data Package v2, datapackage.org/standard.
    """
    return {
        "$schema": _PROFILE,
        "name": pack.name,
        "version": pack.version,
        "title": pack.title["zh"],
        "resources": [
            _describe_resource(name, table, sums[f"{name}.parquet"], pack)
            for name, table in tables.items()
        ],
    }


def _describe_resource(name: str, table: pa.Table, file: FileSum, pack: Pack) -> dict[str, Any]:
    ledger = pack.tables[name.removeprefix("tables/")] if name.startswith("tables/") else None
    return {
        "name": name,
        **({"title": ledger.label["zh"]} if ledger else {}),
        "path": f"{name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": _describe_schema(table.schema, ledger),
    }


def _describe_schema(schema: pa.Schema, ledger: Table | None) -> dict[str, Any]:
    titles = {c.name: c.label["zh"] for c in ledger.columns} if ledger else {}
    fields = [
        {"name": field.name, "type": _type_name(field.type)}
        | ({"title": titles[field.name]} if field.name in titles else {})
        for field in schema
    ]
    return {"fields": fields, **({"primaryKey": [RECORD_ID]} if ledger else {})}


def _type_name(arrow_type: pa.DataType) -> str:
    return next((name for is_type, name in _TYPES if is_type(arrow_type)), "string")
