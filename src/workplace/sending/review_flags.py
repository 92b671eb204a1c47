"""The engine's flags over a return before it is sent, and what its unit says to them."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from shuzhi import pipeline
from shuzhi.checks.model import Flag
from shuzhi.checks.outcomes import Answer, Outcome
from shuzhi.packs.model import Pack
from shuzhi.pipeline import Source
from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.evidence.export import write_evidence_folder
from workplace.records.ledgers import COUNTED, live_ledgers
from workplace.records.models import Record
from workplace.rounds.models import Return
from workplace.rounds.refusals import Refused
from workplace.sending.entry_access import living_records
from workplace.sending.entry_models import FlagAnswer
from workplace.web.texts import language

_AT_ONCE = 500


@dataclass(frozen=True)
class ShownFlag:
    """A flag over records of one return. `records` are its own ones among those it names; of
    records of other units no more is told than that there are some."""

    flag: Flag
    records: tuple[Record, ...]
    others: int
    said: FlagAnswer | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has explained it yet."""
        return self.said is None


def flag_answers(pack: str) -> dict[str, Answer]:
    """What has been said to flags of a pack, by flag id, in the form the engine reads: to be
    handed to it as `Source.answers`."""
    return {
        said.flag_id: Answer(Outcome.EXPLAINED, said.reason, str(said.by))
        for said in FlagAnswer.objects.filter(pack=pack).select_related("by")
    }


def flags_of(answer: Return, pack: Pack) -> list[ShownFlag]:
    """The flags that name records of this return, found among all records that count, with those
    of the return as if it had been sent."""
    records = _by_ledger_id(answer)
    if not records:
        return []
    ledgers = live_ledgers(pack, with_drafts_of=answer)
    with tempfile.TemporaryDirectory(prefix="flags-") as folder:
        write_evidence_folder(records.values(), Path(folder))
        found = pipeline.check(Source(Path(folder), pack, ledgers, None), lang=language())
    said = {one.flag_id: one for one in _said_to(answer, found)}
    return [
        _shown(flag, own, said)
        for flag in found
        if flag.table == answer.table and (own := _own(flag, records))
    ]


@transaction.atomic
def explain_flag(*, by: User, answer: Return, flag: Flag, reason: str) -> FlagAnswer:
    """Keep why the records are right as they are. Saying it again replaces what was said.

    Raises: Refused without a reason, and once the return is closed.
    """
    if not Return.objects.select_for_update().get(pk=answer.pk).is_open:
        raise Refused(_("This return has been sent; its flags are explained before that."))
    if not reason.strip():
        raise Refused(_("Say how it comes about, in a few words."))
    said, _is_new = FlagAnswer.objects.update_or_create(
        pack=answer.round.pack, flag_id=flag.flag_id,
        defaults={
            "rule": flag.check, "answer": answer, "question": flag.question,
            "reason": reason.strip()[:500], "by": by,
        },
    )  # fmt: skip
    record_event(
        "sending.flag_explained", by=by, unit=answer.unit_id, about=said, flag=flag.flag_id,
        rule=flag.check, reason=said.reason,
    )  # fmt: skip
    return said


def _said_to(answer: Return, found: tuple[Flag, ...]) -> list[FlagAnswer]:
    wanted = [flag.flag_id for flag in found]
    return list(
        FlagAnswer.objects.filter(pack=answer.round.pack, flag_id__in=wanted).select_related("by")
    )


def _by_ledger_id(answer: Return) -> dict[str, Record]:
    """Its records by the ids they have in the ledgers, where a key that an earlier record of
    another return has already is told apart by -2, -3 and so on."""
    records = list(living_records(answer))
    earlier: dict[str, list[int]] = {}
    keys = [record.key for record in records]
    for start in range(0, len(keys), _AT_ONCE):
        elsewhere = Record.objects.filter(
            pack=answer.round.pack, table=answer.table, key__in=keys[start : start + _AT_ONCE],
            state__in=COUNTED,
        ).exclude(answer=answer)  # fmt: skip
        for key, pk in elsewhere.values_list("key", "pk"):
            earlier.setdefault(key, []).append(pk)
    found = {}
    for record in records:
        number = 1 + sum(pk < record.pk for pk in earlier.get(record.key, ()))
        found[record.key if number == 1 else f"{record.key}-{number}"] = record
    return found


def _own(flag: Flag, records: Mapping[str, Record]) -> tuple[Record, ...]:
    return tuple(records[key] for key in flag.records if key in records)


def _shown(flag: Flag, own: tuple[Record, ...], said: Mapping[str, FlagAnswer]) -> ShownFlag:
    return ShownFlag(flag, own, len(flag.records) - len(own), said.get(flag.flag_id))
