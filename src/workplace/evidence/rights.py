"""What a person may do with evidence that he may see."""

from workplace.accounts.access import grants_of, may
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.evidence.models import Evidence
from workplace.evidence.store import can_be_changed
from workplace.records.models import Record


def may_attach(user: User, record: Record) -> bool:
    """Whether the person may attach evidence to the record now: who enters for its sender."""
    return may(user, Permission.ENTER, _sender(record)) and can_be_changed(record)


def may_remove(user: User, evidence: Evidence) -> bool:
    """Whether the person may take it away now."""
    if evidence.record is not None:
        return may_attach(user, evidence.record)
    is_keeper = may(user, Permission.KEEP_MEETINGS, evidence.unit_id)
    return is_keeper and can_be_changed(None, evidence.action)


def may_redact(user: User, evidence: Evidence) -> bool:
    """Whether the person may cover parts of it: who has the right, and who attached it, until the
    return is sent. What is covered stays readable for those who may see originals."""
    if evidence.deleted or not evidence.file.is_image:
        return False
    is_own = evidence.added_by_id == user.pk and may_remove(user, evidence)
    return is_own or may(user, Permission.REDACT, evidence.unit_id)


def may_see_original(user: User, evidence: Evidence) -> bool:
    """Whether the person may look under the covers: the head of the very unit that the evidence is
    of or that sends its record, and auditors.

    Heads further up may not, though their other rights reach down: a face that a village covered
    is the village's affair.
    """
    senders = {evidence.unit_id}
    if evidence.record is not None:
        senders.add(_sender(evidence.record))
    if senders & grants_of(user).units(Permission.SEE_ORIGINALS):
        return True
    is_auditor = may(user, Permission.SEE_EVENTS, evidence.unit_id)
    return is_auditor and may(user, Permission.SEE_ORIGINALS, evidence.unit_id)


def _sender(record: Record) -> str:
    """The unit whose return holds the record; its own where none does."""
    return record.answer.unit_id if record.answer is not None else record.unit_id
