"""Writing records: the only place where they are added, changed or withdrawn.

Each writer locks the return first, so that two writers of one return come one after the other and
nothing is written into a return that has been sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from shuzhi.packs.model import Table
from shuzhi.pipeline import ReadValues
from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.programme import pack_named
from workplace.records.errors import (
    ForeignUnitError,
    RecordChangedMeanwhileError,
    RecordGoneError,
    ReturnClosedError,
)
from workplace.records.kept import Kept, Place, kept
from workplace.records.models import Origin, Record, RecordChange, RecordState, RecordWords
from workplace.units.tree import current_tree, today

_AT_ONCE = 500
# What `_hold` may change of a record.
_HELD = (
    "unit", "key", "event_date", "precision", "data", "file_name", "sheet", "row",
    "version", "state", "origin", "upload",
)  # fmt: skip

Values = ReadValues | Mapping[str, Any]
# Of apps above this one, which it does not import: rounds.Return and sending.Upload.
Return = Any
Upload = Any


@dataclass(frozen=True)
class PutCounts:
    """What became of rows put in bulk."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0


def table_of(answer: Return) -> Table:
    """The pack's table that a return answers."""
    return pack_named(answer.round.pack).tables[answer.table]


@transaction.atomic
def save_record(
    *, by: User, answer: Return, table: Table, values: Values, origin: Origin | str,
    upload: Upload = None, place: Place | None = None,
) -> Record:  # fmt: skip
    """A new record, written. `values` are typed by the engine (`read_values` or `json_rows`).

    A key that a record of the return has already gets -2, -3 and so on, as the reader does it.
    Raises: ReturnClosedError, ForeignUnitError.
    """
    answer = _lock_open(answer)
    new = kept(table, values, current_tree(), place)
    _refuse_foreign(answer, [new])
    new = new.with_key(_free_key(answer, new.key))
    record = Record(origin=origin, **_frame(answer, by), **_held(new, answer, upload))
    record.save()
    _keep_words([(record, new)])
    record_event("records.saved", by=by, unit=answer.unit_id, about=record, table=table.name)
    return record


@transaction.atomic
def change_record(
    *, by: User, record: Record, values: Values, version: int, reason: str = "",
    upload: Upload = None, place: Place | None = None,
) -> Record:  # fmt: skip
    """The record with new values; one that had been sent is a draft until it is sent again.

    Values equal to what it holds change nothing and are no event.
    Raises: ReturnClosedError, ForeignUnitError, RecordChangedMeanwhileError where somebody else
    changed it after `version`, RecordGoneError where it was withdrawn.
    """
    answer = _lock_open(record.answer)
    current = _lock_record(record, version)
    new = kept(table_of(answer), values, current_tree(), place)
    _refuse_foreign(answer, [new])
    if new.data == current.data and new.precision == current.precision:
        return current
    new = new.with_key(_key_after(answer, current, new.key))
    before = current.data
    _hold(current, new, answer, upload, Origin(current.origin) if upload is None else None)
    current.save(update_fields=_HELD)
    _keep_words([(current, new)])
    RecordChange.objects.create(
        record=current, by=by, before=before, after=current.data, reason=reason
    )
    record_event(
        "records.changed", by=by, unit=answer.unit_id, about=current, table=current.table,
        columns=sorted(changed_columns(before, current.data)),
    )  # fmt: skip
    return current


@transaction.atomic
def withdraw_record(*, by: User, record: Record, version: int, reason: str = "") -> Record:
    """The record, no longer counted; its row and history stay.

    Raises: ReturnClosedError, RecordChangedMeanwhileError, RecordGoneError.
    """
    answer = _lock_open(record.answer)
    current = _lock_record(record, version)
    _withdraw([current], by, reason)
    record_event(
        "records.withdrawn", by=by, unit=answer.unit_id, about=current, table=current.table,
        reason=reason,
    )  # fmt: skip
    return current


