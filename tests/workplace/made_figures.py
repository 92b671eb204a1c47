"""A few meetings of the small county, and a preview of them, for tests that look at figures."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shuzhi.periods import parse_period
from workplace.accounts.models import User
from workplace.editions.models import Preview
from workplace.editions.previews import ask_preview
from workplace.jobs.worker import work_off
from workplace.programme import pack_named
from workplace.records.models import Origin, RecordState
from workplace.records.store import put_records
from workplace.rounds.models import Return, ReturnState, Round, RoundState

PACK, YEAR, QUARTER = "annual-duty", "2023", "2023-Q3"
HELD = {"T1": 3, "T2": 1}
_KEPT = (
    "state", "folder", "root_hash", "records", "figures", "seconds", "ready_at", "of", "done",
)  # fmt: skip
# What the first preview of `have_preview` came to.
_sealed: dict[str, Any] = {}


def send_meetings(
    by: User, held: Mapping[str, int] = HELD, period: str = QUARTER, mark: str = ""
) -> Round:
    """Each unit has sent so many meetings of the third quarter, and they are accepted. `mark`
    stands in all that T2 wrote."""
    pack = pack_named(PACK)
    round_ = Round.objects.create(
        title=period, pack=PACK, pack_version=pack.version, period=period, tables=["meetings"],
        due_on=date(2023, 10, 10), state=RoundState.OPEN, seed="seed",
    )  # fmt: skip
    for unit, count in held.items():
        answer = Return.objects.create(
            round=round_, table="meetings", unit_id=unit, period=period, due_on=round_.due_on,
            first_due_on=round_.due_on, state=ReturnState.ACCEPTED, answer="rows",
        )  # fmt: skip
        own = mark if unit == "T2" else ""
        put_records(
            by=by, answer=answer, rows=[_meeting(unit, n, own) for n in range(1, count + 1)],
            origin=Origin.IMPORT, state=RecordState.ACCEPTED,
        )  # fmt: skip
    return round_


def make_preview(by: User, held: Mapping[str, int] = HELD, mark: str = "") -> Preview:
    """A preview of those meetings, ready to be looked at."""
    send_meetings(by, held, mark=mark)
    preview = ask_preview(by=by, pack=pack_named(PACK), period=parse_period(YEAR))
    work_off()
    preview.refresh_from_db()
    assert preview.state == "ready", preview.message
    return preview


def have_preview(by: User) -> Preview:
    """The same preview, sealed once a process: for tests that look at one and make none."""
    send_meetings(by)
    pack = pack_named(PACK)
    facts = {"pack": pack.name, "period": YEAR, "asked_by": by}
    if _sealed:
        return Preview.objects.create(**facts, **_sealed)
    preview = ask_preview(by=by, pack=pack, period=parse_period(YEAR))
    work_off()
    preview.refresh_from_db()
    assert preview.state == "ready", preview.message
    kept = (
        "state",
        "folder",
        "root_hash",
        "records",
        "figures",
        "seconds",
        "ready_at",
        "of",
        "done",
    )
    _sealed.update({name: getattr(preview, name) for name in kept})
    return preview


def _meeting(unit: str, number: int, mark: str = "") -> dict[str, object]:
    return {
        "_id": f"{unit}-{number}{mark}", "unit": unit, "held_on": f"2023-07-{number:02}",
        "title": f"{unit} 第{number}次会议{mark}", "meeting_no": f"{unit}-{number}", "kind": "work",
        "_file": f"{unit}{mark}.xlsx", "_sheet": "会议", "_row": number + 2,
    }  # fmt: skip
