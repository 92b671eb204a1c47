"""Sealed editions: the ledgers, the pack and what was computed from them, never to change.

datapackage.json   what the tables hold (Data Package v2)
manifest.json      the SHA-256 of every file, the root hash over them, the edition superseded
signature.json     of the manifest, where a key was given
tables/*.parquet   one ledger a table of the pack: units as in the tree, then by date and record id
units, returns, sources, sheets, problems .parquet
*.parquet          further tables, by name: flags, figures, scores
pack/              the pack's own files
"""

import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shuzhi import __version__
from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.atomic_folder import new_folder
from shuzhi.ledgers.data_package import describe_edition
from shuzhi.ledgers.edition_tables import PROBLEMS, RETURNS, SHEETS, SOURCES, UNITS, Shape
from shuzhi.ledgers.manifest import (
    MANIFEST,
    SIGNATURE,
    Manifest,
    Supersession,
    canonical_json,
    read_manifest,
    sum_files,
    verify_files,
)
from shuzhi.ledgers.model import RECORD_ID, Ledgers, arrow_schema
from shuzhi.ledgers.sealed_parts import SealedPart, as_columns
from shuzhi.ledgers.sealed_tables import ROWS_A_GROUP, SealedTables
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack, Role, Table
from shuzhi.units import UnitTree

__all__ = [
    "MANIFEST",
    "Edition",
    "SealTerms",
    "open_edition",
    "seal_edition",
    "write_edition",
]

_DESCRIPTOR = "datapackage.json"
_PARTS: Mapping[str, tuple[Shape, Callable[[Ledgers], object]]] = {
    "units": (UNITS, lambda ledgers: ledgers.units.spans),
    "returns": (RETURNS, lambda ledgers: ledgers.returns),
    "sources": (SOURCES, lambda ledgers: ledgers.sources),
    "sheets": (SHEETS, lambda ledgers: ledgers.sheets),
    "problems": (PROBLEMS, lambda ledgers: ledgers.problems),
}


@dataclass(frozen=True)
class Edition:
    """A sealed edition, opened: nothing in it differs from what was sealed.

    `pack.path` is the copy of the pack inside the edition. `extras` are the further tables.
    `signer` is the public key it was signed with. Missing: '', it bears no signature.
    """

    path: Path
    pack: Pack
    ledgers: Ledgers
    extras: Mapping[str, pa.Table]
    manifest: Manifest
    signer: str = ""


@dataclass(frozen=True)
class SealTerms:
    """On what terms an edition is sealed: which one it supersedes, and the private key (a PEM
    file) that signs it. Missing: None, it is the first; None, it is not signed."""

    supersedes: Supersession | None = None
    key: Path | None = None


_PLAIN = SealTerms()


def seal_edition(
    out: Path,
    pack: Pack,
    ledgers: Ledgers,
    extras: Mapping[str, pa.Table],
    terms: SealTerms = _PLAIN,
) -> None:
    """Nothing; afterwards `out` is an edition, whole. Equal content gives equal bytes.

    Raises: UserError where `out` exists, is being sealed by another, or cannot be written.
    """
    with new_folder(out) as folder:
        write_edition(folder, pack, ledgers, extras, terms)


def write_edition(
    folder: Path,
    pack: Pack,
    ledgers: Ledgers,
    extras: Mapping[str, pa.Table],
    terms: SealTerms = _PLAIN,
) -> None:
    """The files of an edition in an empty folder that its caller makes atomic."""
    _refuse_names(extras)
    tables = _tables_to_seal(pack, ledgers, extras)
    (folder / "tables").mkdir()
    for name, table in tables.items():
        _write_parquet(folder / f"{name}.parquet", table)
    _copy_pack(pack.path, folder / "pack")
    descriptor = describe_edition(pack, tables, sum_files(folder))
    (folder / _DESCRIPTOR).write_bytes(canonical_json(descriptor))
    sums = sum_files(folder)
    manifest = Manifest(pack.name, pack.version, __version__, sums, terms.supersedes)
    (folder / MANIFEST).write_bytes(manifest.to_bytes())
    if terms.key:
        from shuzhi.ledgers.signature import sign_manifest  # loads a library that few need

        sign_manifest(folder, terms.key)


