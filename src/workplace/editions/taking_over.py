"""Taking over what was collected before: a source, as the engine read it, becomes records.

Every return of the source stands afterwards in a closed round of its reporting period, beside those
that were asked for and never came. Doing it again changes nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuzhi import pipeline
from shuzhi.errors import InputRefused
from shuzhi.ledgers.model import Return as Answered
from shuzhi.ledgers.model import ReturnState as AnswerState
from shuzhi.packs.model import Pack
from shuzhi.periods import Period, parse_period
from shuzhi.units import UnitTree
from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.records.models import Origin, RecordState
from workplace.records.persons import person_key
from workplace.records.store import put_records
from workplace.rounds.asking import senders
from workplace.rounds.models import Return, ReturnState, Round, RoundState
from workplace.sending.models import Alias, AliasKind, Upload, UploadState
from workplace.units.tree import current_tree, replace_tree
from workplace.web.texts import language

_NOON = time(12)
Place = tuple[str, str]  # file and sheet


@dataclass(frozen=True)
class TakenOver:
    """What a source came to: how many of each, new and known together."""

    rounds: int
    returns: int
    records: int
    files: int


def read_to_keep(path: Path, pack: Pack, lang: str = "zh") -> pipeline.Source:
    """A source read so that its persons are the tokens that records here hold."""
    return pipeline.read(path, pack.path, lang=lang, person_key=person_key())


@transaction.atomic
def take_over_units(tree: UnitTree, *, by: User) -> None:
    """The tree of a source as the workplace's own.

    Raises: InputRefused where it lacks a unit that the workplace has, whose records would be
    nobody's.
    """
    lost = sorted(set(current_tree().codes) - set(tree.codes))
    if lost:
        raise InputRefused(
            f"the workplace has units that this tree lacks: {', '.join(lost[:5])}; add them to it, "
            "with the day on which they ended"
        )
    replace_tree(tree)
    record_event("editions.units_taken_over", by=by, units=len(tree.codes))


@transaction.atomic
def take_over_aliases(folder: Path, *, by: User) -> int:
    """How many spellings that somebody confirmed beside a folder of workbooks are confirmed here
    now; one that means something here already keeps its meaning."""
    saved = pipeline.read_aliases(folder)
    pairs = [(AliasKind.HEADER, saved.headers), (AliasKind.UNIT, saved.units)]
    aliases = [
        Alias(kind=kind, spelling=spelling, target=target, confirmed_by=by)
        for kind, meanings in pairs
        for spelling, target in meanings.items()
    ]
    Alias.objects.bulk_create(aliases, ignore_conflicts=True)
    if aliases:
        record_event("editions.aliases_taken_over", by=by, aliases=len(aliases))
    return len(aliases)


@transaction.atomic
def take_over(
    source: pipeline.Source,
    *,
    by: User,
    state: RecordState = RecordState.ACCEPTED,
    until: date | None = None,
) -> TakenOver:
    """Its records and returns, in the database; of the reporting periods that end by `until`.

    Raises: InputRefused where the source names units that the workplace has not.
    """
    _refuse_unknown_units(source)
    wanted = [
        answer
        for answer in source.ledgers.returns
        if until is None or parse_period(answer.period).end <= until
    ]
    rows = {name: _rows_by_place(source, name) for name in source.pack.tables}
    files = _Files(source, by)
    by_period: dict[str, list[Answered]] = defaultdict(list)
    for answer in wanted:
        by_period[answer.period].append(answer)
    taken = 0
    for name, answers in sorted(by_period.items()):
        round_ = _closed_round(source.pack, parse_period(name), answers, by)
        for places, answer in _answers_once(answers):
            kept = _return(round_, source.pack, answer, state)
            for place in places:
                found = rows[answer.table].get(place, [])
                taken += len(found)
                _put(kept, found, by, state, files.upload(place[0], kept), answer)
    record_event(
        "editions.source_taken_over", by=by, unit=source.ledgers.units.root, pack=source.pack.name,
        rounds=len(by_period), returns=len(wanted), records=taken, files=files.count,
    )  # fmt: skip
    return TakenOver(len(by_period), len(wanted), taken, files.count)


def _refuse_unknown_units(source: pipeline.Source) -> None:
    known = set(current_tree().codes)
    unknown = sorted(set(source.ledgers.units.codes) - known)
    if unknown:
        raise InputRefused(
            f"the workplace has no unit {', '.join(unknown[:5])}; take the units over first "
            "(import_units)"
        )


def _rows_by_place(source: pipeline.Source, name: str) -> Mapping[Place, list[dict[str, Any]]]:
    ledger: pa.Table = source.ledgers.tables[name]
    found: dict[Place, list[dict[str, Any]]] = defaultdict(list)
    for row in pipeline.json_rows(source.pack.tables[name], ledger):
        found[row["_file"], row["_sheet"]].append(row)
    return found


def _answers_once(answers: list[Answered]) -> Iterator[tuple[list[Place], Answered]]:
    """Each table and unit once, with every sheet that answered: the last one speaks for them."""
    found: dict[tuple[str, str], list[Answered]] = defaultdict(list)
    for answer in answers:
        found[answer.table, answer.unit].append(answer)
    for several in found.values():
        yield [(each.file, each.sheet) for each in several], several[-1]


def _closed_round(pack: Pack, period: Period, answers: list[Answered], by: User) -> Round:
    """The round that holds a period's returns, found again by its seed, with all that was asked."""
    seed = hashlib.sha256(f"taken over: {pack.name} {period.name}".encode()).hexdigest()
    there = {answer.table for answer in answers}
    tables = [name for name in pack.tables if name in there]
    due_on = max(_due_day(pack, name, period) for name in tables)
    words = {"period": pipeline.say_period(period, language())}
    round_, is_new = Round.objects.get_or_create(
        seed=seed, pack=pack.name, period=period.name,
        defaults={
            "title": _("Taken over: %(period)s") % words, "tables": tables,
            "pack_version": pack.version, "due_on": due_on, "state": RoundState.CLOSED,
            "opened_by": by, "opened_at": timezone.now(), "closed_at": timezone.now(),
        },
    )  # fmt: skip
    if is_new:
        Return.objects.bulk_create(
            Return(round=round_, table=name, unit_id=unit, period=period.name, due_on=day,
                   first_due_on=day)
            for name in tables
            for day in [_due_day(pack, name, period)]
            for unit in senders(current_tree(), pack.tables[name], period)
        )  # fmt: skip
    return round_


