"""A folder of workbooks becomes typed ledgers, with an account of every row.

units → receipts → every file: sheets → header → rows → values → returns
"""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.errors import InputRefused
from shuzhi.ledgers.folding import fold
from shuzhi.ledgers.headers import HeaderDictionary
from shuzhi.ledgers.limits import FileRefused
from shuzhi.ledgers.messages import make_problem
from shuzhi.ledgers.model import (
    RECORD_ID,
    Ledgers,
    Problem,
    Return,
    SheetAccount,
    SourceFile,
    arrow_schema,
)
from shuzhi.ledgers.office_lists import APPEALS_FILES, OBJECTIONS_FILES, OUTCOMES_FILES
from shuzhi.ledgers.receipts import (
    ALIASES_FILE,
    RECEIPTS_FILES,
    Aliases,
    Receipts,
    read_aliases,
    read_receipts,
)
from shuzhi.ledgers.senders import read_form
from shuzhi.ledgers.sheets import Reader, SheetReading, read_sheet
from shuzhi.ledgers.unit_names import UnitNames
from shuzhi.ledgers.unit_tables import build_tree
from shuzhi.ledgers.workbooks import WORKBOOK_ENDINGS, Sheet, name_as_text, read_workbook
from shuzhi.packs.model import Pack, Role, Table
from shuzhi.units import UnitTree

EVIDENCE_FOLDER = "evidence"
# Settings and notes that tools leave beside the ledgers; no unit sends its rows in them.
_BESIDE = frozenset({".json", ".toml", ".md"})

OnProgress = Callable[[int, int], None]


@dataclass
class _Gathered:
    """What has been read so far, file by file."""

    parts: dict[str, list[pa.Table]] = field(default_factory=dict)
    returns: list[Return] = field(default_factory=list)
    sources: list[SourceFile] = field(default_factory=list)
    accounts: list[SheetAccount] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, reading: SheetReading) -> None:
        if reading.rows is not None:
            self.parts.setdefault(reading.account.table, []).append(reading.rows)
        self.returns += reading.returns
        self.accounts.append(reading.account)
        self.problems += reading.problems


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
    gathered = _Gathered(problems=receipt_problems)
    for done, path in enumerate(files, start=1):
        _read_file(source, path, reader, receipts, gathered)
        if on_progress:
            on_progress(done, len(files))
    return Ledgers(
        {
            table.name: _join(table, gathered.parts, number_persons=not person_key)
            for table in pack.tables.values()
        },
        tree,
        tuple(sorted(gathered.returns)),
        tuple(gathered.sources),
        tuple(gathered.accounts),
        tuple(sorted(gathered.problems)),
    )


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
    source: Path, path: Path, reader: Reader, receipts: Receipts, gathered: _Gathered
) -> None:
    file = _relative(source, path)
    receipt = receipts.of(file)
    unreadable = _why_unreadable(source, path)
    if unreadable:
        facts = {"reason": unreadable}
        gathered.problems.append(make_problem("file_unreadable", reader.lang, file, facts=facts))
        return
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    gathered.sources.append(SourceFile(file, digest, path.stat().st_size, receipt.received_on))
    if path.suffix.lower() not in WORKBOOK_ENDINGS:
        ending = path.suffix or path.name
        gathered.problems.append(
            make_problem("file_type_unknown", reader.lang, file, facts={"ending": ending})
        )
        return
    try:
        sheets = read_workbook(path)
    except FileRefused as refused:
        problem = make_problem(refused.code, reader.lang, file, facts=refused.facts)
        gathered.problems.append(problem)
        return
    if not any(sheet.has_content for sheet in sheets):
        gathered.problems.append(make_problem("sheet_empty", reader.lang, file))
    form = read_form(sheets)
    for sheet in sheets:
        gathered.add(read_sheet(file, sheet, reader, receipt, form))


def _why_unreadable(source: Path, path: Path) -> str:
    """Why a path is not opened; '' where it may be."""
    if not Path(os.path.realpath(path)).is_relative_to(source.resolve()):
        return "a link that leads out of the folder"
    if not path.is_file():
        return "not a file"
    return "" if os.access(path, os.R_OK) else "no permission to read it"


def _relative(source: Path, path: Path) -> str:
    return name_as_text(path.relative_to(source).as_posix())


def _join(table: Table, parts: dict[str, list[pa.Table]], *, number_persons: bool) -> pa.Table:
    """One ledger from its sheets, in the order read; repeated ids get -2, -3 and so on."""
    schema = arrow_schema(table)
    joined = pa.concat_tables([schema.empty_table(), *parts.get(table.name, [])])
    seen: Counter[str] = Counter()
    ids: list[str] = []
    for record_id in joined.column(RECORD_ID).to_pylist():
        seen[record_id] += 1
        ids.append(record_id if seen[record_id] == 1 else f"{record_id}-{seen[record_id]}")
    joined = _replace(joined, RECORD_ID, pa.array(ids, pa.string()))
    for column in table.columns:
        if column.role is Role.PERSON and number_persons:
            joined = _replace(joined, column.name, _numbers(joined.column(column.name)))
    return joined.combine_chunks()


def _replace(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    at = table.schema.get_field_index(name)
    return table.set_column(at, table.schema.field(at), values)


def _numbers(persons: pa.ChunkedArray) -> pa.Array:
    """1 for the first person met, 2 for the next: a token of a name could be guessed by trying
    names, a number cannot. Missing: null."""
    first_met = persons.combine_chunks().dictionary_encode().indices
    return pc.cast(pc.add(first_met, 1), pa.string())
