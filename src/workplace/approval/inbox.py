"""Lists of returns that wait for somebody, with what must be seen before deciding."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from workplace.accounts.models import User
from workplace.approval.flags import Doubt, flags_of
from workplace.approval.models import Decision, Signature
from workplace.approval.steps import waiting_for
from workplace.programme import packs
from workplace.records.models import Record, RecordState
from workplace.rounds.models import Return
from workplace.units.tree import current_tree, today
from workplace.web.texts import text_in


@dataclass(frozen=True)
class Line:
    """One return in a list. `doubts` is None until it has been checked as it is."""

    answer: Return
    unit: str
    table: str
    records: int
    doubts: list[Doubt] | None
    is_again: bool
    is_own: bool

    @property
    def open_doubts(self) -> list[Doubt]:
        """Those that nobody has explained."""
        return [doubt for doubt in self.doubts or () if doubt.is_open]

    @property
    def is_clear(self) -> bool:
        """Whether it was checked and nothing of it is in doubt that nobody has explained."""
        return self.doubts is not None and not self.open_doubts

    @property
    def days_late(self) -> int:
        """By how many days it first came in after it was due; 0 where it came in time."""
        if self.answer.first_sent_at is None:
            return 0
        return max(0, (timezone.localdate(self.answer.first_sent_at) - self.answer.due_on).days)


def waiting_list(
    user: User, *, own: bool, round_pk: int | None = None, table: str = "", flagged: bool = False
) -> QuerySet[Return]:
    """Returns that wait for the person: with `own` those of the unit itself, to be signed; else
    those of other units, to be accepted. `flagged`: only those with something doubted."""
    found = waiting_for(user)
    is_own = {"unit": F("step_unit")}
    found = found.filter(**is_own) if own else found.exclude(**is_own)
    if round_pk is not None:
        found = found.filter(round=round_pk)
    if table:
        found = found.filter(table=table)
    if flagged:
        found = found.filter(flags_found__sent_at=F("sent_at")).exclude(flags_found__flags=[])
    return (
        found.select_related("round")
        .annotate(rows=_count_of_records(), again=_count_of_returns())
        .order_by("round", "table", "unit", "period")
    )


def lines_of(answers: Iterable[Return], user: User) -> list[Line]:
    """The lines of a page of returns."""
    answers = list(answers)
    doubts, tree, day = flags_of(answers, user), current_tree(), today()
    return [
        Line(
            answer, tree.name(answer.unit_id, day), table_label(answer),
            answer.rows, doubts[answer.pk],  # type: ignore[attr-defined]
            bool(answer.again), answer.sent_by_id == user.pk,  # type: ignore[attr-defined]
        )
        for answer in answers
    ]  # fmt: skip


def counts_by_round(user: User, *, own: bool) -> list[dict[str, Any]]:
    """How many wait in each round, the round that opened first at the head."""
    found = waiting_list(user, own=own).order_by().values("round", "round__title", "round__pack")
    return list(found.annotate(number=Count("pk")).order_by("round"))


def table_label(answer: Return) -> str:
    """What the return's table is called; its name where the pack is no longer run here."""
    pack = packs().get(answer.round.pack)
    table = pack.tables.get(answer.table) if pack else None
    return text_in(table.label) if table else answer.table


def _count_of_records() -> Coalesce:
    living = Record.objects.filter(answer=OuterRef("pk")).exclude(state=RecordState.WITHDRAWN)
    return _count(living, "answer")


def _count_of_returns() -> Coalesce:
    back = (Decision.RETURNED, Decision.UNLOCKED)
    return _count(Signature.objects.filter(answer=OuterRef("pk"), decision__in=back), "answer")


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    number = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
