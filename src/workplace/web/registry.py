"""What apps put into every page's menu and onto the desk; filled in their `ready()`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from workplace.accounts.permissions import Permission


@dataclass(frozen=True)
class MenuEntry:
    """A door: shown to whoever may do one of `permissions` somewhere; to everybody with none.

    With `in_account_menu` it stands under the person's name and not among the daily work.
    """

    label: str | Promise
    url_name: str
    permissions: tuple[Permission, ...]
    order: int
    icon: str
    in_account_menu: bool = False


@dataclass(frozen=True)
class Card:
    """What is to be done, on the desk: a template with its context under a title.

    The smaller its `order`, the more it presses: below 20 what is late, below 40 what is due.
    """

    title: str | Promise
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50


CardMaker = Callable[[HttpRequest], Card | None]

_menu: dict[str, MenuEntry] = {}
_desk_cards: list[CardMaker] = []


def register_menu(entry: MenuEntry) -> None:
    """Put a door into the menu of every page."""
    _menu[entry.url_name] = entry


def register_desk_card(make: CardMaker) -> None:
    """Have `make` asked for a card whenever a desk is opened; None where nothing is to be done."""
    if make not in _desk_cards:
        _desk_cards.append(make)


def menu_for(grants: Mapping[str, bool]) -> list[MenuEntry]:
    """The doors of a person with these grants, in order."""
    found = [
        entry
        for entry in _menu.values()
        if not entry.permissions or any(grants.get(p.value) for p in entry.permissions)
    ]
    return sorted(found, key=lambda entry: (entry.order, entry.url_name))


def desk_cards(request: HttpRequest) -> list[Card]:
    """The cards of whoever asks, the most pressing first."""
    cards = [card for make in _desk_cards if (card := make(request)) is not None]
    return sorted(cards, key=lambda card: (card.order, str(card.title)))
