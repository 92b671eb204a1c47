"""A unit's register as a workbook: its records, where each was written, what is doubtful."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from shuzhi.ledgers.evidence import Evidence
from shuzhi.ledgers.model import FILE, PRECISION, RECORD_ID, ROW, SHEET, Problem
from shuzhi.ledgers.safe_workbook import Cell, new_workbook, sheet_name, write_table
from shuzhi.packs.model import Column, ColumnType, Pack, Role, Table
from shuzhi.units import UnitTree

_WIDTHS = {ColumnType.DATE: 12, ColumnType.BOOLEAN: 9, ColumnType.INTEGER: 10,
           ColumnType.NUMBER: 11, ColumnType.STRING: 20}  # fmt: skip
_TEXT_WIDTH = 44
_FROM = (RECORD_ID, PRECISION, FILE, SHEET, ROW)
_FROM_WIDTHS = (16, 8, 32, 14, 7)
_TEXTS: Mapping[str, Mapping[str, Any]] = {
    "zh": {
        "yes": "是", "no": "否", "contents": "目录",
        "from": ("记录编号", "日期精度", "文件", "工作表", "行"),
        "precision": {"day": "日", "ten_days": "旬", "month": "月"},
        "lists": ("内容", "条数"), "about": "{unit}（{code}）台账　{title} {version}",
        "problems": "问题", "problem": ("文件", "工作表", "单元格", "列", "原值", "问题", "怎么改"),
        "flags": "疑点", "flag": ("疑点编号", "核对项", "单位", "表", "记录", "期间", "待核实",
                                "可能的正当原因", "处理结果", "说明"),
        "evidence": "佐证", "proof": ("表", "记录编号", "佐证名称", "包内文件", "SHA-256"),
        "missing": "未找到",
    },
    "en": {
        "yes": "yes", "no": "no", "contents": "Contents",
        "from": ("Record", "Day known to", "File", "Sheet", "Row"),
        "precision": {"day": "day", "ten_days": "ten days", "month": "month"},
        "lists": ("What", "Entries"), "about": "Register of {unit} ({code}), {title} {version}",
        "problems": "Problems",
        "problem": ("File", "Sheet", "Cell", "Column", "As found", "What is wrong", "What to do"),
        "flags": "Flags", "flag": ("Flag", "Check", "Unit", "Table", "Records", "Period",
                                   "To be clarified", "Innocent explanation", "Outcome", "Reason"),
        "evidence": "Evidence",
        "proof": ("Table", "Record", "Named as", "File in the archive", "SHA-256"),
        "missing": "not found",
    },
}  # fmt: skip
_FLAG_KEYS = ("flag_id", "check", "unit", "table", "records", "period", "question", "explanation",
              "outcome", "reason")  # fmt: skip
_PROBLEM_WIDTHS = (32, 14, 8, 16, 18, 40, 40)
_FLAG_WIDTHS = (14, 18, 14, 14, 24, 12, 44, 44, 10, 24)
_PROOF_WIDTHS = (16, 16, 32, 40, 66)


@dataclass(frozen=True)
class Register:
    """All that a register holds of one unit and those below it.

    `records` has the rows of every table of the pack. `evidence` pairs each named file with its
    path in the archive and its SHA-256, '' where it was not found.
    """

    pack: Pack
    tree: UnitTree
    unit: str
    records: Mapping[str, Sequence[Mapping[str, Any]]]
    problems: Sequence[Problem]
    flags: Sequence[Mapping[str, Any]]
    evidence: Sequence[tuple[Evidence, str, str]]


def write_register_workbook(path: Path, register: Register, lang: str) -> None:
    """Nothing; `path` has a sheet of contents, one for each table with records, and the rest."""
    texts = _TEXTS[lang]
    with new_workbook(path) as workbook:
        contents = workbook.add_worksheet(texts["contents"])
        listed: list[list[Cell]] = []
        for table in register.pack.tables.values():
            if rows := register.records[table.name]:
                _add_records(workbook, register, table, rows, lang)
                listed.append([table.label[lang], len(rows)])
        for key, header, widths, lines in (
            ("problems", "problem", _PROBLEM_WIDTHS, _problem_rows(register)),
            ("flags", "flag", _FLAG_WIDTHS, _flag_rows(register)),
            ("evidence", "proof", _PROOF_WIDTHS, _evidence_rows(register, lang)),
        ):
            columns = dict(zip(texts[header], widths, strict=True))
            _add(workbook, texts[key], columns, lines)
            listed.append([texts[key], len(lines)])
        write_table(workbook, contents, dict(zip(texts["lists"], (36, 12), strict=True)), listed)
        contents.set_header(f"&L{_about(register, lang).replace('&', '&&')}")
        contents.write_string(len(listed) + 2, 0, _about(register, lang))


def _about(register: Register, lang: str) -> str:
    span = register.tree.by_code[register.unit][-1]
    pack = register.pack
    return str(_TEXTS[lang]["about"]).format(
        unit=span.name, code=span.code, title=pack.title[lang], version=pack.version
    )


def _add(
    workbook: Workbook, name: str, columns: Mapping[str, float], rows: list[list[Cell]]
) -> None:
    taken = [sheet.get_name() for sheet in workbook.worksheets()]
    write_table(workbook, workbook.add_worksheet(sheet_name(name, taken)), columns, rows)


def _add_records(
    workbook: Workbook, register: Register, table: Table, rows: Sequence[Mapping[str, Any]],
    lang: str,
) -> None:  # fmt: skip
    texts = _TEXTS[lang]
    shown = [column for column in table.columns if column.role is not Role.PERSON]
    widths = {
        column.label[lang]: _TEXT_WIDTH if column.role is Role.TEXT else _WIDTHS[column.type]
        for column in shown
    }
    widths |= dict(zip(texts["from"], _FROM_WIDTHS, strict=True))
    day_column = table.column_with(Role.DATE)
    lines: list[list[Cell]] = []
    for row in rows:
        day = row[day_column.name] if day_column else None
        cells = [_shown(row[column.name], column, register.tree, day, lang) for column in shown]
        where = [row[name] for name in _FROM]
        where[1] = texts["precision"].get(where[1], where[1])
        lines.append([*cells, *where])
    _add(workbook, table.label[lang], widths, lines)


def _shown(value: Any, column: Column, tree: UnitTree, day: date | None, lang: str) -> Cell:
    if value is None:
        return None
    if column.role in (Role.UNIT, Role.UNIT_REF) and value in tree.by_code:
        span = tree.span(value, day) if day else tree.by_code[value][-1]
        return f"{span.name}（{value}）" if lang == "zh" else f"{span.name} ({value})"
    if column.type is ColumnType.BOOLEAN:
        return str(_TEXTS[lang]["yes" if value else "no"])
    labels = {category.value: category.label[lang] for category in column.categories}
    shown: Cell = labels.get(value, value)
    return shown


def _problem_rows(register: Register) -> list[list[Cell]]:
    return [
        [p.file, p.sheet, p.cell, p.column, p.value, p.message, p.remedy]
        for p in register.problems
    ]  # fmt: skip


def _flag_rows(register: Register) -> list[list[Cell]]:
    return [
        ["; ".join(flag[key]) if key == "records" else flag[key] for key in _FLAG_KEYS]
        for flag in register.flags
    ]


def _evidence_rows(register: Register, lang: str) -> list[list[Cell]]:
    return [
        [e.table, e.record, e.name, inside or str(_TEXTS[lang]["missing"]), digest]
        for e, inside, digest in register.evidence
    ]
