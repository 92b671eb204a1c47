"""Deciding on returns: each decision a signature over what was decided upon, on the record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import may
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.approval.content import content_hash
from workplace.approval.letters import mail_decision
from workplace.approval.models import Decision, Remark, Signature
from workplace.approval.remarks import NewRemark, is_settled, write_remarks
from workplace.approval.steps import may_decide, standing_of
from workplace.events.record import record_event
from workplace.jobs.queue import enqueue
from workplace.rounds import states
from workplace.rounds.models import Return, ReturnState
from workplace.rounds.refusals import ChangedMeanwhile, Refused


@transaction.atomic
def sign(*, by: User, answer: Return, version: int) -> Signature:
    """Let a return pass the step where it waits; the last one accepts it and locks it.

    `version` is the one that was looked at. Raises: Refused to who may not decide there, who sent
    it or entered a record of it, or has signed it at another step; ChangedMeanwhile.
    """
    answer = _held(answer, version)
    _refuse_stranger(by, answer)
    _refuse_second_signature(by, answer)
    step, unit = _where(answer)
    content = content_hash(answer)
    states.pass_step(answer, by=by)
    is_accepted = answer.state == ReturnState.ACCEPTED
    signature = Signature.objects.create(
        answer=answer, step=step, unit_id=unit, by=by, content=content,
        decision=Decision.ACCEPTED if is_accepted else Decision.SIGNED,
    )  # fmt: skip
    record_event(
        "approval.accepted" if is_accepted else "approval.signed", by=by, unit=answer.unit_id,
        about=signature, answer=answer.pk, step=step, at=unit, content=content,
    )  # fmt: skip
    return signature


@transaction.atomic
def give_back(
    *, by: User, answer: Return, version: int, reason: str = "",
    remarks: Sequence[NewRemark] = (),
) -> Signature:  # fmt: skip
    """Give a return back for correction, with remarks at fields, a reason for the whole, or both.

    Raises: Refused to who may not decide where it waits, and where nothing is said;
    ChangedMeanwhile.
    """
    answer = _held(answer, version)
    _refuse_stranger(by, answer)
    step, unit = _where(answer)
    content = content_hash(answer)
    said = reason.strip() or "；".join(remark.text for remark in remarks)
    states.give_back(answer, by=by, reason=said[:500])
    signature = Signature.objects.create(
        answer=answer, step=step, unit_id=unit, by=by, content=content,
        decision=Decision.RETURNED, reason=reason.strip()[:500],
    )  # fmt: skip
    written = write_remarks(signature, remarks)
    record_event(
        "approval.given_back", by=by, unit=answer.unit_id, about=signature, answer=answer.pk,
        step=step, at=unit, reason=reason, remarks=len(written), content=content,
    )  # fmt: skip
    enqueue(mail_decision, signature.pk)
    return signature


@transaction.atomic
def unlock(*, by: User, answer: Return, version: int, reason: str) -> Signature:
    """Open an accepted return again; its unit mends it and sends it anew through every step.

    Raises: Refused to who may not, without a reason, or where it is not accepted;
    ChangedMeanwhile.
    """
    answer = _held(answer, version)
    if not may(by, Permission.UNLOCK, answer.unit_id):
        raise Refused(_("You may not open this return again."))
    content = content_hash(answer)
    states.unlock(answer, by=by, reason=reason)
    signature = Signature.objects.create(
        answer=answer, step="unlock", unit_id=answer.unit_id, by=by, content=content,
        decision=Decision.UNLOCKED, reason=reason.strip()[:500],
    )  # fmt: skip
    record_event(
        "approval.unlocked", by=by, unit=answer.unit_id, about=signature, answer=answer.pk,
        reason=reason, content=content,
    )  # fmt: skip
    enqueue(mail_decision, signature.pk)
    return signature


@transaction.atomic
def reply(*, by: User, remark: Remark, text: str) -> Remark:
    """Answer a remark instead of changing the field. The caller has asked whether `by` may.

    Raises: Refused without an answer, and where the return has been sent.
    """
    if not text.strip():
        raise Refused(_("Say why the field is right as it is."))
    answer = Return.objects.select_for_update().get(pk=remark.signature.answer_id)
    if not answer.is_open:
        raise Refused(_("This return has been sent; it can be changed once it is given back."))
    remark = Remark.objects.select_related("signature", "record").get(pk=remark.pk)
    if is_settled(remark):
        raise Refused(_("This remark is settled already."))
    remark.reply, remark.settled_at, remark.settled_by = text.strip()[:500], timezone.now(), by
    remark.save(update_fields=["reply", "settled_at", "settled_by"])
    record_event(
        "approval.remark_answered", by=by, unit=answer.unit_id, about=remark, answer=answer.pk
    )
    return remark


@dataclass(frozen=True)
class Outcome:
    """What became of one return among several: signed, or why not."""

    answer: Return
    signature: Signature | None
    refusal: str = ""


def sign_many(*, by: User, looked_at: Iterable[tuple[Return, int]]) -> list[Outcome]:
    """Sign several returns, each with the version that was looked at; each stands for itself."""
    found = []
    for answer, version in looked_at:
        try:
            found.append(Outcome(answer, sign(by=by, answer=answer, version=version)))
        except Refused as refusal:
            found.append(Outcome(answer, None, str(refusal)))
    return found


def why_not(user: User, answer: Return) -> str:
    """Why the person may not sign a return that waits where he decides; '' if he may."""
    try:
        _refuse_second_signature(user, answer)
        states.refuse_own_work(answer, user)
    except Refused as refusal:
        return str(refusal)
    return ""


def _held(answer: Return, version: int) -> Return:
    """The return as the database has it, held until the transaction ends."""
    held = Return.objects.select_for_update(of=("self",)).select_related("round")
    current = held.get(pk=answer.pk)
    if current.version != version:
        raise ChangedMeanwhile
    return current


def _where(answer: Return) -> tuple[str, str]:
    steps = states.signing_steps(answer)
    return steps[min(answer.step, len(steps) - 1)]


def _refuse_stranger(by: User, answer: Return) -> None:
    if not may_decide(by, answer):
        raise Refused(_("This return does not wait for a decision of yours."))


def _refuse_second_signature(by: User, answer: Return) -> None:
    standing = standing_of(answer, answer.signatures.all())
    if any(signature.by_id == by.pk for signature in standing):
        raise Refused(
            _("You have signed this return at an earlier step; the next one is for somebody else.")
        )
