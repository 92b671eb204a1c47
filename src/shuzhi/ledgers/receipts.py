"""What stands beside the workbooks: the register of receipts and the saved aliases."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.dates import read_date
from shuzhi.ledgers.folding import fold
from shuzhi.ledgers.limits import FileRefused
from shuzhi.ledgers.messages import make_problem
from shuzhi.ledgers.model import Problem
from shuzhi.ledgers.period_words import find_period, read_period_words
from shuzhi.ledgers.unit_names import UnitNames
from shuzhi.ledgers.values import as_text, is_blank
from shuzhi.ledgers.workbooks import read_workbook
from shuzhi.periods import Period, parse_period

RECEIPTS_FILES = ("receipts.csv", "收文登记.csv")
ALIASES_FILE = "aliases.toml"
_COLUMNS = {
    "file": ("file", "文件", "文件名"),
    "unit": ("unit", "单位", "报送单位"),
    "period": ("period", "期间", "报告期"),
    "received_on": ("received_on", "收到日期", "收文日期"),
}


@dataclass(frozen=True)
class Aliases:
    """Spellings a person confirmed: header → "table.column", unit → code."""

    headers: Mapping[str, str]
    units: Mapping[str, str]


@dataclass(frozen=True)
class Receipt:
    """What the register says of one file; '' and None where it says nothing."""

    unit: str = ""
    period: Period | None = None
    received_on: str = ""


class Receipts:
    """The register of receipts, by path or name of file."""

    def __init__(self, by_file: Mapping[str, Receipt]) -> None:
        self._by_file = by_file

    def of(self, path: str) -> Receipt:
        """The receipt of the file at `path` (relative to the source), by path, else by name."""
        name = path.rpartition("/")[2]
        return self._by_file.get(path) or self._by_file.get(name) or Receipt()


def read_aliases(source: Path) -> Aliases:
    """The saved aliases of a source, empty where there is no file.

    Raises: InputRefused where the file is no TOML of the form agreed.
    """
    path = source / ALIASES_FILE
    if not path.is_file():
        return Aliases({}, {})
    try:
        saved = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputRefused(f"{path}: {error}; correct the line") from error
    headers, units = saved.get("headers", {}), saved.get("units", {})
    for section, entries in (("headers", headers), ("units", units)):
        if not isinstance(entries, dict) or not all(isinstance(v, str) for v in entries.values()):
            raise InputRefused(f'{path}: [{section}] must hold lines like "写法" = "…"')
    return Aliases(headers, units)


def read_receipts(source: Path, names: UnitNames, lang: str) -> tuple[Receipts, list[Problem]]:
    """The register of receipts of a source, empty where there is no file, and its problems."""
    path = next((source / name for name in RECEIPTS_FILES if (source / name).is_file()), None)
    if path is None:
        return Receipts({}), []
    try:
        rows = read_workbook(path)[0].rows
    except FileRefused as refused:
        return Receipts({}), [make_problem(refused.code, lang, path.name, facts=refused.facts)]
    problems: list[Problem] = []
    by_file: dict[str, Receipt] = {}
    at = _find_columns(rows[0] if rows else [])
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: as_text(row[position]) for name, position in at.items()}
        if is_blank(cells.get("file", "")):
            continue
        receipt, wrong = _read_receipt(cells, names)
        by_file[cells["file"].replace("\\", "/")] = receipt
        problems += [
            make_problem(
                code, lang, path.name, path.stem, number, as_text(rows[0][at[name]]),
                value=cells[name],
            )
            for name, code in wrong
        ]  # fmt: skip
    return Receipts(by_file), problems


def _find_columns(header: list[object]) -> dict[str, int]:
    folded = [fold(as_text(cell)) for cell in header]
    return {
        name: folded.index(fold(label))
        for name, labels in _COLUMNS.items()
        for label in labels
        if fold(label) in folded
    }


def _read_receipt(
    cells: Mapping[str, str], names: UnitNames
) -> tuple[Receipt, list[tuple[str, str]]]:
    wrong: list[tuple[str, str]] = []
    period = _read_period(cells.get("period", ""))
    if period is None and not is_blank(cells.get("period", "")):
        wrong.append(("period", "period_unknown"))
    unit = ""
    if not is_blank(cells.get("unit", "")):
        found = names.resolve(cells["unit"], period.last_day if period else None)
        unit = found.code
        if found.problem:
            wrong.append(("unit", found.problem))
    day: date | None = None
    if not is_blank(cells.get("received_on", "")):
        read = read_date(cells["received_on"], period.end.year if period else None,
                         is_event_day=False)  # fmt: skip
        day = read.day
        if read.day is None:
            wrong.append(("received_on", read.problem))
    return Receipt(unit, period, day.isoformat() if day else ""), wrong


def _read_period(text: str) -> Period | None:
    try:
        return parse_period(text)
    except UserError:
        return find_period([read_period_words(text, bare_year=True)])