def _due_day(pack: Pack, table: str, period: Period) -> date:
    return period.last_day + timedelta(days=pack.tables[table].asked.due_days)


def _return(round_: Round, pack: Pack, answer: Answered, state: RecordState) -> Return:
    """The return, answered; one that is answered already stays as it is."""
    day = _due_day(pack, answer.table, parse_period(answer.period))
    received = _moment(answer.received_on)
    kept, _is_new = Return.objects.get_or_create(
        round=round_, table=answer.table, unit_id=answer.unit, period=answer.period,
        defaults={"due_on": day, "first_due_on": day},
    )  # fmt: skip
    if kept.state != ReturnState.ASKED:
        return kept
    kept.state = ReturnState(state.value)
    kept.answer, kept.reason = answer.state.value, _reason(answer)
    kept.sent_at = kept.first_sent_at = kept.begun_at = received
    if state is RecordState.ACCEPTED:
        kept.accepted_at = timezone.now()
    kept.save()
    return kept


def _reason(answer: Answered) -> str:
    if answer.state is not AnswerState.NOT_APPLICABLE:
        return ""
    return answer.reason or _("the sheet gives no reason")


def _put(
    kept: Return, rows: list[dict[str, Any]], by: User, state: RecordState, upload: Upload | None,
    answer: Answered,
) -> None:  # fmt: skip
    if rows:
        put_records(
            by=by, answer=kept, rows=rows, origin=Origin.IMPORT, upload=upload, state=state,
            received_at=_moment(answer.received_on),
        )  # fmt: skip


def _moment(day: str) -> datetime | None:
    """Noon of a day on which something came in; None where nobody wrote it down."""
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), _NOON)) if day else None


class _Files:
    """An upload a file of the source, so that a record leads to what was sent."""

    def __init__(self, source: pipeline.Source, by: User) -> None:
        self._by = by
        self._folder = source.files
        self._sources = {file.path: file for file in source.ledgers.sources}
        self._sheets = defaultdict(list)
        self._problems = defaultdict(list)
        for account in source.ledgers.sheets:
            self._sheets[account.file].append(asdict(account))
        for problem in source.ledgers.problems:
            self._problems[problem.file].append(asdict(problem))
        self._made: dict[str, Upload] = {}

    @property
    def count(self) -> int:
        return len(self._made)

    def upload(self, file: str, kept: Return) -> Upload | None:
        """The upload of a file; made with the first return that it answers."""
        if file not in self._made and file in self._sources:
            self._made[file] = self._find_or_make(file, kept)
        return self._made.get(file)

    def _find_or_make(self, file: str, kept: Return) -> Upload:
        sent = self._sources[file]
        received = _moment(sent.received_on) or timezone.now()
        upload, _is_new = Upload.objects.get_or_create(
            round=kept.round, unit_id=kept.unit_id, file_name=file, sha256=sent.sha256,
            defaults={
                "stored_as": self._store(file, sent.sha256), "size": sent.size,
                "state": UploadState.TAKEN, "account": self._sheets[file],
                "problems": self._problems[file], "sent_by": self._by, "received_at": received,
                "read_at": received, "taken_at": timezone.now(),
            },
        )  # fmt: skip
        return upload

    def _store(self, file: str, digest: str) -> str:
        """Where the file is kept; '' for one of an edition, which holds no files."""
        if self._folder is None:
            return ""
        name = f"uploads/{digest[:2]}/{digest}"
        if not default_storage.exists(name):
            with (self._folder / file).open("rb") as stream:
                default_storage.save(name, File(stream))
        return name
