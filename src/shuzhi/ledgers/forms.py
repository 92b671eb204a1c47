"""The prefilled workbook a unit is sent: a sheet for every table asked of it.

Beside the tables it has a sheet of instructions and two hidden ones, FORM_SHEET with the sender
and the period, and the lists behind the drop-downs; see form_sheets.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from shuzhi.errors import UserError
from shuzhi.ledgers.form_sheets import FORM_KEYS, FORM_SHEET, INSTRUCTIONS, LISTS_SHEET
from shuzhi.ledgers.form_tables import Form, Lists, expected_rows, write_table_sheet
from shuzhi.ledgers.form_texts import TEXTS, say_period
from shuzhi.ledgers.known_records import known_records, refuse_unknown_unit
from shuzhi.ledgers.model import Ledgers
from shuzhi.ledgers.safe_workbook import (
    RULE,
    Cell,
    new_format,
    new_workbook,
    print_as_a4_landscape,
    sheet_name,
    write_cell,
)
from shuzhi.packs.model import Pack, Table
from shuzhi.packs.uses import form_minutes
from shuzhi.periods import Period, PeriodKind, calendar_period, calendar_periods
from shuzhi.units import UnitTree

__all__ = ["FORM_SHEET", "write_form"]

_RULES = ("rule_1", "rule_2", "rule_3", "rule_4", "rule_5")
_RULE_HEIGHT = {"zh": 22, "en": 36}
_DARK, _LIGHT = "#1F4E79", "#DCE6F1"
_WIDTHS = (28, 12, 14, 18, 18, 22)

Records = Mapping[str, Sequence[Mapping[str, Any]]]


def write_form(
    pack: Pack, ledgers: Ledgers | None, unit: str, out: Path, *,
    period: Period | None = None, lang: str = "zh", only: Collection[str] | None = None,
) -> None:  # fmt: skip
    """Nothing; `out` is the workbook that `unit` fills in for `period`, of the tables named in
    `only` where it is given.

    `period` is the last year the pack collects unless given; tables asked less often than that are
    left out. Without `ledgers` nothing is known: `unit` is printed as written, every table asked
    of anyone is there (of one level, where `unit` is a level's code), units are not listed.

    Raises: UserError where the unit is unknown or nothing is asked of it.
    """
    last_day = pack.collects_until - timedelta(days=1)
    period = period or calendar_period(PeriodKind.YEAR, last_day.year, 1)
    tables = [
        table for table in _tables_asked(pack, ledgers, unit, period)
        if only is None or table.name in only
    ]  # fmt: skip
    records = {
        table.name: known_records(ledgers, table, unit, period) if ledgers else []
        for table in tables
    }
    name = ledgers.units.name(unit, period.last_day) if ledgers else unit
    own = _units_below(ledgers.units, unit, period) if ledgers else []
    with new_workbook(out) as workbook:
        guide = workbook.add_worksheet(INSTRUCTIONS[lang])
        lists = workbook.add_worksheet(LISTS_SHEET)
        units = _unit_names(ledgers.units, own, period) if ledgers else {}
        form = Form(pack, name, period, lang, units, own, Lists(lists))
        _write_guide(workbook, guide, form, tables, records)
        for table in tables:
            taken = [sheet.get_name() for sheet in workbook.worksheets()]
            sheet = workbook.add_worksheet(sheet_name(table.label[lang], taken))
            write_table_sheet(workbook, sheet, form, table, records[table.name])
        _write_identity(workbook.add_worksheet(FORM_SHEET), pack, unit, period)
        lists.hide()


def _tables_asked(pack: Pack, ledgers: Ledgers | None, unit: str, period: Period) -> list[Table]:
    level = _level(pack, ledgers, unit, period)
    asked = [
        table for table in pack.tables.values()
        if table.asked.levels and (not level or level in table.asked.levels)
        and _has_whole(table.asked.every, period)
    ]  # fmt: skip
    if not asked:
        raise UserError(
            f"nothing is asked of {unit} for {period.name}: its superior answers for it, or "
            "everything is asked less often; name another unit or a longer period"
        )
    return asked


def _level(pack: Pack, ledgers: Ledgers | None, unit: str, period: Period) -> str:
    """The unit's level; '' where nothing is known of it."""
    if ledgers is None:
        return unit if unit in {level.code for level in pack.levels} else ""
    refuse_unknown_unit(ledgers.units, unit)
    return ledgers.units.level(unit, period.last_day)


def _has_whole(every: PeriodKind, period: Period) -> bool:
    parts = calendar_periods(every, period.start, period.end)
    return any(period.start <= part.start and part.end <= period.end for part in parts)


def _units_below(tree: UnitTree, unit: str, period: Period) -> list[str]:
    """The unit, then those below it at any time in the period, by code."""
    below = [code for code in tree.at_or_below(unit, period.start, period.end) if code != unit]
    return [unit, *below]


def _unit_names(tree: UnitTree, own: Sequence[str], period: Period) -> dict[str, str]:
    """What stands for each unit: its name, or its code where another has the same name."""
    existing = [c for c in tree.codes if tree.exists_during(c, period.start, period.end)]
    codes = list(dict.fromkeys([*own, *existing]))
    names = {code: tree.name(code, period.last_day) for code in codes}
    often = Counter(names.values())
    return {code: name if often[name] == 1 else code for code, name in names.items()}


def _write_guide(
    workbook: Workbook, sheet: Worksheet, form: Form, tables: Sequence[Table], records: Records
) -> None:
    texts, width = TEXTS[form.lang], len(_WIDTHS) - 1
    title = new_format(workbook, bold=True, font_size=18, font_color=_DARK)
    strong = new_format(workbook, bold=True, font_size=11, font_color=_DARK)
    plain = new_format(workbook, font_size=11)
    rule = new_format(workbook, font_size=11, text_wrap=True, valign="top")
    for column, wide in enumerate(_WIDTHS):
        sheet.set_column(column, column, wide)
    sheet.set_row(0, 36)
    write_cell(sheet, 0, 0, texts["heading"].format(title=form.pack.title[form.lang]), title)
    lines = _time_lines(form, tables, records)
    whole = sum(minutes for *_, minutes in lines)
    facts = {
        "unit": form.unit_name,
        "period": say_period(form.period, form.lang),
        "time": texts["minutes"].format(n=round(whole), sheets=len(tables)),
    }
    for row, (key, value) in enumerate(facts.items(), start=1):
        sheet.set_row(row, 20)
        write_cell(sheet, row, 0, texts[key], strong)
        write_cell(sheet, row, 1, value, plain)
    write_cell(sheet, 5, 0, texts["how"], strong)
    for row, key in enumerate(_RULES, start=6):
        sheet.set_row(row, _RULE_HEIGHT[form.lang])
        sheet.merge_range(row, 0, row, width, "", rule)
        write_cell(sheet, row, 0, f"{row - 5}. {texts[key]}", rule)
    _write_times(workbook, sheet, form, tables, lines, first_row=7 + len(_RULES))
    sheet.hide_gridlines(2)
    sheet.protect("")
    print_as_a4_landscape(sheet, header_rows=0, footer=form.unit_name)
    sheet.fit_to_pages(1, 1)
    sheet.activate()


def _time_lines(
    form: Form, tables: Sequence[Table], records: Records
) -> list[tuple[int, float, int, float]]:
    """Rows expected, minutes a row, rows known, minutes in all, for each table.

    A row that is filled in already costs nothing more.
    """
    lines = []
    for table in tables:
        known = len(records[table.name])
        expected = max(expected_rows(form, table), known)
        each = form_minutes(table)
        lines.append((expected, each, known, (expected - known) * each))
    return lines


def _write_times(
    workbook: Workbook, sheet: Worksheet, form: Form, tables: Sequence[Table],
    lines: Sequence[tuple[int, float, int, float]], first_row: int,
) -> None:  # fmt: skip
    texts = TEXTS[form.lang]
    ruled = {"border": 1, "border_color": RULE}
    head = new_format(workbook, bold=True, bg_color=_DARK, font_color="#FFFFFF", align="center",
                      text_wrap=True, **ruled)  # fmt: skip
    text = new_format(workbook, align="center", **ruled)
    link = new_format(workbook, font_color="#1D4ED8", underline=1, **ruled)
    number = new_format(workbook, num_format="0.#", align="center", **ruled)
    whole = new_format(workbook, num_format="0", align="center", **ruled)
    total = new_format(workbook, bold=True, bg_color=_LIGHT, num_format="0", align="center",
                       **ruled)  # fmt: skip
    sheet.set_row(first_row, 22)
    for column, key in enumerate(("sheet", "known", "rows", "each", "whole", "due")):
        write_cell(sheet, first_row, column, texts[key], head)
    row = first_row
    sheet.set_row(row + len(tables) + 1, 20)
    for table, (expected, each, known, minutes) in zip(tables, lines, strict=True):
        row += 1
        sheet.set_row(row, 18)
        label = table.label[form.lang]
        name = sheet_name(label, ())
        sheet.write_url(row, 0, f"internal:'{name}'!A1", link, string=label)
        due = texts["due_days"].format(n=table.asked.due_days)
        cells: list[tuple[Cell, Any]] = [
            (known, whole), (expected, whole), (each, number), (minutes, whole), (due, text),
        ]  # fmt: skip
        for column, (value, style) in enumerate(cells, start=1):
            write_cell(sheet, row, column, value, style)
    sums: list[Cell] = [
        texts["total"], sum(line[2] for line in lines), sum(line[0] for line in lines), None,
        sum(line[3] for line in lines), None,
    ]  # fmt: skip
    for column, value in enumerate(sums):
        write_cell(sheet, row + 1, column, value, total)


def _write_identity(sheet: Worksheet, pack: Pack, unit: str, period: Period) -> None:
    values = (pack.name, pack.version, unit, period.name)
    for row, (key, value) in enumerate(zip(FORM_KEYS, values, strict=True)):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    sheet.hide()
