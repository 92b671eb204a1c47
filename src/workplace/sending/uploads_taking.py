"""The rows of an upload become records, all of them or none."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from shuzhi.ledgers.model import ReturnState as Answered
from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.jobs.queue import job
from workplace.records.errors import RecordNotWrittenError
from workplace.records.models import Origin
from workplace.records.store import PutCounts, put_records
from workplace.rounds import states
from workplace.rounds.models import Return
from workplace.rounds.refusals import Refused
from workplace.sending.mending import hide_persons
from workplace.sending.mending_rows import mends_of
from workplace.sending.models import Upload, UploadState
from workplace.sending.reading import ledgers_of, read_anew
from workplace.sending.reading_plan import Part, Plan, make_plan


def give_up_taking(upload: int) -> None:
    """Say that nothing was taken over, through no fault of whoever asked."""
    found = Upload.objects.get(pk=upload)
    with override(found.language):
        _put_back(found, _("Taking this workbook over failed. Nothing was changed; try it again."))


@job(label=gettext_lazy("Take a workbook over"), on_give_up=give_up_taking)
def take_upload(upload: int) -> None:
    """Write the rows of an upload; where it was done already there is nothing left to do."""
    found = Upload.objects.select_related("round", "taken_by").get(pk=upload)
    if found.state != UploadState.TAKING:
        return
    with override(found.language):
        ledgers = ledgers_of(found, mends_of(found))
        try:
            _take(found, make_plan(found, ledgers))
        except (RecordNotWrittenError, Refused) as refused:
            _put_back(found, str(refused))
            read_anew(found)


@transaction.atomic
def _take(upload: Upload, plan: Plan) -> None:
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.state != UploadState.TAKING:
        return
    by, wish = upload.taken_by, upload.wish
    assert by is not None, "taking over is asked for by somebody"
    answers = Return.objects.select_related("round").in_bulk([part.answer for part in plan.parts])
    total = PutCounts()
    for part in plan.parts:
        answer = answers[part.answer]
        if part.said == Answered.ROWS:
            total = _sum(total, _take_rows(by, upload, answer, plan, part))
        elif part.answer in wish["answers"]:
            _answer(by, answer, part)
    locked.state, locked.taken_at = UploadState.TAKEN, timezone.now()
    locked.save(update_fields=["state", "taken_at"])
    hide_persons(upload)
    record_event(
        "sending.upload_taken", by=by, unit=upload.unit_id, about=upload, new=total.new,
        changed=total.changed, unchanged=total.unchanged, withdrawn=total.withdrawn,
    )  # fmt: skip


def _take_rows(by: User, upload: Upload, answer: Return, plan: Plan, part: Part) -> PutCounts:
    counts = put_records(
        by=by, answer=answer, rows=plan.rows[part.answer], origin=Origin.WORKBOOK, upload=upload,
        withdraw_missing=part.answer in upload.wish["withdraw"],
        reason=_("In the workbook %(name)s") % {"name": upload.file_name},
    )  # fmt: skip
    if counts.withdrawn > _shown_as_missing(upload, part):
        raise Refused(
            _(
                "Since you looked at the comparison, records have been added that the workbook "
                "does not hold. Look at them, then take it over."
            )
        )
    states.begin(answer, by=by)
    return counts


def _shown_as_missing(upload: Upload, part: Part) -> int:
    """How many records the comparison said would be withdrawn: no more are."""
    shown = upload.plan.get("parts", [])
    return next((one["missing"] for one in shown if one["answer"] == part.answer), 0)


def _answer(by: User, answer: Return, part: Part) -> None:
    if part.said == Answered.NIL:
        states.answer_nil(answer, by=by)
    else:
        states.answer_not_applicable(answer, by=by, reason=part.reason)


def _sum(one: PutCounts, other: PutCounts) -> PutCounts:
    return PutCounts(
        one.new + other.new, one.changed + other.changed, one.unchanged + other.unchanged,
        one.withdrawn + other.withdrawn,
    )  # fmt: skip


@transaction.atomic
def _put_back(upload: Upload, why: str) -> None:
    waiting = Upload.objects.filter(pk=upload.pk, state=UploadState.TAKING)
    if waiting.update(state=UploadState.READ, message=why[:500]):
        record_event("sending.upload_not_taken", by=None, unit=upload.unit_id, about=upload)
