"""The workbooks of a quarter through the page and through the command line: the same rows."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from command_line import run_shuzhi
from made_once import made_once
from shuzhi.ledgers.read import read_source
from shuzhi.ledgers.receipts import read_aliases
from shuzhi.packs.model import Role
from shuzhi.periods import parse_period
from shuzhi.pipeline import json_rows
from workplace.accounts.models import Holding, User
from workplace.accounts.models import Role as Part
from workplace.jobs.worker import work_off
from workplace.programme import pack_named
from workplace.records.kept import FILE, KEY, PRECISION, ROW, SHEET
from workplace.records.models import Record
from workplace.records.persons import person_key
from workplace.rounds.models import Return, Round, RoundState
from workplace.sending.models import Alias, AliasKind, Upload, UploadState
from workplace.units.tree import replace_tree

QUARTER = "2023-Q2"
DUE = date(2023, 7, 10)
Place = tuple[str, str, str, int]  # sender, file, sheet, row


@pytest.fixture(scope="session")
def source(shared: Path) -> Path:
    """The example county's folder, as the tests of the engine have it."""
    return made_once(shared / "qinghe", _write_county)


def _write_county(folder: Path) -> None:
    done = run_shuzhi("demo", folder)
    assert done.code == 0, done.err


@pytest.fixture
def whole(db: None, source: Path) -> Any:
    """All of the county's source, as the command line reads it."""
    return read_source(source, pack_named("annual-duty"), person_key=person_key())


@pytest.fixture
def clerk(whole: Any) -> Client:
    """Somebody who sends for every unit of the county."""
    replace_tree(whole.units)
    user = User.objects.create_user("sender", display_name="sender")
    Holding.objects.create(
        user=user, role=Part.objects.get(code="clerk"), unit_id="QH",
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_quarter_of_the_county(source: Path, whole: Any, clerk: Client) -> None:
    """Every file that a unit sent for the quarter: text, .xls, .ods and .xlsx, messy as it came."""
    sent = sorted({(a.file, a.unit) for a in whole.returns if a.period == QUARTER})
    assert {Path(file).suffix for file, _ in sent} >= {".csv", ".xls", ".ods", ".xlsx"}
    made = _round(whole)
    _confirm_what_the_source_did(source)
    for file, unit in sent:
        address = reverse("sending:upload", args=[made.pk, unit])
        dropped = SimpleUploadedFile(Path(file).name, (source / file).read_bytes())
        assert clerk.post(address, {"files": dropped}).status_code == 302
    work_off()
    for upload in Upload.objects.all():
        assert upload.state == UploadState.READ, upload
        answers = {f"answer-{part['answer']}": "yes" for part in upload.plan["parts"]}
        clerk.post(reverse("sending:take", args=[upload.pk]), answers)
    work_off()
    assert set(Upload.objects.values_list("state", "message")) == {(UploadState.TAKEN, "")}
    expected = _by_command_line(whole, dict(sent))
    assert len(expected) > 300
    assert _by_page() == expected
    answered = {
        (a.table, a.unit_id): a.answer for a in Return.objects.exclude(answer="").only("answer")
    }
    assert answered == {
        (a.table, a.unit): a.state.value for a in whole.returns if a.period == QUARTER
    }


def _confirm_what_the_source_did(source: Path) -> None:
    saved, by = read_aliases(source), User.objects.get()
    for kind, spellings in ((AliasKind.HEADER, saved.headers), (AliasKind.UNIT, saved.units)):
        for spelling, target in spellings.items():
            Alias.objects.create(kind=kind, spelling=spelling, target=target, confirmed_by=by)


def _round(whole: Any) -> Round:
    made = Round.objects.create(
        title="二季度", pack="annual-duty", pack_version="1", period=QUARTER, due_on=DUE,
        state=RoundState.OPEN, seed="s", tables=[],
    )  # fmt: skip
    for table, unit in {(a.table, a.unit) for a in whole.returns if a.period == QUARTER}:
        Return.objects.create(
            round=made, table=table, unit_id=unit, period=QUARTER, due_on=DUE, first_due_on=DUE
        )
    return made


def _by_command_line(whole: Any, senders: dict[str, str]) -> dict[Place, Any]:
    """By place, what the command line reads of those files in the quarter."""
    found = {}
    period = parse_period(QUARTER)
    for table in pack_named("annual-duty").tables.values():
        day = table.column_with(Role.DATE)
        for row in json_rows(table, whole.tables[table.name]):
            if row[FILE] in senders and period.contains(date.fromisoformat(row[day.name])):
                values = {
                    column.name: row[column.name]
                    for column in table.columns
                    if row[column.name] is not None
                }
                place = senders[row[FILE]], Path(row[FILE]).name, row[SHEET], row[ROW]
                found[place] = (table.name, row[KEY].split("-")[0], row[PRECISION], values)
    return found


def _by_page() -> dict[Place, Any]:
    return {
        (record.upload.unit_id, record.file_name, record.sheet, record.row): (
            record.table, record.key.split("-")[0], record.precision, record.data,
        )
        for record in Record.objects.select_related("upload")
    }  # fmt: skip
