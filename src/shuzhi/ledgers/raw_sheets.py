"""The worksheets of a workbook as calamine gives them, and as JSON between two processes."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from shuzhi.ledgers.limits import FileRefused

_FROM_TEXT: dict[str, Callable[[Any], object]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


@dataclass(frozen=True)
class RawSheet:
    """One worksheet. `merged` holds first and last (row, column) from 0 of each merged range.

    Cells are str, float, bool, date, datetime, time, timedelta; an empty one is "".
    """

    name: str
    rows: list[list[object]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]]
    is_visible: bool


def raw_sheets(content: bytes) -> Iterator[RawSheet]:
    """The worksheets of an .xlsx, .xls or .ods.

    Raises: FileRefused where calamine cannot read it.
    """
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            for metadata in workbook.sheets_metadata:
                if metadata.typ is not SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_name(metadata.name)
                yield RawSheet(
                    metadata.name,
                    [list(row) for row in sheet.to_python(skip_empty_area=False)],
                    sheet.merged_cell_ranges or [],
                    metadata.visible is SheetVisibleEnum.Visible,
                )
    except (CalamineError, ValueError, OSError) as error:
        code = "file_encrypted" if "assword" in type(error).__name__ else "file_unreadable"
        raise FileRefused(code, reason=str(error)) from error
    except BaseException as error:  # noqa: BLE001 a panic in calamine derives from BaseException only
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefused("file_unreadable", reason=str(error)) from error


def sheets_as_json(sheets: Sequence[RawSheet]) -> bytes:
    """The sheets, a cell that JSON has no form for as {type: text}."""
    values = [[s.name, s.rows, s.merged, s.is_visible] for s in sheets]
    return json.dumps(values, default=_tagged, ensure_ascii=False).encode("utf-8", "surrogatepass")


def sheets_from_json(text: bytes) -> list[RawSheet]:
    """What `sheets_as_json` was given."""
    return [
        RawSheet(name, rows, [((a, b), (c, d)) for (a, b), (c, d) in merged], is_visible)
        for name, rows, merged, is_visible in json.loads(text, object_hook=_untagged)
    ]


def _tagged(cell: object) -> dict[str, object]:
    if isinstance(cell, timedelta):
        return {"timedelta": cell.total_seconds()}
    if isinstance(cell, date | time):
        return {type(cell).__name__: cell.isoformat()}
    raise TypeError(f"calamine gave a {type(cell).__name__}")


def _untagged(cell: dict[str, Any]) -> object:
    [(kind, value)] = cell.items()
    return _FROM_TEXT[kind](value)
