"""truth.json: what the reader and the engine must find."""

import json
from collections.abc import Iterable
from pathlib import Path

from shuzhi.demo.book import Planted
from shuzhi.demo.truth import TrueFigure


def write_truth(
    path: Path, seed: int, figures: Iterable[TrueFigure], planted: Iterable[Planted]
) -> None:
    """One object a line, so that two counties can be compared line by line."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    errors = sorted(planted, key=lambda e: (e.file, e.sheet, e.row, e.column, e.code, e.extra))
    lines = [
        f'{{"seed": {seed},',
        '"errors": [',
        ",\n".join(encode(error.as_json()) for error in errors),
        '],\n"figures": [',
        ",\n".join(encode(figure.as_json()) for figure in figures),
        "]}\n",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