@transaction.atomic
def put_records(
    *, by: User | None, answer: Return, rows: Iterable[Values], origin: Origin | str,
    upload: Upload = None, withdraw_missing: bool = False, reason: str = "",
    state: RecordState | str = RecordState.DRAFT, received_at: datetime | None = None,
) -> PutCounts:  # fmt: skip
    """Many rows of one return by their stable keys: new ones added, different ones changed, equal
    ones left as they are; with `withdraw_missing` those that are not among them are withdrawn.

    What is taken over from elsewhere (Origin.IMPORT) comes with its state and may go into a return
    that is closed, as long as nobody has signed it. Raises: ReturnClosedError, ForeignUnitError.
    """
    is_import = origin == Origin.IMPORT
    answer = _lock_unsigned(answer) if is_import else _lock_open(answer)
    table, tree = table_of(answer), current_tree()
    coming = _told_apart(kept(table, row, tree) for row in rows)
    if not is_import:
        _refuse_foreign(answer, coming.values())
    there = {record.key: record for record in _live(answer).iterator(chunk_size=2_000)}
    new = [one for key, one in coming.items() if key not in there]
    different = [
        (there[key], one)
        for key, one in coming.items()
        if key in there and _differs(there[key], one)
    ]
    missing = [record for key, record in there.items() if key not in coming]
    _add_all(answer, new, by, origin, upload, state, received_at)
    _change_all(answer, different, by, upload, state, reason)
    if withdraw_missing:
        _withdraw(missing, by, reason)
    counts = PutCounts(
        new=len(new), changed=len(different),
        unchanged=len(coming) - len(new) - len(different),
        withdrawn=len(missing) if withdraw_missing else 0,
    )  # fmt: skip
    record_event(
        "records.put", by=by, unit=answer.unit_id, about=answer, table=table.name,
        upload=upload.pk if upload else None, new=counts.new, changed=counts.changed,
        unchanged=counts.unchanged, withdrawn=counts.withdrawn,
    )  # fmt: skip
    return counts


