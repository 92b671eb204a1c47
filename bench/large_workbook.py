"""A source of many rows: activities with summaries, sent by the example county's townships."""

import random
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from shuzhi.ledgers.read import read_source
from shuzhi.packs.load import load_pack
from shuzhi.periods import parse_period

_QUARTERS = {"一": "2023-Q1", "二": "2023-Q2", "三": "2023-Q3", "四": "2023-Q4"}
LAST_DAY = date(2023, 12, 31)
_COLUMNS = ("activity_no", "unit", "held_on", "title", "kind", "heads", "volunteers", "summary")
_WORDS = [chr(0x4E00 + number) for number in range(3000)]


def write_large_source(folder: Path, county: Path, pack_folder: Path, *, rows: int) -> None:
    """Write `rows` activities into `folder`, a workbook a township and quarter.

    The register of units is that of `county`. The same call writes the same rows; every summary
    is a text of its own, so that the search for copied ones has its work to do.
    """
    folder.mkdir(parents=True)
    shutil.copy(county / "units.xlsx", folder / "units.xlsx")
    pack = load_pack(pack_folder)
    tree = read_source(folder, pack).units
    labels = {column.name: column.label["zh"] for column in pack.tables["activities"].columns}
    townships = [unit for unit in tree.children(tree.root, LAST_DAY) if "-T" in unit]
    books = [(unit, *quarter) for unit in townships for quarter in _QUARTERS.items()]
    chance = random.Random(1)  # noqa: S311 - rows that repeat, nothing secret
    for number, (unit, word, quarter) in enumerate(books):
        first, last = rows * number // len(books), rows * (number + 1) // len(books)
        name = tree.name(unit, LAST_DAY)
        day = parse_period(quarter).start
        _write_book(
            folder / "2023" / f"{name}2023年第{word}季度报表.xlsx",
            pack.tables["activities"].label["zh"],
            [labels[column] for column in _COLUMNS],
            (_row(chance, row, name, day) for row in range(first, last)),
        )


def _row(chance: random.Random, number: int, unit: str, day: date) -> list[object]:
    return [
        f"A-{number:06}",
        unit,
        day + timedelta(days=chance.randrange(90)),
        "".join(chance.choices(_WORDS, k=8)),
        "宣讲讲座",
        chance.randrange(5, 200),
        chance.randrange(12),
        "".join(chance.choices(_WORDS, k=60)),
    ]


def _write_book(path: Path, sheet: str, head: Sequence[str], rows: Iterator[list[object]]) -> None:
    path.parent.mkdir(exist_ok=True)
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(path), options) as book:
        target = book.add_worksheet(sheet)
        target.write_row(0, 0, head)
        for number, row in enumerate(rows, start=1):
            target.write_row(number, 0, row)
