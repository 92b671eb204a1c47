"""The lists an office keeps beside the workbooks: what became of flags, appeals, objections."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from shuzhi.errors import InputRefused

OUTCOMES_FILES = ("outcomes.csv", "疑点处理.csv")
APPEALS_FILES = ("appeals.csv", "申诉.csv")
OBJECTIONS_FILES = ("objections.csv", "异议.csv")
_ENCODINGS = ("utf-8-sig", "gb18030")


def read_office_list(
    source: Path | None,
    names: Sequence[str],
    headers: Mapping[str, str],
    needed: Sequence[str],
    header_line: str,
) -> Iterator[tuple[str, dict[str, str]]]:
    """Each line that is not empty as (where it stands, its cells by key); none without the file.

    `names` are the file's possible names, `headers` what a column may be headed → its key, `needed`
    the keys there must be, `header_line` what to write if not.
    Raises: InputRefused where a column is missing or the text cannot be decoded.
    """
    path = next((source / name for name in names if source and (source / name).is_file()), None)
    if path is None:
        return
    lines = csv.reader(io.StringIO(_decoded(path)))
    header = [headers.get(cell.strip(), "") for cell in next(lines, [])]
    if missing := [name for name in needed if name not in header]:
        raise InputRefused(
            f"{path.name}: there is no column {', '.join(missing)}; write the header {header_line}"
        )
    for number, cells in enumerate(lines, 2):
        row = {key: cell.strip() for key, cell in zip(header, cells, strict=False) if key}
        if any(row.values()):
            yield f"{path.name}: line {number}", row


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputRefused(f"{path.name}: its text is neither UTF-8 nor GB18030; save it as UTF-8")