def open_edition(path: Path) -> Edition:
    """The edition in `path`, with its records in the order they were sealed in.

    Raises: InputRefused, naming each file that is missing, changed or added, or the signature that
    does not hold; PackRefused where this version does not accept its pack.
    """
    manifest = read_manifest(path)
    verify_files(path, manifest)
    signer = _signer(path)
    pack = load_pack(path / "pack")
    schemas = {name: arrow_schema(table) for name, table in pack.tables.items()}
    tables = SealedTables(path / "tables", schemas)
    parts: dict[str, SealedPart[Any]] = {
        name: SealedPart(shape, _read_parquet(path / f"{name}.parquet", shape.schema))
        for name, (shape, _) in _PARTS.items()
    }
    spans = parts.pop("units")
    extras = {
        file.stem: _read_parquet(file)
        for file in sorted(path.glob("*.parquet"))
        if file.stem not in _PARTS
    }
    return Edition(
        path, pack, Ledgers(tables=tables, units=UnitTree(spans), **parts), extras, manifest, signer
    )


def _signer(path: Path) -> str:
    if not os.path.lexists(path / SIGNATURE):
        return ""
    from shuzhi.ledgers.signature import read_signer  # loads a library that few need

    return read_signer(path)


def _tables_to_seal(
    pack: Pack, ledgers: Ledgers, extras: Mapping[str, pa.Table]
) -> dict[str, pa.Table]:
    """Every table of the edition by its path without `.parquet`."""
    in_order = pa.array(ledgers.units.in_pre_order(pack.collects_until), pa.string())
    sealed = {
        f"tables/{name}": _sorted_rows(table, ledgers.tables[name], in_order)
        for name, table in sorted(pack.tables.items())
    }
    for name, (shape, part_of) in _PARTS.items():
        sealed[name] = as_columns(part_of(ledgers), shape)  # type: ignore[arg-type]  # each its own
    for name, extra in sorted(extras.items()):
        sealed[name] = extra.replace_schema_metadata(None)
    return sealed


def _sorted_rows(table: Table, ledger: pa.Table, units: pa.Array) -> pa.Table:
    """By unit, day and record id: the units in the order of the tree, so that what belongs to one
    and to all below it lies together."""
    ledger = ledger.select(arrow_schema(table).names).cast(arrow_schema(table))
    unit, day = table.column_with(Role.UNIT), table.column_with(Role.DATE)
    keys: dict[str, pa.ChunkedArray] = {}
    if unit is not None:
        keys["unit"] = pc.index_in(ledger[unit.name], units)
    if day is not None:
        keys["day"] = ledger[day.name]
    keys["record"] = ledger[RECORD_ID]
    order = pc.sort_indices(pa.table(keys), [(name, "ascending") for name in keys]).to_numpy()
    return ledger if bool(np.all(order[1:] > order[:-1])) else ledger.take(pa.array(order))


def _refuse_names(extras: Mapping[str, pa.Table]) -> None:
    for name in extras:
        if name in _PARTS or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise UserError(
                f"an edition cannot hold a further table {name!r}; choose another name "
                "of small letters, digits and _"
            )


def _write_parquet(path: Path, table: pa.Table) -> None:
    """Chunks are joined first: where they were cut must not show in the bytes."""
    with path.open("xb") as file:
        pq.write_table(
            table.combine_chunks(),
            file,
            compression="zstd",
            write_statistics=True,
            row_group_size=ROWS_A_GROUP,
            store_schema=True,
        )


def _read_parquet(path: Path, schema: pa.Schema | None = None) -> pa.Table:
    try:
        with pq.ParquetFile(path) as file:
            table = file.read()
        return table.cast(schema) if schema is not None else table
    except (OSError, pa.ArrowInvalid, ValueError) as error:
        raise InputRefused(
            f"{path} does not hold what the edition's pack says; take the edition from a copy"
        ) from error


def _copy_pack(source: Path, target: Path) -> None:
    """The pack's files, without hidden ones and the lock files office programs leave."""
    target.mkdir()
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if any(part.startswith((".", "~$", "__pycache__")) for part in inside.parts):
            continue
        if path.is_symlink():
            raise UserError(f"{path} is a link; put the file itself into the pack")
        if path.is_dir():
            (target / inside).mkdir()
        else:
            shutil.copyfile(path, target / inside)
