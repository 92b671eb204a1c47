"""The source folder: workbooks by year and sender, and what lies beside them."""

import csv
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from shuzhi.demo.book import Answer, Cell, Planted
from shuzhi.demo.county import ROOT, County
from shuzhi.demo.hands import HANDS
from shuzhi.demo.sheets import ALIASED_HEADERS, Grid, LaidOut, lay_out, period_words
from shuzhi.demo.writers import write_grids
from shuzhi.packs.model import Table
from shuzhi.periods import parse_period
from shuzhi.units import FOREVER

# (sender, period) → days after the last day on time. Only registered senders can be late.
LATE = {("QH-T03", "2023-Q1"): 6, ("QH-T08", "2022-Q4"): 13, ("QH-D2", "2023"): 9}
_STRAY_SHEET = ("QH-T04", "2022-Q3")
_BROKEN = "2023/新建工作表（打不开）.xlsx"


@dataclass(frozen=True)
class Book:
    """One file as it was sent."""

    path: str
    sender: str
    period: str
    sheets: tuple[LaidOut, ...]


def write_source(
    out: Path,
    answers: list[Answer],
    tables: Mapping[str, Table],
    county: County,
    rng: random.Random,
) -> list[Planted]:
    """Write every workbook, the register of receipts, the aliases and the tree of units.

    Returns what is planted in them.
    """
    books = list(_bind_books(answers, tables, county, rng))
    planted: list[Planted] = []
    for book in books:
        path = out / book.path
        path.parent.mkdir(parents=True, exist_ok=True)
        grids = [sheet.grid for sheet in book.sheets]
        if (book.sender, book.period) == _STRAY_SHEET:
            grids.append(_telephone_list())
            planted.append(Planted(book.path, grids[-1].name, 0, "", "sheet_unrecognised"))
        write_grids(path, grids)
        for sheet in book.sheets:
            planted += sheet.planted(book.path)
    (out / _BROKEN).write_bytes(b"PK\x03\x04 interrupted while saving")
    planted.append(Planted(_BROKEN, "", 0, "", "file_unreadable"))
    write_grids(out / "units.xlsx", [_units_sheet(tables, county)])
    (out / "aliases.toml").write_text(_aliases(county), encoding="utf-8")
    planted += _write_receipts(out, books, tables, county, rng)
    return planted


def _bind_books(
    answers: list[Answer], tables: Mapping[str, Table], county: County, rng: random.Random
) -> Iterator[Book]:
    bound: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        bound.setdefault((answer.sender, answer.period), []).append(answer)
    for (sender, period), sent in sorted(bound.items()):
        unit, when = county.name_of(sender), period_words(period)
        if HANDS[sender].format == "csv":
            for answer in sent:
                stem = f"{when}{tables[answer.table].label['zh']}"
                laid = lay_out(answer, tables[answer.table], county, rng, sheet_name=stem)
                yield Book(f"{period[:4]}/{unit}/{stem}.csv", sender, period, (laid,))
            continue
        laid_out = tuple(
            lay_out(
                answer,
                tables[answer.table],
                county,
                rng,
                sheet_name=tables[answer.table].label["zh"],
            )
            for answer in sent
        )
        path = f"{period[:4]}/{unit}{when}报表.{HANDS[sender].format}"
        yield Book(path, sender, period, laid_out)


def _telephone_list() -> Grid:
    grid = Grid("通讯录")
    for row, line in enumerate((("科室", "座机"), ("综合科", "6021"), ("宣传科", "6022"))):
        for column, text in enumerate(line):
            grid.put(row, column, text)
    return grid


def _units_sheet(tables: Mapping[str, Table], county: County) -> Grid:
    table = next(table for table in tables.values() if table.is_units)
    levels = {c.value: c.label["zh"] for c in table.column("level").categories}
    grid = Grid(table.label["zh"])
    for column, field in enumerate(table.columns):
        grid.put(0, column, field.label["zh"])
    for row, span in enumerate(county.tree.spans, start=1):
        cells: dict[str, Cell] = {
            "code": span.code,
            "name": span.name,
            "level": levels.get(span.level, span.level),
            "parent": span.parent,
            "valid_from": span.valid_from,
            "valid_to": span.valid_to if span.valid_to != FOREVER else None,
            "successor": span.successor,
            "aliases": "；".join(span.aliases).replace("；", ";"),
        }
        for column, field in enumerate(table.columns):
            grid.put(row, column, cells.get(field.name))
    return grid


def _aliases(county: County) -> str:
    headers = "\n".join(f'"{text}" = "{t}.{c}"' for text, (t, c) in ALIASED_HEADERS.items())
    units = f'"{county.name[:-1]}县文明建设办" = "{ROOT}"'
    return f"# 已由人工确认的写法\n[headers]\n{headers}\n\n[units]\n{units}\n"


def _write_receipts(
    out: Path, books: list[Book], tables: Mapping[str, Table], county: County, rng: random.Random
) -> list[Planted]:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("文件", "单位", "期间", "收到日期"))
    planted: list[Planted] = []
    for book in books:
        due = _due_day(book, tables)
        late_by = LATE.get((book.sender, book.period), 0)
        received = due + timedelta(late_by or -rng.randint(1, 7))
        if HANDS[book.sender].registered:
            name = county.name_of(book.sender)
            writer.writerow((book.path, name, book.period, received.isoformat()))
        if late_by:
            planted += [_late(book, sheet) for sheet in book.sheets]
    (out / "receipts.csv").write_text(text.getvalue(), encoding="utf-8-sig")
    return planted


def _due_day(book: Book, tables: Mapping[str, Table]) -> date:
    days = min(tables[sheet.answer.table].asked.due_days for sheet in book.sheets)
    return parse_period(book.period).last_day + timedelta(days)


def _late(book: Book, sheet: LaidOut) -> Planted:
    about = (("unit", book.sender), ("table", sheet.answer.table), ("period", book.period))
    return Planted(book.path, sheet.grid.name, 0, "", "late_return", about)