def changed_columns(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The columns in which two states of a record differ."""
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def _lock(answer: Return) -> Return:
    return (
        type(answer)
        .objects.select_for_update(of=("self",))
        .select_related("round")
        .get(pk=answer.pk)
    )


def _lock_open(answer: Return) -> Return:
    """The return, held until the transaction ends. What is sent or accepted is not written into."""
    if answer is None:
        raise ReturnClosedError
    locked = _lock(answer)
    if not locked.is_open:
        raise ReturnClosedError
    return locked


def _lock_unsigned(answer: "Return") -> "Return":
    """The return, held, if nobody has decided on it: what is signed is not written over."""
    locked = _lock(answer)
    if locked.signatures.exists():
        raise ReturnClosedError
    return locked


def _lock_record(record: Record, version: int) -> Record:
    current = Record.objects.select_for_update().get(pk=record.pk)
    if current.state == RecordState.WITHDRAWN:
        raise RecordGoneError
    if current.version != version:
        raise RecordChangedMeanwhileError(current)
    return current


def _refuse_foreign(answer: Return, coming: Iterable[Kept]) -> None:
    """A unit writes about itself and those below it."""
    tree = current_tree()
    known = {answer.unit_id, ""}
    for one in coming:
        if one.unit in known:
            continue
        days = {one.day or today(), today()}
        above = {a for day in days for a in tree.ancestors(one.unit, day)}
        if answer.unit_id not in above:
            raise ForeignUnitError(one.unit)
        known.add(one.unit)


def _live(answer: Return) -> Any:
    return Record.objects.filter(answer=answer).exclude(state=RecordState.WITHDRAWN)


def _free_key(answer: Return, key: str) -> str:
    taken = set(_live(answer).filter(key__startswith=key).values_list("key", flat=True))
    return _next_free(key, taken)


def _next_free(key: str, taken: set[str]) -> str:
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}-{number}"
    return free


def _key_after(answer: Return, record: Record, key: str) -> str:
    """The key after a change: the present one, with its number, where what it is made of stayed."""
    rest = record.key.removeprefix(key)
    if rest == "" or (rest != record.key and rest.removeprefix("-").isdecimal()):
        return record.key
    return _free_key(answer, key)


def _told_apart(rows: Iterable[Kept]) -> dict[str, Kept]:
    found: dict[str, Kept] = {}
    taken: set[str] = set()
    for one in rows:
        key = _next_free(one.key, taken)
        taken.add(key)
        found[key] = one.with_key(key)
    return found


def _differs(record: Record, new: Kept) -> bool:
    return record.data != new.data or record.precision != new.precision


def _frame(answer: Return, by: User | None) -> dict[str, Any]:
    """What a record has of its return and of whoever writes it."""
    return {
        "pack": answer.round.pack,
        "pack_version": answer.round.pack_version,
        "table": answer.table,
        "answer": answer,
        "entered_by": by,
        "entered_at": timezone.now(),
    }


def _held(new: Kept, answer: Return, upload: Upload) -> dict[str, Any]:
    return {
        "unit_id": new.unit or answer.unit_id,
        "key": new.key,
        "event_date": new.day,
        "precision": new.precision,
        "data": dict(new.data),
        "upload": upload,
        "file_name": new.place.file_name,
        "sheet": new.place.sheet,
        "row": new.place.row,
    }


def _hold(
    record: Record, new: Kept, answer: Return, upload: Upload, origin: Origin | None,
    state: RecordState | str = RecordState.DRAFT,
) -> None:  # fmt: skip
    """Give a record its new values. Where it was written stays unless a workbook says so anew."""
    values = _held(new, answer, upload)
    if origin is not None:
        for name in ("upload", "file_name", "sheet", "row"):
            del values[name]
    for name, value in values.items():
        setattr(record, name, value)
    record.version += 1
    record.state = state


def _add_all(
    answer: Return, new: list[Kept], by: User | None, origin: Origin | str,
    upload: Upload, state: RecordState | str, received_at: datetime | None,
) -> None:  # fmt: skip
    frame = _frame(answer, by) | {"origin": origin, "state": state, "received_at": received_at}
    if state == RecordState.ACCEPTED:
        frame["accepted_at"] = received_at
    records = Record.objects.bulk_create(
        (Record(**frame, **_held(one, answer, upload)) for one in new), batch_size=_AT_ONCE
    )
    _keep_words(zip(records, new, strict=True))


def _change_all(
    answer: Return, different: list[tuple[Record, Kept]], by: User | None,
    upload: Upload, state: RecordState | str, reason: str,
) -> None:  # fmt: skip
    changes = []
    for record, new in different:
        changes.append(
            RecordChange(record=record, by=by, before=record.data, after=new.data, reason=reason)
        )
        _hold(record, new, answer, upload, None, state)
    _write(record for record, _ in different)
    _keep_words(different)
    RecordChange.objects.bulk_create(changes, batch_size=_AT_ONCE)


def _withdraw(records: list[Record], by: User | None, reason: str) -> None:
    changes = [
        RecordChange(record=record, by=by, before=record.data, after={}, reason=reason)
        for record in records
    ]
    for record in records:
        record.state = RecordState.WITHDRAWN
        record.version += 1
    _write(records)
    RecordChange.objects.bulk_create(changes, batch_size=_AT_ONCE)


def _write(records: Iterable[Record]) -> None:
    """Rows that are there, written whole: twenty times as fast as bulk_update's CASE of each."""
    Record.objects.bulk_create(
        records, batch_size=_AT_ONCE, update_conflicts=True, unique_fields=["id"],
        update_fields=_HELD,
    )  # fmt: skip


def _keep_words(pairs: Iterable[tuple[Record, Kept]]) -> None:
    """What a search looks through, beside the values it was made of."""
    RecordWords.objects.bulk_create(
        [RecordWords(record=record, words=new.words) for record, new in pairs],
        batch_size=_AT_ONCE, update_conflicts=True, unique_fields=["record"],
        update_fields=["words"],
    )  # fmt: skip
