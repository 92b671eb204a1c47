"""A round that asks T1 and T2, and a workbook of each."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from access.examples import CANARY, People, canary, example
from workplace.jobs.worker import work_off
from workplace.rounds.models import Return, Round, RoundState
from workplace.sending.models import ProblemRow, Upload
from workplace.sending.uploads_actions import send_workbook
from workplace.units.models import Unit

SHEET = "学习单位,学习日期,学习形式,学习主题\n{unit},三十号,中心组学习,{title}\n"


def _round() -> Round:
    due = date(2023, 7, 10)
    made = Round.objects.create(
        title="二季度", pack="annual-duty", pack_version="1", period="2023-Q2", due_on=due,
        state=RoundState.OPEN, seed="s", tables=["study_sessions"],
    )  # fmt: skip
    for unit in ("T1", "T2"):
        Return.objects.create(
            round=made, table="study_sessions", unit_id=unit, period="2023-Q2", due_on=due,
            first_due_on=due,
        )  # fmt: skip
    return made


def _upload(people: People, unit: str, clerk: str, title: str) -> Upload:
    content = SHEET.format(unit="青石镇人民政府" if unit == "T1" else unit, title=title)
    upload, _ = send_workbook(
        by=people[clerk], round_=_round(), unit=Unit.objects.get(pk=unit),
        file=SimpleUploadedFile(f"学习活动{title}.csv", content.encode()),
    )  # fmt: skip
    work_off()
    return upload


@example
def asking_round_of_t1(people: People) -> Mapping[str, Any]:
    return {"round_id": _round().pk, "unit": "T1"}


@example
def upload_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": _upload(people, "T1", "clerk1", "读书会").pk}


@example
def file_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": _upload(people, "T1", "clerk1", "读书会").pk, "which": "sent"}


@example
def problem_row_of_t1(people: People) -> Mapping[str, Any]:
    upload = _upload(people, "T1", "clerk1", "读书会")
    return {"pk": upload.pk, "row": ProblemRow.objects.get(upload=upload).pk}


@canary
def upload_of_t2(people: People) -> None:
    _upload(people, "T2", "clerk2", CANARY)
