"""What the checks doubt in returns that wait for a decision, found in the background."""

import re
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuzhi import pipeline
from shuzhi.checks.model import Flag
from shuzhi.ledgers.model import RECORD_ID, Ledgers
from shuzhi.packs.model import Pack
from workplace.accounts.access import units_for
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.approval.models import FlagsFound
from workplace.evidence.export import write_evidence_folder
from workplace.jobs.queue import job
from workplace.programme import packs
from workplace.records.ledgers import live_ledgers
from workplace.records.models import Record, RecordState
from workplace.rounds.models import Return, ReturnState
from workplace.sending.entry_models import FlagAnswer
from workplace.web.texts import language

LANGUAGES = ("zh", "en")
_NUMBERED = re.compile(r"-[0-9]+$")


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
        if sent.exclude(flags_found__sent_at=F("sent_at")).exists():
            check_returns(pack, list(sent))


def check_returns(pack: Pack, answers: Iterable[Return]) -> None:
    """Run the pack's checks over all that was sent, and keep what they doubt in these returns."""
    answers = list(answers)
    raised = _raised(pack)
    places = _places(answers)
    for answer in answers:
        kept = [
            {**flag.texts, "records": keys}
            for flag in raised
            if (keys := flag.keys_in(answer, places)) is not None
        ]
        FlagsFound.objects.update_or_create(
            answer=answer, defaults={"sent_at": answer.sent_at, "at": timezone.now(), "flags": kept}
        )


def flags_of(answers: Iterable[Return], user: User) -> dict[int, list[Doubt] | None]:
    """The doubts of returns by their key, with what the units answered. Three queries.

    A doubt that also concerns a unit the person may not see is told without its text.
    Missing: None for a return that has not been checked since it was sent.
    """
    sendings = {answer.pk: answer.sent_at for answer in answers}
    kept = {
        found.answer_id: found.flags
        for found in FlagsFound.objects.filter(answer__in=sendings)
        if found.sent_at == sendings[found.answer_id]
    }
    every = [flag for flags in kept.values() for flag in flags]
    wanted = {flag["flag_id"] for flag in every}
    said = dict(FlagAnswer.objects.filter(flag_id__in=wanted).values_list("flag_id", "reason"))
    concerned = {unit for flag in every for unit in flag["units"]}
    seen = set(
        units_for(user, Permission.VIEW).filter(code__in=concerned).values_list("code", flat=True)
    )
    return {
        pk: [_doubt(flag, said, seen) for flag in kept[pk]] if pk in kept else None
        for pk in sendings
    }


@dataclass(frozen=True)
class _Raised:
    """A flag over everything: what is kept of it, and where its records stand.

    `stand` are the records' units and the keys they may have: where two records of the ledgers
    have one key, the engine numbers the later ones.
    """

    flag: Flag
    texts: Mapping[str, Any]
    stand: tuple[tuple[str, str], ...]

    def keys_in(self, answer: Return, places: Mapping[tuple[int, str], str]) -> list[str] | None:
        """The keys of its records in a return. Missing: None where it does not concern it."""
        if self.flag.table != answer.table:
            return None
        if not self.flag.records:
            is_about = (self.flag.unit, self.flag.period) == (answer.unit_id, answer.period)
            return [] if is_about else None
        found = [
            key
            for unit, given in self.stand
            for key in (given, _NUMBERED.sub("", given))
            if places.get((answer.pk, key)) == unit
        ]
        return sorted(set(found)) or None


def _raised(pack: Pack) -> list[_Raised]:
    """Every flag over the live ledgers, with its texts in each language."""
    ledgers = live_ledgers(pack)
    with tempfile.TemporaryDirectory(prefix="shuzhi-check-") as folder:
        attached = Record.objects.filter(evidence__isnull=False, pack=pack.name).distinct()
        write_evidence_folder(attached.only("pk"), Path(folder))
        source = pipeline.Source(Path(folder), pack, ledgers, None)
        said = {lang: pipeline.check(source, lang=lang) for lang in LANGUAGES}
    texts = {
        lang: {flag.flag_id: (flag.question, flag.explanation) for flag in flags}
        for lang, flags in said.items()
    }
    units = _units_by_record(pack, ledgers, said[LANGUAGES[0]])
    return [_one_raised(flag, texts, units) for flag in said[LANGUAGES[0]]]


def _one_raised(flag: Flag, texts: Mapping[str, Any], units: Mapping[Any, str]) -> _Raised:
    stand = tuple((units[flag.table, key], key) for key in flag.records)
    kept = {
        "flag_id": flag.flag_id, "rule": flag.check,
        "units": sorted({unit for unit, _ in stand} | {flag.unit}),
        "question": {lang: texts[lang][flag.flag_id][0] for lang in LANGUAGES},
        "innocent": {lang: texts[lang][flag.flag_id][1] for lang in LANGUAGES},
    }  # fmt: skip
    return _Raised(flag, kept, stand)


def _units_by_record(
    pack: Pack, ledgers: Ledgers, flags: Iterable[Flag]
) -> dict[tuple[str, str], str]:
    """The unit of every record of the tables in which something is doubted."""
    found = {}
    for name in sorted({flag.table for flag in flags if flag.records}):
        ledger = ledgers.tables[name]
        units = ledger.column(pack.tables[name].unit_column.name).to_pylist()
        for key, unit in zip(ledger.column(RECORD_ID).to_pylist(), units, strict=True):
            found[name, key] = unit or ""
    return found


def _places(answers: Iterable[Return]) -> dict[tuple[int, str], str]:
    """The unit of each record, by its return and key."""
    living = Record.objects.filter(answer__in=answers).exclude(state=RecordState.WITHDRAWN)
    return {
        (answer, key): unit
        for answer, key, unit in living.values_list("answer_id", "key", "unit_id")
    }


def _doubt(flag: Mapping[str, Any], said: Mapping[str, str], seen: Collection[str]) -> Doubt:
    lang = language()
    question, innocent = flag["question"][lang], flag["innocent"][lang]
    if not set(flag["units"]) <= set(seen):
        question = str(_("Something here is like a record of another unit."))
        innocent = str(_("Whoever sees both units compares them."))
    return Doubt(
        flag["flag_id"], flag["rule"], tuple(flag["records"]), question, innocent,
        said.get(flag["flag_id"], ""),
    )  # fmt: skip
