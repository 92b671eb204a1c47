"""A unit's whole register (台账) as one archive: its records, what is doubtful, its evidence."""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from shuzhi.errors import UserError
from shuzhi.ledgers.evidence import Evidence, find_evidence
from shuzhi.ledgers.known_records import is_at_or_below, refuse_unknown_unit
from shuzhi.ledgers.manifest import sum_file
from shuzhi.ledgers.model import RECORD_ID, Ledgers, Problem
from shuzhi.ledgers.register_workbook import Register, write_register_workbook
from shuzhi.packs.model import Pack, Table
from shuzhi.units import FOREVER

INDEX = "SHA256SUMS"  # as `sha256sum --check` reads it
WORKBOOK = {"zh": "台账.xlsx", "en": "register.xlsx"}
_MADE = (1980, 1, 1, 0, 0, 0)  # an archive's entries have a time; ours always the same

Rows = list[dict[str, Any]]


def write_register(
    ledgers: Ledgers, pack: Pack, unit: str, out_zip: Path, *,
    source: Path | None, flags: pa.Table | None = None, lang: str = "zh",
) -> None:  # fmt: skip
    """Nothing; `out_zip` is the register of `unit` and of the units below it.

    Shape: a workbook with a sheet a table (records at or below on their day, each with its id,
    file, sheet and row), the problems and flags concerning them; evidence/ with the files the
    records name; SHA256SUMS over all of it. Persons are left out. Equal content, equal bytes.
    Missing: without `source` (an edition holds no files) the evidence is listed as not found.

    Raises: UserError where the unit is unknown or `out_zip` cannot be written.
    """
    refuse_unknown_unit(ledgers.units, unit)
    records = {table.name: _records(ledgers, table, unit) for table in pack.tables.values()}
    named = [
        evidence for table in pack.tables.values()
        for evidence in find_evidence(source, table, records[table.name])
    ]  # fmt: skip
    files = _name_in_archive(source, named)
    sums = {path: sum_file(path).sha256 for path in files}
    register = Register(
        pack, ledgers.units, unit, records, list(_problems(ledgers, unit)),
        _flags(ledgers, unit, flags),
        [(e, files[e.path], sums[e.path]) if e.path else (e, "", "") for e in named],
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        workbook = Path(folder) / WORKBOOK[lang]
        write_register_workbook(workbook, register, lang)
        _write_archive(out_zip, {workbook: workbook.name, **files})


def _records(ledgers: Ledgers, table: Table, unit: str) -> Rows:
    """The records at or below `unit` on their day, by day and id; of the tree, its own units."""
    rows: Rows = ledgers.tables[table.name].to_pylist()
    if table.is_units:
        below = _ever_below(ledgers, unit)
        return [row for row in rows if row["code"] in below]
    unit_column, date_column = table.unit_column.name, table.date_column.name

    @cache
    def belongs(code: str | None, day: date | None) -> bool:
        return is_at_or_below(ledgers.units, code, unit, day or date.max)

    own = [row for row in rows if belongs(row[unit_column], row[date_column])]
    return sorted(own, key=lambda row: (row[date_column] or date.max, row[RECORD_ID]))


def _ever_below(ledgers: Ledgers, unit: str) -> set[str]:
    return set(ledgers.units.at_or_below(unit, date.min, FOREVER))


def _problems(ledgers: Ledgers, unit: str) -> Iterator[Problem]:
    """Those of the sheets that the unit or one below it sent. A sheet nobody is known to have sent
    goes with its file; the root has them all."""
    below = _ever_below(ledgers, unit)
    known = {(r.file, r.sheet) for r in ledgers.returns}
    own = {(r.file, r.sheet) for r in ledgers.returns if r.unit in below}
    own_files = {file for file, _ in own}
    for problem in ledgers.problems:
        place = problem.file, problem.sheet
        goes_with_file = place not in known and problem.file in own_files
        if unit == ledgers.units.root or place in own or goes_with_file:
            yield problem


def _flags(ledgers: Ledgers, unit: str, flags: pa.Table | None) -> Rows:
    below = _ever_below(ledgers, unit)
    return [row for row in flags.to_pylist() if row["unit"] in below] if flags else []


def _name_in_archive(source: Path | None, named: list[Evidence]) -> dict[Path, str]:
    """Each evidence file once, with its path inside the archive."""
    if source is None:
        return {}
    root = source.resolve()
    paths = sorted({evidence.path for evidence in named if evidence.path})
    return {path: path.relative_to(root).as_posix().replace("\\", "_") for path in paths}


def _write_archive(out: Path, files: Mapping[Path, str]) -> None:
    """The archive appears under its name only when it is complete."""
    partial = out.with_name(f".{out.name}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(partial, "w") as archive:
            lines = [f"{_add(archive, path, name)}  {name}\n" for path, name in files.items()]
            archive.writestr(_entry(INDEX), "".join(lines))
        os.replace(partial, out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UserError(
            f"{out} cannot be written: {error.strerror or error}; choose another place"
        ) from error


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    """The SHA-256 of the bytes written."""
    with path.open("rb") as source, archive.open(_entry(name), "w") as target:
        digest = hashlib.file_digest(source, "sha256")
        source.seek(0)
        shutil.copyfileobj(source, target)
    return digest.hexdigest()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry
