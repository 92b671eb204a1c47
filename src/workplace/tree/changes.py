"""What can be done to the tree of units, each from a day on: pure functions from tree to tree.

A change concerns the span that holds on its day; where a later one is known already, it is refused:
changes are entered in the order of their days.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _

from shuzhi.errors import InputRefused
from shuzhi.units import FOREVER, UnitSpan, UnitTree


class ChangeRefused(InputRefused):
    """A change that makes no sense on its day; the message is a sentence for whoever asked."""


@dataclass(frozen=True)
class NewUnit:
    """A unit that did not exist before."""

    kind: ClassVar = "new"
    code: str
    name: str
    level: str
    parent: str
    on: date

    @property
    def units(self) -> tuple[str, ...]:
        """The units at which whoever does this must be allowed to: where it will stand."""
        return (self.parent,)

    def apply(self, tree: UnitTree) -> UnitTree:
        if self.code in tree.by_code:
            raise ChangeRefused(_("There is a unit with the code %(code)s.") % {"code": self.code})
        _require(tree, self.parent, self.on)
        span = UnitSpan(self.code, self.name, self.level, self.parent, self.on)
        return UnitTree([*tree.spans, span])


@dataclass(frozen=True)
class Rename:
    """Another name; the old one stays known as an alias."""

    kind: ClassVar = "rename"
    code: str
    name: str
    on: date

    @property
    def units(self) -> tuple[str, ...]:
        return (self.code,)

    def apply(self, tree: UnitTree) -> UnitTree:
        here = _last_span(tree, self.code, self.on)
        if here.name == self.name:
            raise ChangeRefused(_("The unit has this name already."))
        known = (*here.aliases, here.name)
        aliases = tuple(dict.fromkeys(text for text in known if text != self.name))
        return _with(tree, _cut(here, self.on, replace(here, name=self.name, aliases=aliases)))


@dataclass(frozen=True)
class Move:
    """Under another superior, with all that stands below."""

    kind: ClassVar = "move"
    code: str
    parent: str
    on: date

    @property
    def units(self) -> tuple[str, ...]:
        return (self.code, self.parent)

    def apply(self, tree: UnitTree) -> UnitTree:
        here = _last_span(tree, self.code, self.on)
        _require(tree, self.parent, self.on)
        if here.parent == self.parent:
            raise ChangeRefused(_("The unit stands there already."))
        return _with(tree, _cut(here, self.on, replace(here, parent=self.parent)))


@dataclass(frozen=True)
class Merge:
    """One or several units become part of another, which answers for them from then on."""

    kind: ClassVar = "merge"
    codes: tuple[str, ...]
    into: str
    on: date

    @property
    def units(self) -> tuple[str, ...]:
        return (*self.codes, self.into)

    def apply(self, tree: UnitTree) -> UnitTree:
        if self.into in self.codes:
            raise ChangeRefused(_("A unit cannot become part of itself."))
        _require(tree, self.into, self.on)
        changed: dict[UnitSpan, list[UnitSpan]] = {}
        for code in self.codes:
            changed |= _ended(_last_span(tree, code, self.on), self.on, self.into)
            for below in tree.children(code, self.on):
                if below not in self.codes:
                    here = _last_span(tree, below, self.on)
                    changed |= _cut(here, self.on, replace(here, parent=self.into))
        return _with(tree, changed)


@dataclass(frozen=True)
class End:
    """A unit ends; `successor`, where there is one, answers for it.

    A unit that splits: its parts are new units, then it ends with one of them as successor.
    """

    kind: ClassVar = "end"
    code: str
    on: date
    successor: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        return (self.code, *filter(None, [self.successor]))

    def apply(self, tree: UnitTree) -> UnitTree:
        here = _last_span(tree, self.code, self.on)
        if not here.parent:
            raise ChangeRefused(_("The unit at the top of the tree cannot end."))
        below = tree.children(self.code, self.on)
        if below:
            names = ", ".join(tree.name(code, self.on) for code in below[:5])
            raise ChangeRefused(
                _("Units still stand below it: %(names)s. Move them first, or merge the unit.")
                % {"names": names}
            )
        if self.successor:
            _require(tree, self.successor, self.on)
        return _with(tree, _ended(here, self.on, self.successor))


Change = NewUnit | Rename | Move | Merge | End


def touched(tree: UnitTree, change: Change) -> tuple[str, ...]:
    """The units that a change concerns on its day, with all that stands below them."""
    codes = set(change.codes if isinstance(change, Merge) else (change.code,))
    found: set[str] = set()
    while codes:
        found |= codes
        codes = {s.code for s in tree.spans if s.parent in codes and s.holds_on(change.on)} - found
    return tuple(sorted(code for code in found if code in tree.by_code))


def _last_span(tree: UnitTree, code: str, day: date) -> UnitSpan:
    _require(tree, code, day)
    here = tree.span(code, day)
    if here is not tree.by_code[code][-1]:
        raise ChangeRefused(
            _("%(name)s changes again on %(day)s; changes are entered in the order of their days.")
            % {"name": here.name, "day": here.valid_to}
        )
    return here


def _require(tree: UnitTree, code: str, day: date) -> None:
    if not tree.exists(code, day):
        name = tree.name(code, day) if code in tree.by_code else code
        raise ChangeRefused(_("%(name)s does not exist on %(day)s.") % {"name": name, "day": day})


def _cut(here: UnitSpan, day: date, after: UnitSpan) -> dict[UnitSpan, list[UnitSpan]]:
    """The span up to the day, and what follows it; nothing before where it begins on that day."""
    before = [replace(here, valid_to=day)] if here.valid_from < day else []
    return {here: [*before, replace(after, valid_from=day)]}


def _ended(here: UnitSpan, day: date, successor: str) -> dict[UnitSpan, list[UnitSpan]]:
    if here.valid_from >= day:
        raise ChangeRefused(
            _("%(name)s began on %(day)s; it can end on a later day only.")
            % {"name": here.name, "day": here.valid_from}
        )
    if here.valid_to != FOREVER:
        raise ChangeRefused(
            _("%(name)s ends on %(day)s anyway.") % {"name": here.name, "day": here.valid_to}
        )
    return {here: [replace(here, valid_to=day, successor=successor)]}


def _with(tree: UnitTree, changed: dict[UnitSpan, list[UnitSpan]]) -> UnitTree:
    spans: Iterable[UnitSpan] = (new for span in tree.spans for new in changed.get(span, [span]))
    return UnitTree(spans)
