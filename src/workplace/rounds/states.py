"""How a return goes from one state to the next: each step an action on the record.

    asked → begun → sent → (signed, a step at a time) → accepted
                     ↓ given back                          ↓ unlocked
                  returned → sent again                 returned

Each compares the version it was shown with the one in the database: of two people who act on the
same state, one is told. What the rows of a return are called follows its state in the same
transaction: drafts become sent, sent ones accepted.
"""

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuzhi.pipeline import approval_units
from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.programme import pack_named
from workplace.records.models import RecordState
from workplace.rounds.models import Answer, Return, ReturnState, RoundState
from workplace.rounds.refusals import ChangedMeanwhile, Refused
from workplace.units.tree import current_tree, today


def signing_steps(answer: Return) -> tuple[tuple[str, str], ...]:
    """Who signs a return, in order: the step's name and the unit where it is due."""
    pack = pack_named(answer.round.pack)
    return approval_units(pack, current_tree(), answer.unit_id, today())


@transaction.atomic
def begin(answer: Return, *, by: User) -> Return:
    """Note that work on it has begun. Called with every row that is saved: several people may
    fill in one return, so it does not matter who began first, nor which version they saw.

    Raises: Refused where the unit may not change it any more.
    """
    _hold(answer)
    answer.refresh_from_db()
    _refuse_unless_open(answer)
    if answer.state != ReturnState.ASKED and answer.answer == Answer.ROWS:
        return answer
    state = ReturnState.BEGUN if answer.state == ReturnState.ASKED else answer.state
    _change(answer, state=state, answer=Answer.ROWS, reason="",
            begun_at=answer.begun_at or timezone.now())  # fmt: skip
    _tell("rounds.return_begun", answer, by)
    return answer


@transaction.atomic
def send(answer: Return, *, by: User) -> Return:
    """Send its rows: drafts become sent ones, received now.

    Raises: Refused where there is no row, since silence and "nothing" are not the same;
    ChangedMeanwhile.
    """
    _hold_open(answer)
    if not _living_rows(answer).exists():
        raise Refused(
            _('There are no records to send. If there was none, say "nothing this period".')
        )
    return _send(answer, by, answer=Answer.ROWS, reason="")


@transaction.atomic
def answer_nil(answer: Return, *, by: User) -> Return:
    """Answer "nothing this period", a true zero, and send it in the same act.

    Raises: Refused where rows are kept for it; ChangedMeanwhile.
    """
    _hold_open(answer)
    _refuse_rows(answer)
    return _send(answer, by, answer=Answer.NIL, reason="")


@transaction.atomic
def answer_not_applicable(answer: Return, *, by: User, reason: str) -> Return:
    """Answer "does not apply, because …", and send it in the same act.

    Raises: Refused without a reason, or where rows are kept for it; ChangedMeanwhile.
    """
    _hold_open(answer)
    _refuse_rows(answer)
    if not reason.strip():
        raise Refused(_("Say why this table does not apply to the unit."))
    return _send(answer, by, answer=Answer.NOT_APPLICABLE, reason=reason.strip())


@transaction.atomic
def pass_step(answer: Return, *, by: User) -> Return:
    """Let it pass the step where it is; with the last one it is accepted.

    Raises: Refused where it is not under way, or to whoever sent it or entered a row of it;
    ChangedMeanwhile.
    """
    if answer.state != ReturnState.SENT:
        raise Refused(_("Only a return that has been sent can be signed."))
    refuse_own_work(answer, by)
    steps = signing_steps(answer)
    step, unit = steps[min(answer.step, len(steps) - 1)]
    done = answer.step + 1
    _change(answer, step=done, step_unit_id=steps[done][1] if done < len(steps) else None)
    _tell("rounds.return_signed", answer, by, step=step, at=unit)
    return accept(answer, by=by) if done >= len(steps) else answer


@transaction.atomic
def accept(answer: Return, *, by: User) -> Return:
    """Lock it, with its rows. `pass_step` does so at the last step.

    Raises: Refused where a step is missing.
    """
    if answer.state != ReturnState.SENT or answer.step < len(signing_steps(answer)):
        raise Refused(_("Not all who have to sign this return have done so."))
    now = timezone.now()
    _change(answer, state=ReturnState.ACCEPTED, accepted_at=now, step_unit_id=None)
    answer.records.filter(state=RecordState.SENT).update(
        state=RecordState.ACCEPTED, accepted_at=now
    )
    _tell("rounds.return_accepted", answer, by)
    return answer


