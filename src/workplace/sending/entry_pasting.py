"""Text copied from a spreadsheet as rows of a table: tabs between cells, with or without header."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from shuzhi.packs.model import Column, Table
from workplace.records.words import fold_words
from workplace.sending.entry_forms import asked_columns

# More than this is a workbook's work.
MOST_ROWS = 2_000


@dataclass(frozen=True)
class PastedRow:
    """A row by column; `number` counts from 1 as it was pasted."""

    number: int
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Pasted:
    """The rows, whether the first line named their columns, headers that name none, and how many
    rows were left out because there were too many."""

    rows: Sequence[PastedRow]
    has_header: bool = False
    unknown: Sequence[str] = field(default_factory=tuple)
    left_out: int = 0


def read_pasted(table: Table, text: str) -> Pasted:
    """What was pasted. Without a header the cells stand for the table's columns in their order."""
    lines = [
        (number, cells)
        for number, cells in enumerate(_cells(text), start=1)
        if any(cell.strip() for cell in cells)
    ]
    columns: list[Column | None] = list(asked_columns(table))
    names = _by_name(table)
    header = [names.get(_folded(cell)) for cell in lines[0][1]] if lines else []
    has_header = sum(column is not None for column in header) >= max(2, len(header) // 2)
    unknown = []
    if has_header:
        written = lines[0][1]
        unknown = [
            cell.strip()
            for cell, column in zip(written, header, strict=True)
            if column is None and cell.strip()
        ]
        columns, lines = header, lines[1:]
    rows = [
        PastedRow(
            number,
            {c.name: cell for c, cell in zip(columns, cells, strict=False) if c is not None},
        )
        for number, cells in lines[:MOST_ROWS]
    ]
    return Pasted(rows, has_header, unknown, max(0, len(lines) - MOST_ROWS))


def _cells(text: str) -> list[list[str]]:
    """The cells of each line. Where quotes do not hold together, as when one begins a cell and is
    never closed, they are signs like others."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return list(csv.reader(StringIO(text), delimiter="\t"))
    except csv.Error:
        return [line.split("\t") for line in text.split("\n")]


def _by_name(table: Table) -> dict[str, Column]:
    """Each column by what its header may be called."""
    return {
        _folded(name): column
        for column in asked_columns(table)
        for name in (*column.synonyms, *column.label.values(), column.name)
    }


def _folded(text: str) -> str:
    return "".join(fold_words(text).split())
