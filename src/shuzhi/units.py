"""The dated tree of units: who belonged to whom on which day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from shuzhi.errors import InputRefused

FOREVER = date(9999, 12, 31)


@dataclass(frozen=True)
class UnitSpan:
    """One unit under one parent from `valid_from` up to but not including `valid_to`.

    `valid_to` is FOREVER while the span is open. `successor` is the unit that took over when
    this one ended; '' where none did. `aliases` are further names the unit is known by.
    """

    code: str
    name: str
    level: str
    parent: str
    valid_from: date
    valid_to: date = FOREVER
    successor: str = ""
    aliases: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day < self.valid_to


class UnitTree:
    """All units with their history. Every question takes the day it is asked for.

    Raises InputRefused on overlapping spans, unknown parents or successors, and circles.
    """

    def __init__(self, spans: Iterable[UnitSpan]) -> None:
        self.spans: tuple[UnitSpan, ...] = tuple(
            sorted(spans, key=lambda span: (span.code, span.valid_from))
        )
        self._refuse_contradictions()

    @cached_property
    def by_code(self) -> Mapping[str, tuple[UnitSpan, ...]]:
        grouped: dict[str, list[UnitSpan]] = {}
        for span in self.spans:
            grouped.setdefault(span.code, []).append(span)
        return {code: tuple(spans) for code, spans in grouped.items()}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.by_code)

    @cached_property
    def root(self) -> str:
        """The code of the first unit (by code) that has no parent."""
        return next(span.code for span in self.spans if not span.parent)

    @cached_property
    def moves(self) -> tuple[date, ...]:
        """The days, in order, on which some unit may come to stand under another one."""
        changes = {
            day
            for spans in self.by_code.values()
            if len({span.parent for span in spans}) > 1
            for span in spans
            for day in (span.valid_from, span.valid_to)
        }
        return tuple(sorted(changes))

    def span(self, code: str, day: date) -> UnitSpan:
        """The span of `code` on `day`; the nearest one where the unit did not exist that day."""
        spans = self.by_code[code]
        for candidate in spans:
            if candidate.holds_on(day):
                return candidate
        return spans[0] if day < spans[0].valid_from else spans[-1]

    def exists(self, code: str, day: date) -> bool:
        return any(span.holds_on(day) for span in self.by_code.get(code, ()))

    def exists_during(self, code: str, start: date, end: date) -> bool:
        """Whether the unit existed on any day from `start` to before `end`."""
        return any(
            span.valid_from < end and start < span.valid_to for span in self.by_code.get(code, ())
        )

    def name(self, code: str, day: date) -> str:
        return self.span(code, day).name

    def level(self, code: str, day: date) -> str:
        return self.span(code, day).level

    def ancestors(self, code: str, day: date) -> tuple[str, ...]:
        """The unit itself, its parent, and so on to the root, as they were on `day`."""
        path = [code]
        while parent := self.span(path[-1], day).parent:
            path.append(parent)
        return tuple(path)

    def heir(self, code: str, day: date) -> str:
        """The unit that answers for `code` on `day`: itself, or its successor's heir."""
        while not self.exists(code, day):
            successor = self.by_code[code][-1].successor
            if not successor or day < self.by_code[code][-1].valid_to:
                return code
            code = successor
        return code

    def children(self, code: str, day: date) -> tuple[str, ...]:
        return tuple(s.code for s in self.spans if s.parent == code and s.holds_on(day))

    def in_pre_order(self, day: date) -> list[str]:
        """All units, each before those that stand under it on `day`; siblings by code."""
        below: dict[str, list[str]] = {}
        for code in self.codes:
            below.setdefault(self.span(code, day).parent, []).append(code)
        found, waiting = [], below.get("", [])[::-1]
        while waiting:
            found.append(waiting.pop())
            waiting += below.get(found[-1], [])[::-1]
        return found

    def at_or_below(self, code: str, start: date, end: date) -> tuple[str, ...]:
        """Every unit that stood at or under `code` on any day from `start` to before `end`."""
        found = {code}
        frontier = [(code, start, end)]
        while frontier:
            above, since, until = frontier.pop()
            for span in self.spans:
                first, last = max(span.valid_from, since), min(span.valid_to, until)
                if span.parent == above and first < last:
                    found.add(span.code)
                    frontier.append((span.code, first, last))
        return tuple(sorted(found))

    def _refuse_contradictions(self) -> None:
        for code, spans in self.by_code.items():
            for earlier, later in zip(spans, spans[1:], strict=False):
                if later.valid_from < earlier.valid_to:
                    raise InputRefused(
                        f"units: {code} has two entries that overlap from {later.valid_from}; "
                        "end the earlier one on the day the later one begins"
                    )
        for span in self.spans:
            for role, other in (("parent", span.parent), ("successor", span.successor)):
                if other and other not in self.by_code:
                    raise InputRefused(
                        f"units: {span.code} names {role} {other}, which is no unit; "
                        "correct the code or add that unit"
                    )
        for code, spans in self.by_code.items():
            changes = {day for span in spans for day in (span.valid_from, span.valid_to)}
            for day in sorted(changes - {FOREVER}):
                self._refuse_circle(code, day)
            self._refuse_endless_succession(code)

    def _refuse_circle(self, code: str, day: date) -> None:
        """A circle that stands on any day begins on one on which a unit in it changes."""
        seen, above = {code}, self.span(code, day).parent
        while above and above not in seen:
            seen.add(above)
            above = self.span(above, day).parent
        if above:
            raise InputRefused(
                f"units: {above} stands under itself on {day}; correct the parents of that day"
            )

    def _refuse_endless_succession(self, code: str) -> None:
        seen, last = {code}, self.by_code[code][-1]
        while last.successor and last.valid_to != FOREVER:
            if last.successor in seen:
                raise InputRefused(
                    f"units: {last.successor} is succeeded by itself once it ended; "
                    f"correct the successor of {last.code}, which ended on {last.valid_to}"
                )
            seen.add(last.successor)
            last = self.by_code[last.successor][-1]
