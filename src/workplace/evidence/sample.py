"""Of which records of a return evidence is asked for, and of which it is still wanting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shuzhi.pipeline import draw_sample
from workplace.evidence.models import Evidence
from workplace.programme import packs
from workplace.records.models import Record, RecordState

if TYPE_CHECKING:
    from workplace.rounds.models import Return


@dataclass(frozen=True)
class Coverage:
    """The drawn records in the order of their keys, and those among them that have evidence."""

    drawn: Sequence[Record]
    shown: frozenset[int]

    @property
    def wanting(self) -> list[Record]:
        """Drawn, and without evidence."""
        return [record for record in self.drawn if record.pk not in self.shown]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wanting."""
        return not self.wanting


def coverage_of(answer: "Return") -> Coverage:
    """What evidence is asked for and there. Nothing is drawn where the pack asks for none.

    The round's seed draws: the same records whoever asks, and anybody can draw them again.
    """
    pack = packs().get(answer.round.pack)
    table = pack.tables.get(answer.table) if pack else None
    if table is None or table.evidence is None:
        return Coverage((), frozenset())
    living = Record.objects.filter(answer=answer).exclude(state=RecordState.WITHDRAWN)
    keys = draw_sample(living.values_list("key", flat=True), table.evidence, answer.round.seed)
    drawn = list(living.filter(key__in=keys).order_by("key"))
    have = Evidence.objects.present().filter(record__in=drawn)
    return Coverage(drawn, frozenset(have.values_list("record_id", flat=True)))
