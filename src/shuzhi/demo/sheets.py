"""One sheet as its sender writes it: title, header rows, totals, records, notes, lists beside."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shuzhi.demo.book import Answer, Cell, Planted, Record, Value
from shuzhi.demo.county import County
from shuzhi.demo.hands import HANDS, Hand, choose_header
from shuzhi.demo.spelling import spell_value
from shuzhi.packs.model import Column, ColumnType, Role, Table
from shuzhi.periods import PeriodKind, parse_period

UNKNOWN_COLUMN = "领导批示"
ALIASED_HEADERS = {"到会人头数": ("meetings", "attended"), "来稿渠道": ("publications", "channel")}
_GROUPS = ("基本情况", "开展情况", "落实情况", "统计数据")
_QUARTERS = "一二三四"
_NOT_ADDED = frozenset({"%", "分钟"})


@dataclass
class Grid:
    """What stands in a sheet. `merged` holds first and last (row, column) from 0."""

    name: str
    cells: list[list[Cell]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)

    def put(self, row: int, column: int, cell: Cell) -> None:
        while len(self.cells) <= row:
            self.cells.append([])
        line = self.cells[row]
        line += [None] * (column + 1 - len(line))
        line[column] = cell


@dataclass
class LaidOut:
    """A sheet and where in it the records, the total and the header stand (rows from 0)."""

    grid: Grid
    answer: Answer
    headers: Mapping[str, str]
    header_row: int
    rows: dict[Record, int] = field(default_factory=dict)
    total: tuple[int, str] | None = None

    def planted(self, file: str) -> list[Planted]:
        """The errors that stand in this sheet, at their cells."""
        sheet, found = self.grid.name, []
        for record, row in self.rows.items():
            for column, odd in record.odd.items():
                if odd.code:
                    found.append(Planted(file, sheet, row + 1, self.headers[column], odd.code))
            for flag in record.flags:
                header = self.headers.get(flag.column, "")
                about = (("unit", str(record.values["unit"])), ("table", record.table))
                found.append(Planted(file, sheet, row + 1, header, flag.check, about))
        if self.total and self.answer.oddity == "wrong_total":
            row, header = self.total
            found.append(Planted(file, sheet, row + 1, header, "total_disagrees"))
        if self.answer.oddity == "unknown_column":
            row = self.header_row + 1
            found.append(Planted(file, sheet, row, UNKNOWN_COLUMN, "header_unknown"))
        if self.answer.oddity == "only_header":
            found.append(Planted(file, sheet, 0, "", "sheet_empty"))
        return found


def lay_out(
    answer: Answer, table: Table, county: County, rng: random.Random, *, sheet_name: str
) -> LaidOut:
    """The sheet with which a sender gives `answer`."""
    hand = HANDS[answer.sender]
    columns = _choose_columns(answer, table, hand, rng)
    headers = _choose_headers(columns, answer, hand, rng)
    grid = Grid(sheet_name)
    left = 1 if hand.serial else 0
    width = left + len(columns) + (answer.oddity == "unknown_column")
    if hand.title:
        _put_title(grid, answer, table, county, hand, width)
    header_row = _put_header(grid, [headers[c.name] for c in columns], hand, left)
    if answer.oddity == "unknown_column":
        grid.put(header_row, width - 1, UNKNOWN_COLUMN)
    laid = LaidOut(grid, answer, headers, header_row)
    if hand.sample:
        _put_sample(grid, columns)
    if hand.totals == "above":
        _put_total(laid, columns, hand, left)
    _put_records(laid, columns, hand, county, rng, left)
    if hand.totals == "below":
        _put_total(laid, columns, hand, left)
    _put_remarks(laid, columns, hand, width)
    return laid


def period_words(name: str) -> str:
    """A period as titles and file names say it: 2023年第一季度, 2023年度."""
    period = parse_period(name)
    if period.kind is PeriodKind.QUARTER:
        return f"{period.start.year}年第{_QUARTERS[period.start.month // 3]}季度"
    return f"{period.start.year}年度"


def _choose_columns(answer: Answer, table: Table, hand: Hand, rng: random.Random) -> list[Column]:
    """The columns a sender keeps: without those it has nothing for, maybe in another order."""
    kept = [column for column in table.columns if _is_kept(column, answer, rng)]
    if hand.shuffled:
        first, rest = kept[:1], kept[1:]
        rng.shuffle(rest)
        return first + rest
    return kept


def _is_kept(column: Column, answer: Answer, rng: random.Random) -> bool:
    records = answer.records
    if not records or any(column.name in record.odd for record in records):
        return True
    values = {record.values.get(column.name) for record in records}
    if column.default == "sender" and values == {answer.sender}:
        return rng.random() < 0.6
    if column.default == "period_end" and values == {parse_period(answer.period).last_day}:
        return rng.random() < 0.7
    return values != {None} or column.required


def _choose_headers(
    columns: Sequence[Column], answer: Answer, hand: Hand, rng: random.Random
) -> dict[str, str]:
    headers: dict[str, str] = {}
    for column in columns:
        header = choose_header((column.label["zh"], *column.synonyms), hand, rng)
        if header in headers.values():
            header = column.label["zh"]
        headers[column.name] = header
    if answer.oddity == "aliased_header":
        for text, (table, name) in ALIASED_HEADERS.items():
            if table == answer.table and name in headers:
                headers[name] = text
    return headers


def _put_title(
    grid: Grid, answer: Answer, table: Table, county: County, hand: Hand, width: int
) -> None:
    unit = county.name_of(answer.sender)
    named = unit if unit.startswith(county.name) else county.name + unit
    what = next((s for s in table.synonyms if s.endswith(("表", "台账"))), table.label["zh"])
    grid.put(0, 0, f"{named}{period_words(answer.period)}{what}")
    if width > 1:
        grid.merged.append((0, 0, 0, width - 1))
    if hand.notes:
        grid.put(1, 0, f"填报单位：{unit}")


def _put_header(grid: Grid, texts: list[str], hand: Hand, left: int) -> int:
    """The header, its leaves in the row returned; groups stand above the inner columns."""
    top = len(grid.cells)
    leaf_row = top + hand.header_rows - 1
    last = left + len(texts) - 1
    if left:
        _put_leaf(grid, top, leaf_row, 0, "序号")
    if hand.header_rows == 1:
        for column, text in enumerate(texts, start=left):
            grid.put(top, column, text)
        return leaf_row
    inner = range(left + 1, last)
    for column, text in enumerate(texts, start=left):
        _put_leaf(grid, leaf_row if column in inner else top, leaf_row, column, text)
    if hand.header_rows == 3 and inner:
        _put_group(grid, top, inner[0], inner[-1], "填报内容")
    for number, first in enumerate(inner[::4]):
        final = min(first + 3, inner[-1])
        _put_group(grid, leaf_row - 1, first, final, _GROUPS[number % len(_GROUPS)])
    return leaf_row


def _put_leaf(grid: Grid, top: int, bottom: int, column: int, text: str) -> None:
    grid.put(top, column, text)
    if top < bottom:
        grid.put(bottom, column, None)
        grid.merged.append((top, column, bottom, column))


def _put_group(grid: Grid, row: int, first: int, last: int, text: str) -> None:
    grid.put(row, first, text)
    if last > first:
        grid.merged.append((row, first, row, last))


def _put_sample(grid: Grid, columns: Sequence[Column]) -> None:
    row = len(grid.cells)
    for position, column in enumerate(columns):
        grid.put(row, position, _sample_of(column) if position else "示例")
    grid.hidden.add(row)


def _sample_of(column: Column) -> Cell:
    if column.categories:
        return column.categories[0].label["zh"]
    samples: Mapping[ColumnType, Cell] = {
        ColumnType.DATE: "2021年3月8日",
        ColumnType.BOOLEAN: "是",
        ColumnType.INTEGER: 12,
        ColumnType.NUMBER: 1.5,
    }
    return samples.get(column.type, "按实际填写")


def _put_records(
    laid: LaidOut,
    columns: Sequence[Column],
    hand: Hand,
    county: County,
    rng: random.Random,
    left: int,
) -> None:
    grid, answer = laid.grid, laid.answer
    top = len(grid.cells)
    for number, record in enumerate(answer.records):
        row = top + number
        laid.rows[record] = row
        if left:
            grid.put(row, 0, number + 1)
        for position, column in enumerate(columns, start=left):
            odd = record.odd.get(column.name)
            value = record.values.get(column.name)
            spelled = spell_value(value, column, hand, county, answer.period, rng)
            grid.put(row, position, odd.cell if odd else spelled)
        if answer.oddity == "unknown_column":
            grid.put(row, left + len(columns), rng.choice(("同意", "请抓紧", "已阅")))
    if answer.state == "nil":
        grid.put(top, left, rng.choice(("无", "本期无", "零报告")))
    if answer.state == "not_applicable":
        grid.put(top, left, f"不适用，{answer.reason}")


def _put_total(laid: LaidOut, columns: Sequence[Column], hand: Hand, left: int) -> None:
    """A row of totals; sheets with rows that cannot be read have none."""
    answer = laid.answer
    if not answer.records or any(record.is_refused for record in answer.records):
        return
    added = [(at, c) for at, c in enumerate(columns, start=left) if at and _is_added(c)]
    if not added:
        return
    row = len(laid.grid.cells)
    laid.grid.put(row, 0, "合计")
    for position, column in added:
        numbers = [_number(record.values.get(column.name)) for record in answer.records]
        total = sum(numbers, Decimal(0))
        if answer.oddity == "wrong_total" and laid.total is None:
            laid.total = (row, laid.headers[column.name])
            total += 11
        laid.grid.put(row, position, int(total) if total == int(total) else float(total))


def _is_added(column: Column) -> bool:
    is_number = column.type in (ColumnType.INTEGER, ColumnType.NUMBER)
    uom = column.uom["zh"] if column.uom else ""
    return is_number and bool(uom) and uom not in _NOT_ADDED and column.role is Role.NONE


def _number(value: Value) -> Decimal:
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def _put_remarks(laid: LaidOut, columns: Sequence[Column], hand: Hand, width: int) -> None:
    grid, first = laid.grid, laid.header_row + 1
    if hand.lists and laid.answer.records:
        labels = [c.label["zh"] for column in columns for c in column.categories]
        for number, label in enumerate(labels):
            grid.put(first + number, width + 2, label)
    if hand.notes and laid.answer.state != "only_header":
        if len(grid.cells) > first:
            grid.put(first, width + 1, "请各单位核对后盖章")
        grid.put(len(grid.cells), 0, "注：本表由各单位如实填写，空项不填。")
        grid.put(len(grid.cells), 0, f"填表人：{_signature(laid.answer)}")


def _signature(answer: Answer) -> str:
    return "王" + "甲乙丙丁戊己庚辛壬癸"[len(answer.table) % 10]