@transaction.atomic
def give_back(answer: Return, *, by: User, reason: str) -> Return:
    """Give it back to its unit for correction, from whichever step it is at.

    Raises: Refused without a reason, or where it is not under way; ChangedMeanwhile.
    """
    if answer.state != ReturnState.SENT:
        raise Refused(_("Only a return that has been sent can be given back."))
    if not reason.strip():
        raise Refused(_("Say what is to be mended."))
    _change(answer, state=ReturnState.RETURNED, step=0, step_unit_id=None)
    _tell("rounds.return_given_back", answer, by)
    return answer


@transaction.atomic
def unlock(answer: Return, *, by: User, reason: str) -> Return:
    """Open an accepted return again; its unit can change it and has to send it anew.

    Raises: Refused without a reason, or where it is not accepted; ChangedMeanwhile.
    """
    if answer.state != ReturnState.ACCEPTED:
        raise Refused(_("Only an accepted return can be opened again."))
    if not reason.strip():
        raise Refused(_("Say why the return is opened again."))
    _change(answer, state=ReturnState.RETURNED, step=0, step_unit_id=None, accepted_at=None)
    answer.records.filter(state=RecordState.ACCEPTED).update(
        state=RecordState.SENT, accepted_at=None
    )
    _tell("rounds.return_unlocked", answer, by)
    return answer


def _send(answer: Return, by: User, /, **said: Any) -> Return:
    now = timezone.now()
    _change(
        answer, state=ReturnState.SENT, sent_at=now, first_sent_at=answer.first_sent_at or now,
        begun_at=answer.begun_at or now, sent_by_id=by.pk, step=0,
        step_unit_id=signing_steps(answer)[0][1], **said,
    )  # fmt: skip
    sent = answer.records.filter(state=RecordState.DRAFT).update(
        state=RecordState.SENT, received_at=now
    )
    _tell("rounds.return_sent", answer, by, answer=answer.answer, new_records=sent)
    return answer


def _change(answer: Return, /, **changes: Any) -> None:
    """Write, if the database still holds the version that was read."""
    version = answer.version + 1
    rows = Return.objects.filter(pk=answer.pk, version=answer.version)
    if not rows.update(**changes, version=version):
        raise ChangedMeanwhile
    for name, value in {**changes, "version": version}.items():
        setattr(answer, name, value)


def _tell(action: str, answer: Return, by: User, /, **facts: Any) -> None:
    record_event(
        action, by=by, unit=answer.unit_id, about=answer, round=answer.round_id,
        table=answer.table, period=answer.period, version=answer.version, **facts,
    )  # fmt: skip


def _living_rows(answer: Return) -> Any:
    return answer.records.exclude(state=RecordState.WITHDRAWN)


def _hold(answer: Return) -> Return:
    """The return as the database has it, held until the transaction ends: whoever writes a record
    of it holds it too, so that what is found here about its rows stays so."""
    held = Return.objects.select_for_update(of=("self",)).select_related("round")
    return held.get(pk=answer.pk)


def _hold_open(answer: Return) -> None:
    """Raises: ChangedMeanwhile; Refused where the unit may not change it any more."""
    _refuse_unless_open(answer)
    held = _hold(answer)
    if held.version != answer.version:
        raise ChangedMeanwhile
    _refuse_unless_open(held)


def _refuse_unless_open(answer: Return) -> None:
    if not answer.is_open:
        raise Refused(_("This return has been sent; it can be changed once it is given back."))
    # what came back is mended and sent again after the round was closed, too
    if answer.round.state != RoundState.OPEN and answer.state != ReturnState.RETURNED:
        raise Refused(_("This round is not open; nothing can be sent for it."))


def _refuse_rows(answer: Return) -> None:
    if _living_rows(answer).exists():
        raise Refused(_("There are records for this table. Withdraw them first, or send them."))


def refuse_own_work(answer: Return, by: User) -> None:
    """Raises: Refused to whoever sent the return, or entered or changed a record of it: by form,
    or in a workbook that he sent or mended, whoever took it over."""
    uploads = apps.get_model("sending", "Upload").objects
    written = uploads.filter(Q(sent_by=by) | Q(rows__mends__by=by)).values("pk")
    own = Q(entered_by=by) | Q(changes__by=by) | Q(upload__in=written)
    if answer.sent_by_id == by.pk or _living_rows(answer).filter(own).exists():
        raise Refused(_("Nobody signs what he entered or sent himself; somebody else has to."))
