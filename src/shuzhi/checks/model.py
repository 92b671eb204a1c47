"""A flag is a question, never a verdict."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    OPEN = "open"
    EXPLAINED = "explained"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, order=True)
class Flag:
    """What makes records doubtful (疑点).

    `flag_id` is stable: a hash of rule and records, so that an outcome survives a new reading.
    `check` is the rule's name; `unit` the unit asked; `table` and `records` (ids, sorted) what it
    is about, `()` for a missing return. `question` and `explanation` (an innocent one) are in the
    language asked for. `reason` says why the outcome is what it is, `by` who said so; both are ''
    while it is open.
    """

    check: str
    unit: str
    table: str
    records: tuple[str, ...]
    period: str
    question: str
    explanation: str
    flag_id: str = ""
    outcome: Outcome = Outcome.OPEN
    reason: str = ""
    by: str = ""
