"""Sealed editions: the ledgers, the pack and what was computed from them, never to change.

datapackage.json   what the tables hold (Data Package v2)
manifest.json      the SHA-256 of every file, the root hash over them, the edition superseded
signature.json     of the manifest, where a key was given
tables/*.parquet   one ledger a table of the pack: units as in the tree, then by date and record id
units, returns, sources, sheets, problems .parquet
*.parquet          further tables, by name: flags, figures, scores
pack/              the pack's own files

One that amends an earlier edition holds less: see `amendment_files`.
"""

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from shuzhi import __version__
from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.amendment_files import find_superseded, read_amended_tables
from shuzhi.ledgers.atomic_folder import new_folder
from shuzhi.ledgers.data_package import describe_edition
from shuzhi.ledgers.edition_files import PARTS, read_parquet, write_parquet
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
from shuzhi.ledgers.model import Ledgers, arrow_schema
from shuzhi.ledgers.sealed_order import order_of_rows, sealed_units
from shuzhi.ledgers.sealed_parts import SealedPart, as_columns
from shuzhi.ledgers.sealed_tables import SealedTables, StoredTables, not_as_said
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack, Table
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


@dataclass(frozen=True)
class Edition:
    """A sealed edition, opened: nothing in it differs from what was sealed.

    `pack.path` is the copy of the pack inside the edition. `extras` are the further tables.
    `signer` is the public key it was signed with. `earlier` is the edition that this one amends.
    Missing: '', it bears no signature; None, it holds all its records itself.
    """

    path: Path
    pack: Pack
    ledgers: Ledgers
    extras: Mapping[str, pa.Table]
    manifest: Manifest
    signer: str = ""
    earlier: "Edition | None" = None


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
    refuse_names(extras)
    tables = _tables_to_seal(pack, ledgers, extras)
    (folder / "tables").mkdir()
    for name, table in tables.items():
        write_parquet(folder / f"{name}.parquet", table)
    _copy_pack(pack.path, folder / "pack")
    manifest = Manifest(pack.name, pack.version, __version__, {}, terms.supersedes)
    describe_and_list(folder, pack, tables, manifest, terms.key)


def describe_and_list(
    folder: Path, pack: Pack, tables: Mapping[str, pa.Table], manifest: Manifest, key: Path | None
) -> None:
    """The last files of an edition: the description of its tables, the manifest with the sums of
    all files, the signature."""
    descriptor = describe_edition(pack, tables, sum_files(folder))
    (folder / _DESCRIPTOR).write_bytes(canonical_json(descriptor))
    manifest = replace(manifest, files=sum_files(folder))
    (folder / MANIFEST).write_bytes(manifest.to_bytes())
    if key:
        from shuzhi.ledgers.signature import sign_manifest  # loads a library that few need

        sign_manifest(folder, key)


def open_edition(path: Path) -> Edition:
    """The edition in `path`, with its records in the order they were sealed in; of one that
    amends an earlier edition, that one's with what changed.

    Raises: InputRefused, naming each file that is missing, changed or added, or the signature that
    does not hold, or where the edition that is amended is not beside it; PackRefused where this
    version does not accept its pack.
    """
    manifest = read_manifest(path)
    verify_files(path, manifest)
    signer = _signer(path)
    if manifest.is_amendment:
        return _open_amendment(path, manifest, signer)
    pack = load_pack(path / "pack")
    schemas = {name: arrow_schema(table) for name, table in pack.tables.items()}
    tables = SealedTables(path / "tables", schemas)
    parts: dict[str, SealedPart[Any]] = {
        name: SealedPart(shape, read_parquet(path / f"{name}.parquet", shape.schema))
        for name, (shape, _) in PARTS.items()
    }
    spans = parts.pop("units")
    ledgers = Ledgers(tables=tables, units=UnitTree(spans), **parts)
    return Edition(path, pack, ledgers, _extras(path), manifest, signer)


def _open_amendment(path: Path, manifest: Manifest, signer: str) -> Edition:
    earlier = open_edition(find_superseded(path, manifest))
    pack, tables = earlier.pack, earlier.ledgers.tables
    if (pack.name, pack.version) != (manifest.pack_name, manifest.pack_version):
        raise InputRefused(
            f"{path} is of the pack {manifest.pack_name} {manifest.pack_version}, and amends an "
            f"edition of {pack.name} {pack.version}; take it from a copy"
        )
    assert isinstance(tables, StoredTables)
    schemas = {name: arrow_schema(table) for name, table in pack.tables.items()}
    parts: dict[str, Any] = {
        name: SealedPart(shape, read_parquet(file, shape.schema))
        for name, (shape, _) in PARTS.items()
        if (file := path / f"{name}.parquet").exists()
    }
    if "units" in parts:
        raise not_as_said(path / "units.parquet")
    ledgers = replace(earlier.ledgers, tables=read_amended_tables(path, tables, schemas), **parts)
    return Edition(path, pack, ledgers, _extras(path), manifest, signer, earlier)


def _extras(path: Path) -> dict[str, pa.Table]:
    return {
        file.stem: read_parquet(file)
        for file in sorted(path.glob("*.parquet"))
        if file.stem not in PARTS
    }


def _signer(path: Path) -> str:
    if not os.path.lexists(path / SIGNATURE):
        return ""
    from shuzhi.ledgers.signature import read_signer  # loads a library that few need

    return read_signer(path)


def _tables_to_seal(
    pack: Pack, ledgers: Ledgers, extras: Mapping[str, pa.Table]
) -> dict[str, pa.Table]:
    """Every table of the edition by its path without `.parquet`."""
    units = sealed_units(ledgers.units, pack)
    sealed = {
        f"tables/{name}": _sorted_rows(table, ledgers.tables[name], units)
        for name, table in sorted(pack.tables.items())
    }
    for name, (shape, part_of) in PARTS.items():
        sealed[name] = as_columns(part_of(ledgers), shape)
    for name, extra in sorted(extras.items()):
        sealed[name] = extra.replace_schema_metadata(None)
    return sealed


def _sorted_rows(table: Table, ledger: pa.Table, units: pa.Array) -> pa.Table:
    """By unit, day and record id: the units in the order of the tree, so that what belongs to one
    and to all below it lies together."""
    ledger = ledger.select(arrow_schema(table).names).cast(arrow_schema(table))
    order = order_of_rows(table, ledger, units)
    return ledger if bool(np.all(order[1:] > order[:-1])) else ledger.take(pa.array(order))


def refuse_names(extras: Mapping[str, pa.Table]) -> None:
    """Raises: UserError where a further table cannot be called what it is."""
    for name in extras:
        if name in PARTS or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise UserError(
                f"an edition cannot hold a further table {name!r}; choose another name "
                "of small letters, digits and _"
            )


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
