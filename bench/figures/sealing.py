"""Drawn rows sealed as an edition."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from shuzhi.ledgers.atomic_folder import new_folder
from shuzhi.ledgers.edition import write_edition
from shuzhi.ledgers.manifest import MANIFEST, canonical_json, read_manifest, sum_file, sum_files
from shuzhi.ledgers.model import Ledgers, arrow_schema
from shuzhi.packs.model import Pack


def seal_from_files(
    out: Path, pack: Pack, ledgers: Ledgers, write_table: Callable[[str, Path, pa.Schema], None]
) -> None:
    """An edition whose tables `write_table(name, path, schema)` writes, so that no ledger has to
    fit in memory. `ledgers` has everything but rows."""
    schemas = {name: arrow_schema(table) for name, table in pack.tables.items()}
    empty = {name: schema.empty_table() for name, schema in schemas.items()}
    with new_folder(out) as folder:
        write_edition(folder, pack, replace(ledgers, tables=empty), {})
        for name, schema in schemas.items():
            write_table(name, folder / "tables" / f"{name}.parquet", schema)
        _describe_anew(folder)
        manifest = replace(read_manifest(folder), files=sum_files(folder))
        (folder / MANIFEST).write_bytes(manifest.to_bytes())


def _describe_anew(folder: Path) -> None:
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_bytes())
    for resource in descriptor["resources"]:
        found = sum_file(folder / resource["path"])
        resource |= {"bytes": found.size, "hash": f"sha256:{found.sha256}"}
    path.write_bytes(canonical_json(descriptor))
