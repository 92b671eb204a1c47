"""Proofs as JSON, CSV, a workbook, and a table to read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import xlsxwriter

from shuzhi.figures.model import Proof, ProofRecord
from shuzhi.figures.output import plain, value_text
from shuzhi.packs.model import Pack, Text
from shuzhi.text_tables import as_csv, as_table

_HEADERS: Mapping[str, Text] = {
    "figure": {"zh": "数据", "en": "figure"},
    "value": {"zh": "数值", "en": "value"},
    "how": {"zh": "算法", "en": "how"},
    "table": {"zh": "台账", "en": "table"},
    "record": {"zh": "记录", "en": "record"},
    "unit": {"zh": "单位", "en": "unit"},
    "date": {"zh": "日期", "en": "date"},
    "contribution": {"zh": "计入", "en": "contribution"},
    "file": {"zh": "文件", "en": "file"},
    "sheet": {"zh": "工作表", "en": "sheet"},
    "row": {"zh": "行", "en": "row"},
    "cells": {"zh": "单元格", "en": "cells"},
    "sha256": {"zh": "文件 SHA-256", "en": "SHA-256 of the file"},
}
_IN_TABLE = ("table", "record", "unit", "date", "contribution", "file", "sheet", "row", "cells")
_INDENT = "    "


def proof_to_json(proof: Proof) -> str:
    """The proof with its steps inside it; whole numbers without a decimal point."""
    return json.dumps(_plain(asdict(proof)), ensure_ascii=False, indent=1) + "\n"


def proof_to_csv(proof: Proof) -> str:
    """One row per record, and one per step without records."""
    return as_csv(list(_rows(proof)))


def proof_to_table(proof: Proof, pack: Pack, *, lang: str = "zh") -> str:
    """The figure and how it came about, its records, then its steps, each further in."""
    return "\n".join(_lines(proof, pack, lang, "")) + "\n"


def write_proof_xlsx(proof: Proof, path: Path, *, lang: str = "zh") -> None:
    """The rows of CSV as a workbook. Texts stay texts: nothing in it is a formula or a link."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        sheet = workbook.add_worksheet("proof")
        bold = workbook.add_format({"bold": True})
        sheet.write_row(0, 0, [header[lang] for header in _HEADERS.values()], bold)
        for number, row in enumerate(_rows(proof), start=1):
            sheet.write_row(number, 0, list(row.values()))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(list(_rows(proof)))), len(_HEADERS) - 1)


def _rows(proof: Proof) -> Iterator[dict[str, object]]:
    for step in _walk(proof):
        value = step.figure.state.value if step.figure.value is None else step.figure.value
        about: dict[str, object] = {"figure": step.figure.figure_id, "value": plain(value)}
        about["how"] = step.how
        for record in step.records:
            yield about | _record(record)
        if not step.records:
            yield about | dict.fromkeys(list(_HEADERS)[len(about) :], "")


def _walk(proof: Proof) -> Iterator[Proof]:
    yield proof
    for step in proof.steps:
        yield from _walk(step)


def _record(record: ProofRecord) -> dict[str, object]:
    cells = " ".join(f"{column}:{address}" for column, address in record.cells)
    found = asdict(record) | {"contribution": plain(record.contribution), "cells": cells}
    return {name: found[name] for name in _HEADERS if name in found}


def _lines(proof: Proof, pack: Pack, lang: str, indent: str) -> Iterator[str]:
    figure = proof.figure
    yield f"{indent}{figure.figure_id} = {value_text(figure, pack, lang)}    {proof.how}"
    records = [
        {_HEADERS[name][lang]: _record(record)[name] for name in _IN_TABLE}
        for record in proof.records
    ]
    if records:
        yield from (f"{indent}{_INDENT}{line}" for line in as_table(records).splitlines())
    for step in proof.steps:
        yield from _lines(step, pack, lang, indent + _INDENT)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return plain(value)
