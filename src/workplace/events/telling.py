"""An event as a sentence: who did what, with names in the place of codes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workplace.accounts.models import Role, User
from workplace.accounts.permissions import Permission
from workplace.events.actions import sentence_of
from workplace.events.models import Event
from workplace.units.tree import current_tree, today

_NAMED = re.compile(r"%\((\w+)\)s")
_FACTS: dict[str, Promise] = {
    "role": gettext_lazy("role"),
    "valid_from": gettext_lazy("from"),
    "valid_to": gettext_lazy("until"),
    "reason": gettext_lazy("reason"),
    "fields": gettext_lazy("fields"),
    "count": gettext_lazy("how many"),
    "format": gettext_lazy("format"),
    "table": gettext_lazy("table"),
    "period": gettext_lazy("period"),
}


@dataclass(frozen=True)
class Told:
    """One event as a reader sees it. `facts` are those that the sentence does not say already."""

    event: Event
    who: str
    what: str
    unit: str
    about: str
    facts: tuple[tuple[str, str], ...]


def tell_all(events: Iterable[Event]) -> list[Told]:
    """Every event told, with two questions to the database however many they are."""
    events = list(events)
    names = _Names(events)
    return [_tell(event, names) for event in events]


def _tell(event: Event, names: "_Names") -> Told:
    sentence = str(sentence_of(event.action))
    said = set(_NAMED.findall(sentence))
    about, unit = names.about(event), names.unit(event.unit_id)
    texts: Mapping[str, str] = defaultdict(
        lambda: "–",
        {name: names.fact(name, value) for name, value in event.facts.items()}
        | {"about": about, "unit": unit},
    )
    # A sentence may hold a per cent sign of its own: only what is named is put in.
    what = _NAMED.sub(lambda found: texts[found[1]], sentence)
    facts = tuple(
        (str(_FACTS.get(name, name)), texts[name]) for name in event.facts if name not in said
    )
    who = names.user(event.by_id) if event.by_id else _("The program")
    return Told(event, who, what, unit, about, facts)


class _Names:
    """Names of all people, roles and units that some events speak of."""

    def __init__(self, events: list[Event]) -> None:
        people = {event.by_id for event in events if event.by_id}
        people |= {
            int(event.object_id)
            for event in events
            if event.object_type == User._meta.label_lower and event.object_id.isdigit()
        }
        self._users = {user.pk: user for user in User.objects.filter(pk__in=people)}
        self._roles = {role.code: str(role) for role in Role.objects.all()}
        self._tree = current_tree()

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
        return f"{_kind(event.object_type)} {event.object_id}"

    def fact(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            return _(", ").join(self.fact(name, part) for part in value) or _("nothing")
        if isinstance(value, dict):
            return "; ".join(f"{key}: {self.fact(key, part)}" for key, part in value.items())
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        text = "–" if value is None else str(value)
        if name == "role":
            return self._roles.get(text, text)
        if name in ("added", "removed") and text in Permission.values:
            return str(Permission(text).label)
        if text in self._tree.by_code:
            return self.unit(text)
        return text


def _kind(object_type: str) -> str:
    try:
        return str(apps.get_model(object_type)._meta.verbose_name)
    except LookupError:
        return object_type
