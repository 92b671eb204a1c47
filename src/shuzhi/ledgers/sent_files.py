"""One file as it was sent: sheets → header → rows → values → returns, and what it all came to."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pyarrow as pa

from shuzhi.ledgers.headers import HeaderDictionary
from shuzhi.ledgers.joining import join_parts
from shuzhi.ledgers.known_records import refuse_unknown_unit
from shuzhi.ledgers.limits import FileRefused
from shuzhi.ledgers.mended_sheets import NO_MENDS, Mends, with_mends
from shuzhi.ledgers.messages import make_problem
from shuzhi.ledgers.model import Ledgers, Problem, Return, SheetAccount, SourceFile
from shuzhi.ledgers.receipts import Aliases, Receipt
from shuzhi.ledgers.senders import read_form
from shuzhi.ledgers.sheets import Reader, SheetReading, read_sheet
from shuzhi.ledgers.unit_names import UnitNames
from shuzhi.ledgers.workbooks import WORKBOOK_ENDINGS, Sheet, read_workbook
from shuzhi.packs.model import Pack
from shuzhi.periods import Period
from shuzhi.units import UnitTree

OnProgress = Callable[[int, int], None]  # told how many are done, and of how many
_NO_ALIASES = Aliases({}, {})


@dataclass
class Gathered:
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

    def as_ledgers(self, pack: Pack, units: UnitTree, *, number_persons: bool) -> Ledgers:
        """All of it, joined."""
        return Ledgers(
            {
                table.name: join_parts(
                    table, self.parts.get(table.name, ()), number_persons=number_persons
                )
                for table in pack.tables.values()
            },
            units,
            tuple(sorted(self.returns)),
            tuple(self.sources),
            tuple(self.accounts),
            tuple(sorted(self.problems)),
        )


def read_sent(
    path: Path,
    pack: Pack,
    units: UnitTree,
    *,
    file: str,
    unit: str = "",
    period: Period | None = None,
    received_on: str = "",
    aliases: Aliases = _NO_ALIASES,
    mends: Mends = NO_MENDS,
    person_key: bytes = b"",
    lang: str = "zh",
    on_progress: OnProgress | None = None,
) -> Ledgers:
    """All records of one file, as `read_source` reads it in a folder of its own.

    `file` is the name it was sent under, which goes on record; `path` is where it lies. `unit` (a
    code) and `period` say who sent it and for when, as the register of receipts would. Missing:
    what they do not say is found in form, titles and name. `mends` are read in the place of what
    stands in their cells. `person_key` and `lang` as in
    `read_source`; `on_progress` is told how many sheets are done, and of how many.

    Raises: UserError where the tree has no such unit; OSError where `path` cannot be opened.
    """
    if unit:
        refuse_unknown_unit(units, unit)
    names = UnitNames(units, aliases.units)
    reader = Reader(pack, HeaderDictionary(pack, aliases.headers), names, lang, person_key)
    gathered = Gathered()
    receipt = Receipt(unit, period, received_on)
    read_file(path, file, reader, receipt, gathered, on_progress, mends)
    return gathered.as_ledgers(pack, units, number_persons=not person_key)


def read_file(
    path: Path,
    file: str,
    reader: Reader,
    receipt: Receipt,
    gathered: Gathered,
    on_progress: OnProgress | None = None,
    mends: Mends = NO_MENDS,
) -> None:
    """Nothing; what the file in `path` says is added to `gathered`, under the name `file`."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    gathered.sources.append(SourceFile(file, digest, path.stat().st_size, receipt.received_on))
    sheets = with_mends(_sheets(path, file, reader.lang, gathered), mends)
    form = read_form(sheets)
    for done, sheet in enumerate(sheets, start=1):
        gathered.add(read_sheet(file, sheet, reader, receipt, form))
        if on_progress:
            on_progress(done, len(sheets))


def _sheets(path: Path, file: str, lang: str, gathered: Gathered) -> list[Sheet]:
    name = PurePosixPath(file)
    if name.suffix.lower() not in WORKBOOK_ENDINGS:
        facts = {"ending": name.suffix or name.name}
        gathered.problems.append(make_problem("file_type_unknown", lang, file, facts=facts))
        return []
    try:
        sheets = read_workbook(path, name)
    except FileRefused as refused:
        gathered.problems.append(make_problem(refused.code, lang, file, facts=refused.facts))
        return []
    if not any(sheet.has_content for sheet in sheets):
        gathered.problems.append(make_problem("sheet_empty", lang, file))
    return sheets
