"""An event as a sentence: who did what, with names in the place of codes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from workplace.accounts.models import Role, User
from workplace.accounts.permissions import Permission
from workplace.events.actions import sentence_of
from workplace.events.facts import OBJECTS, reading, word_for
from workplace.events.models import Event
from workplace.events.objects import named, word_of
from workplace.units.tree import current_tree, today

_NAMED = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Told:
    """One event as a reader sees it. `address` is the page of its object, '' where the reader has
    none; `facts` are those that the sentence does not say already."""

    event: Event
    who: str
    what: str
    unit: str
    about: str
    address: str
    facts: tuple[tuple[str, str], ...]


def tell_all(events: Iterable[Event], reader: User) -> list[Told]:
    """Every event told, with as many questions to the database as there are kinds of objects.

    Objects that the reader may see are called by their names, all others by their numbers.
    """
    events = list(events)
    names = _Names(events, reader)
    return [_tell(event, names) for event in events]


def _tell(event: Event, names: "_Names") -> Told:
    sentence = str(sentence_of(event.action))
    said = set(_NAMED.findall(sentence))
    about, unit = names.about(event), names.unit(event.unit_id)
    texts: Mapping[str, str] = defaultdict(
        lambda: "–",
        {name: names.fact(event.action, name, value) for name, value in event.facts.items()}
        | {"about": about, "unit": unit},
    )
    # A sentence may hold a per cent sign of its own: only what is named is put in.
    what = _NAMED.sub(lambda found: texts[found[1]], sentence)
    facts = tuple((word_for(name), texts[name]) for name in event.facts if name not in said)
    who = names.user(event.by_id) if event.by_id else _("The program")
    return Told(event, who, what, unit, about, names.address(event), facts)


class _Names:
    """Names of all people, roles and units that some events speak of."""

    def __init__(self, events: list[Event], reader: User) -> None:
        people = {event.by_id for event in events if event.by_id}
        people |= {
            int(event.object_id)
            for event in events
            if event.object_type == User._meta.label_lower and event.object_id.isdigit()
        }
        self._users = {user.pk: user for user in User.objects.filter(pk__in=people)}
        self._roles = {role.code: str(role) for role in Role.objects.all()}
        self._tree = current_tree()
        self._objects = named(reader, _objects_of(events))

    def user(self, pk: int) -> str:
        user = self._users.get(pk)
        return f"{user.display_name} ({user.username})" if user else str(pk)

    def unit(self, code: str | None) -> str:
        if code is None or code not in self._tree.by_code:
            return code or ""
        return f"{self._tree.name(code, today())} ({code})"

    def about(self, event: Event) -> str:
        if event.object_type == User._meta.label_lower and event.object_id.isdigit():
            return self.user(int(event.object_id))
        if event.object_type == Role._meta.label_lower:
            return self._roles.get(event.object_id, event.object_id)
        if not event.object_type:
            return ""
        if found := self._objects.get((event.object_type, event.object_id)):
            return found.name
        return f"{word_of(event.object_type)} {event.object_id}"

    def address(self, event: Event) -> str:
        found = self._objects.get((event.object_type, event.object_id))
        return found.address if found else ""

    def fact(self, action: str, name: str, value: Any) -> str:
        if isinstance(value, list):
            return _(", ").join(self.fact(action, name, part) for part in value) or _("nothing")
        if isinstance(value, dict):
            parts = [
                f"{word_for(key)}: {self.fact(action, key, part)}" for key, part in value.items()
            ]
            return "; ".join(parts)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        text = "–" if value is None else str(value)
        if name == "role":
            return self._roles.get(text, text)
        if name in ("added", "removed") and text in Permission.values:
            return str(Permission(text).label)
        if text in self._tree.by_code:
            return self.unit(text)
        if found := self._objects.get((OBJECTS.get(name, ""), text)):
            return found.name
        return reading(action, name, text)


def _objects_of(events: list[Event]) -> dict[str, set[str]]:
    """Kind → numbers, of what events are about and of what their facts name."""
    found: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.object_type:
            found[event.object_type].add(event.object_id)
        for fact, kind in OBJECTS.items():
            if isinstance(event.facts.get(fact), int):
                found[kind].add(str(event.facts[fact]))
    return found
