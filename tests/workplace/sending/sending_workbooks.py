"""A round of the small county, and workbooks for it."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from workplace.rounds.models import Return, Round, RoundState

TITLE = ["青石镇2023年第二季度学习台账"]
HEADER = ["学习单位", "学习日期", "学习形式", "学习主题", "应到人数", "实到人数", "主讲人"]
DAY = datetime(2023, 4, 10)
GOOD = ["青石镇", DAY, "中心组学习", "读书会", 12, 11, "王甲"]
BAD = ["青石镇", "三十号左右", "中心组学习", "又一次读书会", 12, "若干", "王乙"]

Cells = Sequence[object]


def workbook(*rows: Cells, name: str = "学习.xlsx", **sheets: Sequence[Cells]) -> Any:
    """An .xlsx with one sheet of study sessions, and whatever other sheets are named."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd", "in_memory": True})
    for title, lines in {"学习": [TITLE, HEADER, *rows], **sheets}.items():
        sheet = book.add_worksheet(title)
        for number, line in enumerate(lines):
            for at, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(number, at, cell)
                elif cell is not None:
                    sheet.write(number, at, cell)
    book.close()
    return SimpleUploadedFile(name, content.getvalue())


def make_round(*, tables: Sequence[str], units: Sequence[str], period: str = "2023-Q2") -> Round:
    """An open round with one return a table and unit."""
    made = Round.objects.create(
        title="二季度报送", pack="annual-duty", pack_version="1", period=period,
        tables=list(tables), due_on=date(2023, 7, 10), state=RoundState.OPEN, seed="s",
    )  # fmt: skip
    for table in tables:
        for unit in units:
            Return.objects.create(
                round=made, table=table, unit_id=unit, period=period,
                due_on=made.due_on, first_due_on=made.due_on,
            )  # fmt: skip
    return made
