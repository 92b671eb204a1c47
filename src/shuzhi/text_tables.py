"""Rows of plain values as aligned text or CSV."""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.csv as pc

_WIDEST = 48


def as_csv(rows: Sequence[Mapping[str, object]]) -> str:
    """CSV with a header, `` for missing. A cell that a spreadsheet would run is quoted by '."""
    if not rows:
        return ""
    text = io.StringIO()
    names = list(rows[0])
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_harmless(row[name]) for name in names] for row in rows)
    return text.getvalue()


def columns_as_csv(columns: Mapping[str, pa.ChunkedArray | Sequence[str]]) -> str:
    """`as_csv` for columns of many rows. A list holds numbers, as text already."""
    table = {
        name: column if isinstance(column, Sequence) else _harmless_column(column)
        for name, column in columns.items()
    }
    sink = io.BytesIO()
    options = pc.WriteOptions(include_header=False, quoting_style="needed")
    pc.write_csv(pa.table(table), sink, options)
    return ",".join(columns) + "\n" + sink.getvalue().decode()


def as_table(rows: Sequence[Mapping[str, object]]) -> str:
    """Columns aligned by display width, Chinese characters counting two; long cells are cut."""
    if not rows:
        return "—\n"
    values = ([_cut("" if v is None else str(v)) for v in row.values()] for row in rows)
    cells = [list(rows[0]), *values]
    widths = [max(display_width(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = (
        "  ".join(c + " " * (w - display_width(c)) for c, w in zip(row, widths, strict=True))
        for row in cells
    )
    return "\n".join(line.rstrip() for line in lines) + "\n"


def display_width(text: str) -> int:
    """Columns the text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _harmless(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") and len(value) > 1:
        return "'" + value
    return value


def _harmless_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_string(column.type):
        return column
    words = column.combine_chunks().dictionary_encode()
    harmless = pa.array([_harmless(word) for word in words.dictionary.to_pylist()], pa.string())
    return harmless.take(words.indices)
