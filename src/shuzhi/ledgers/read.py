"""A folder of workbooks becomes typed ledgers, with an account of every row.

units → receipts → every file, as sent_files reads it
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from shuzhi.errors import InputRefused
from shuzhi.ledgers.folding import fold
from shuzhi.ledgers.headers import HeaderDictionary
from shuzhi.ledgers.limits import FileRefused
from shuzhi.ledgers.messages import make_problem
from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.office_lists import APPEALS_FILES, OBJECTIONS_FILES, OUTCOMES_FILES
from shuzhi.ledgers.receipts import (
    ALIASES_FILE,
    RECEIPTS_FILES,
    Aliases,
    Receipts,
    read_aliases,
    read_receipts,
)
from shuzhi.ledgers.sent_files import Gathered, OnProgress, read_file
from shuzhi.ledgers.sheets import Reader, read_sheet
from shuzhi.ledgers.unit_names import UnitNames
from shuzhi.ledgers.unit_tables import build_tree
from shuzhi.ledgers.workbooks import WORKBOOK_ENDINGS, Sheet, name_as_text, read_workbook
from shuzhi.packs.model import Pack
from shuzhi.units import UnitTree

EVIDENCE_FOLDER = "evidence"
# Settings and notes that tools leave beside the ledgers; no unit sends its rows in them.
_BESIDE = frozenset({".json", ".toml", ".md"})


def read_source(
    source: Path,
    pack: Pack,
    *,
    lang: str = "zh",
    person_key: bytes = b"",
    units: UnitTree | None = None,
    on_progress: OnProgress | None = None,
) -> Ledgers:
    """All records of a folder of workbooks.

    A file, a row or a cell that cannot be read is a problem in the ledgers, never an error.
    Persons are numbered anew in each column of this reading, so that they can be counted and
    nothing else. `person_key` makes them tokens instead, the same in every reading with that key.
    `units` is the tree where the folder holds none. `on_progress` is told how many files are done,
    and of how many.

    Raises: InputRefused where there is no folder, no table of units, or a tree of units that
    contradicts itself.
    """
    if not source.is_dir():
        raise InputRefused(f"{source}: there is no such folder; name the folder of workbooks")
    files = list(_find_files(source))
    aliases = read_aliases(source)
    tree = units or _read_tree(source, files, pack, aliases, lang)
    names = UnitNames(tree, aliases.units)
    receipts, receipt_problems = read_receipts(source, names, lang)
    reader = Reader(pack, HeaderDictionary(pack, aliases.headers), names, lang, person_key)
    gathered = Gathered(problems=receipt_problems)
    for done, path in enumerate(files, start=1):
        _read_file(source, path, reader, receipts, gathered)
        if on_progress:
            on_progress(done, len(files))
    return gathered.as_ledgers(pack, tree, number_persons=not person_key)


def _find_files(source: Path) -> Iterator[Path]:
    """The files to read, in the order of their paths: no evidence, settings or lock files."""
    names = (ALIASES_FILE, *RECEIPTS_FILES, *OUTCOMES_FILES, *APPEALS_FILES, *OBJECTIONS_FILES)
    settings = {source / name for name in names}
    for path in sorted(source.rglob("*"), key=lambda path: path.relative_to(source).as_posix()):
        inside = path.relative_to(source).parts
        hidden = any(part.startswith((".", "~$")) for part in inside)
        beside = path.suffix.lower() in _BESIDE or EVIDENCE_FOLDER in inside[:-1]
        if not hidden and not beside and path not in settings and _is_sent(path):
            yield path


def _is_sent(path: Path) -> bool:
    """Files, and whatever else calls itself a workbook: a link, a folder, one without a target."""
    return path.is_file() or path.is_symlink() or path.suffix.lower() in WORKBOOK_ENDINGS


def _read_tree(
    source: Path, files: Sequence[Path], pack: Pack, aliases: Aliases, lang: str
) -> UnitTree:
    """The tree of units: first from files named like its table, else from any file."""
    table = pack.units_table
    titles = [fold(text) for text in (table.name, *table.label.values(), *table.synonyms)]
    named = [path for path in files if any(title in fold(path.stem) for title in titles)]
    others = [path for path in files if path not in named]
    reader = Reader(pack, HeaderDictionary(pack, aliases.headers), None, lang, b"")
    for candidates in (named, others):
        parts = [
            reading.rows
            for path in candidates
            for sheet in _sheets_or_none(source, path)
            if (reading := read_sheet(_relative(source, path), sheet, reader)).rows is not None
            and reading.account.table == table.name
        ]
        if parts:
            return build_tree(pa.concat_tables(parts), pack)
    raise InputRefused(
        f"{source}: no sheet holds the units ({table.label['zh']}); add a workbook with the "
        f"columns {', '.join(column.label['zh'] for column in table.columns if column.required)}"
    )


def _sheets_or_none(source: Path, path: Path) -> list[Sheet]:
    """The sheets of a file; none where it cannot be read, which the main reading reports."""
    if path.suffix.lower() not in WORKBOOK_ENDINGS or _why_unreadable(source, path):
        return []
    try:
        return read_workbook(path)
    except FileRefused:
        return []


def _read_file(
    source: Path, path: Path, reader: Reader, receipts: Receipts, gathered: Gathered
) -> None:
    file = _relative(source, path)
    unreadable = _why_unreadable(source, path)
    if unreadable:
        facts = {"reason": unreadable}
        gathered.problems.append(make_problem("file_unreadable", reader.lang, file, facts=facts))
        return
    read_file(path, file, reader, receipts.of(file), gathered)


def _why_unreadable(source: Path, path: Path) -> str:
    """Why a path is not opened; '' where it may be."""
    if not Path(os.path.realpath(path)).is_relative_to(source.resolve()):
        return "a link that leads out of the folder"
    if not path.is_file():
        return "not a file"
    return "" if os.access(path, os.R_OK) else "no permission to read it"


def _relative(source: Path, path: Path) -> str:
    return name_as_text(path.relative_to(source).as_posix())
