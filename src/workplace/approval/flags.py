"""What the checks doubt in returns that wait for a decision, found in the background."""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shuzhi import pipeline
from shuzhi.packs.model import Pack
from workplace.approval.models import FlagsFound
from workplace.evidence.export import write_evidence_folder
from workplace.jobs.queue import job
from workplace.programme import packs
from workplace.records.ledgers import live_ledgers
from workplace.records.models import Record, RecordState
from workplace.rounds.models import Return, ReturnState
from workplace.sending.entry_models import FlagAnswer
from workplace.units.tree import today

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Doubt:
    """One flag of a return as a page shows it; `explanation` is the unit's, '' while open."""

    flag_id: str
    rule: str
    records: tuple[str, ...]
    question: str
    innocent: str
    explanation: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has explained it."""
        return not self.explanation


@job(label=_("Check what was sent"))
def check_sent() -> None:
    """Check everything once for each pack with sent returns that have not been checked as they
    are. Twice does no harm."""
    for pack in packs().values():
        sent = Return.objects.filter(state=ReturnState.SENT, round__pack=pack.name)
        if sent.exclude(flags_found__version=F("version")).exists():
            check_returns(pack, list(sent))


def check_returns(pack: Pack, answers: Iterable[Return]) -> None:
    """Run the pack's checks over all that was sent, and keep what they doubt in these returns."""
    answers = list(answers)
    found = _flags(pack)
    places = _places(answers)
    for answer in answers:
        FlagsFound.objects.update_or_create(
            answer=answer,
            defaults={
                "version": answer.version, "at": timezone.now(),
                "flags": [flag for flag in found if _concerns(flag, answer, places)],
            },
        )  # fmt: skip


def flags_of(answers: Iterable[Return]) -> dict[int, list[Doubt] | None]:
    """The doubts of returns by their key, with what the units answered. Two queries.

    Missing: None for a return that has not been checked as it is now.
    """
    versions = {answer.pk: answer.version for answer in answers}
    kept = {
        found.answer_id: found.flags
        for found in FlagsFound.objects.filter(answer__in=versions)
        if found.version == versions[found.answer_id]
    }
    wanted = {flag["flag_id"] for flags in kept.values() for flag in flags}
    said = dict(FlagAnswer.objects.filter(flag_id__in=wanted).values_list("flag_id", "reason"))
    return {
        pk: [_doubt(flag, said) for flag in kept[pk]] if pk in kept else None for pk in versions
    }


def _flags(pack: Pack) -> list[dict[str, Any]]:
    """Every flag over the live ledgers, with its texts in each language."""
    ledgers = live_ledgers(pack)
    with tempfile.TemporaryDirectory(prefix="shuzhi-check-") as folder:
        attached = Record.objects.filter(Q(evidence__isnull=False), pack=pack.name).distinct()
        write_evidence_folder(attached.only("pk"), Path(folder))
        source = pipeline.Source(Path(folder), pack, ledgers, None)
        raised = {lang: pipeline.check(source, as_of=today(), lang=lang) for lang in LANGUAGES}
    texts = {
        lang: {flag.flag_id: (flag.question, flag.explanation) for flag in flags}
        for lang, flags in raised.items()
    }
    return [
        {
            "flag_id": flag.flag_id, "rule": flag.check, "table": flag.table, "unit": flag.unit,
            "period": flag.period, "records": list(flag.records),
            "question": {lang: texts[lang][flag.flag_id][0] for lang in LANGUAGES},
            "innocent": {lang: texts[lang][flag.flag_id][1] for lang in LANGUAGES},
        }
        for flag in raised[LANGUAGES[0]]
    ]  # fmt: skip


def _places(answers: Iterable[Return]) -> dict[tuple[str, str], set[int]]:
    """Which returns hold a record of this table and key."""
    found: dict[tuple[str, str], set[int]] = {}
    living = Record.objects.filter(answer__in=answers).exclude(state=RecordState.WITHDRAWN)
    for table, key, answer in living.values_list("table", "key", "answer_id"):
        found.setdefault((table, key), set()).add(answer)
    return found


def _concerns(
    flag: Mapping[str, Any], answer: Return, places: Mapping[tuple[str, str], set[int]]
) -> bool:
    if flag["table"] != answer.table:
        return False
    if not flag["records"]:
        return flag["unit"] == answer.unit_id and flag["period"] == answer.period
    return any(answer.pk in places.get((answer.table, key), ()) for key in flag["records"])


def _doubt(flag: Mapping[str, Any], said: Mapping[str, str]) -> Doubt:
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    return Doubt(
        flag["flag_id"], flag["rule"], tuple(flag["records"]), flag["question"][lang],
        flag["innocent"][lang], said.get(flag["flag_id"], ""),
    )  # fmt: skip
