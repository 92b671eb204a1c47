"""Drafts: what is typed is kept while it is typed, on whichever device."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from shuzhi.packs.model import Role, Table
from workplace.accounts.models import User
from workplace.programme import pack_named
from workplace.records.models import Record
from workplace.rounds.models import Return
from workplace.sending.entry_models import EntryDraft
from workplace.sending.entry_reading import read_texts, tokens_in


@dataclass(frozen=True)
class Typed:
    """What a form sends: fields as typed, persons' tokens kept from before, and its marks."""

    texts: Mapping[str, str]
    tokens: Mapping[str, str]
    once: uuid.UUID
    based_on: int = 0  # the record's version
    draft_version: int = 0


class DraftElsewhereError(Exception):
    """The draft was saved on another device since this form was opened; `draft` is what is kept."""

    def __init__(self, draft: EntryDraft) -> None:
        super().__init__()
        self.draft = draft


def as_typed(draft: EntryDraft) -> Typed:
    """What a form opened from a draft holds."""
    return Typed(draft.texts, draft.tokens, draft.once, draft.based_on, draft.version)


def draft_of(user: User, answer: Return, record: Record | None) -> EntryDraft | None:
    """What the person has typed and not yet saved for a record, or for a new one."""
    return EntryDraft.objects.filter(user=user, answer=answer, record=record).first()


@transaction.atomic
def keep_draft(
    *, by: User, answer: Return, record: Record | None, typed: Typed, is_forced: bool = False
) -> EntryDraft:
    """The draft, kept; names of persons become tokens at once.

    Raises: DraftElsewhereError where another device has saved other texts meanwhile.
    """
    table = pack_named(answer.round.pack).tables[answer.table]
    texts, tokens = without_names(answer, table, typed)
    found = EntryDraft.objects.select_for_update().filter(user=by, answer=answer, record=record)
    draft = found.first() or EntryDraft(
        user=by, answer=answer, record=record, version=0, once=typed.once
    )
    is_same = (draft.texts, draft.tokens, draft.based_on) == (texts, tokens, typed.based_on)
    if draft.version != typed.draft_version and draft.version and not (is_forced or is_same):
        raise DraftElsewhereError(draft)
    if not (is_same and draft.version):
        draft.texts, draft.tokens, draft.based_on = texts, tokens, typed.based_on
        draft.saved_at = timezone.now()
        draft.version += 1
        draft.save()
    return draft


def without_names(
    answer: Return, table: Table, typed: Typed
) -> tuple[dict[str, str], dict[str, str]]:
    """The texts without those of persons, and the tokens of these."""
    persons = {column.name for column in table.columns if column.role is Role.PERSON}
    named = {name: typed.texts[name] for name in persons if typed.texts.get(name)}
    texts = {name: text for name, text in typed.texts.items() if text and name not in persons}
    if not named:
        return texts, dict(typed.tokens)
    [read] = read_texts(pack_named(answer.round.pack), answer, [named])
    return texts, {**typed.tokens, **tokens_in(table, read.values)}


def drop_draft(*, by: User, answer: Return, record: Record | None) -> None:
    """Throw the draft away, as the person asked."""
    EntryDraft.objects.filter(user=by, answer=answer, record=record).delete()
