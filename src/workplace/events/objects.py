"""What the objects of events are called, and where they may be looked at: said by their apps."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise

from workplace.accounts.models import User


@dataclass(frozen=True)
class Named:
    """An object as a reader knows it, with the page on which this reader may look at it."""

    name: str
    address: str


Open = Callable[[User, Collection[int]], Iterable[Model]]
Tell = Callable[..., Named]


@dataclass(frozen=True)
class Kind:
    """One kind of object: its word; `open_to` finds those of some numbers that a reader may see,
    `tell` says what one of them is called and where it is. Missing: None where it has no page."""

    word: Promise
    open_to: Open | None = None
    tell: Tell | None = None


# Filled in by apps when they are loaded: "app.model" in small letters.
_kinds: dict[str, Kind] = {}


def register_objects(kinds: Mapping[str, Kind]) -> None:
    """Say how objects are told of. Called by an app's `ready()`."""
    _kinds.update(kinds)


def at_page(name: str, text: str, pk: int | str) -> Named:
    """An object whose page is the address `name` with its number."""
    return Named(text, reverse(name, args=[pk]))


def named(user: User, wanted: Mapping[str, Collection[str]]) -> dict[tuple[str, str], Named]:
    """Those of the objects that the reader may see, with one question a kind."""
    found = {}
    for kind, numbers in wanted.items():
        known = _kinds.get(kind)
        if known is None or known.open_to is None or known.tell is None:
            continue
        pks = {int(number) for number in numbers if number.isdecimal()}
        for one in known.open_to(user, pks) if pks else ():
            found[kind, str(one.pk)] = known.tell(one)
    return found


def word_of(kind: str) -> str:
    """What objects of a kind are called; of one that nobody registered, its model's own word."""
    if kind in _kinds:
        return str(_kinds[kind].word)
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except LookupError:
        return kind
