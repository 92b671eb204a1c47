"""Which unit a text means: by code, name or alias on the day. Nothing is guessed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from shuzhi.ledgers.folding import fold
from shuzhi.ledgers.headers import suggest
from shuzhi.ledgers.messages import NO_SUGGESTION, Suggestion
from shuzhi.units import UnitSpan, UnitTree


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit's code, or '' and the code of the problem; `is_timeless` where no day matters."""

    code: str
    problem: str = ""
    is_timeless: bool = True


_UNKNOWN = FoundUnit("", "unknown_unit")


class UnitNames:
    """All codes, names and aliases of a tree, with the aliases saved for this source."""

    def __init__(self, tree: UnitTree, aliases: Mapping[str, str] | None = None) -> None:
        """`aliases` maps a spelling to a unit's code."""
        self.tree = tree
        self._codes = {_code_key(code): code for code in tree.codes}
        self._spans: dict[str, list[UnitSpan]] = {}
        self._aliased = {fold(text): code for text, code in (aliases or {}).items()}
        for span in tree.spans:
            for text in {fold(text) for text in (span.name, *span.aliases)}:
                self._spans.setdefault(text, []).append(span)
        self._mentioned = sorted({*self._spans, *self._aliased} - {""}, key=len, reverse=True)
        self._coded = sorted(self._codes, key=len, reverse=True)

    def resolve(self, text: str, day: date | None, sender: str = "") -> FoundUnit:
        """The unit `text` names on `day`. Where several do, the only one at or below `sender`."""
        code = self._codes.get(_code_key(text)) or self._aliased.get(fold(text), "")
        if code:
            return FoundUnit(code)
        spans = self._spans.get(fold(text), [])
        if not spans:
            return _UNKNOWN
        codes = {span.code for span in spans}
        if len(codes) == 1:
            return FoundUnit(spans[0].code)
        return self._choose(spans, fold(text), day, sender)

    def _choose(self, spans: list[UnitSpan], text: str, day: date | None, sender: str) -> FoundUnit:
        on_the_day = [span for span in spans if day and span.holds_on(day)] or spans
        by_name = [span for span in on_the_day if fold(span.name) == text] or on_the_day
        codes = {span.code for span in by_name}
        if len(codes) > 1 and sender:
            below = {code for code in codes if sender in self._ancestors(code, day)}
            codes = below or codes
        if len(codes) == 1:
            return FoundUnit(codes.pop(), is_timeless=False)
        return FoundUnit("", "unit_ambiguous", is_timeless=False)

    def mentioned(self, text: str) -> set[str]:
        """The codes of all units that `text` may speak of; the longest spelling wins where
        one lies within another."""
        found: set[str] = set()
        left = _code_key(text)
        for key in self._coded:
            pattern = rf"(?<![0-9a-z]){re.escape(key)}(?![0-9a-z])"
            left, hits = re.subn(pattern, " ", left)
            if hits:
                found.add(self._codes[key])
        folded = fold(left)
        for name in self._mentioned:
            if name in folded:
                folded = folded.replace(name, "\n")
                found.update(span.code for span in self._spans.get(name, ()))
                found.update(filter(None, [self._aliased.get(name)]))
        return found

    def find_sender(self, texts: Iterable[str], day: date | None) -> str:
        """The unit the first of `texts` with an answer names; '' where none does.

        Of a unit and those above it the lowest is meant; the other texts tell namesakes apart.
        """
        heard = [found for found in (self.mentioned(text) for text in texts) if found]
        for number, codes in enumerate(heard):
            lowest = self._lowest(codes, day)
            if len(lowest) > 1:
                others = set().union(*heard[:number], *heard[number + 1 :]) - lowest
                lowest = {
                    code for code in lowest if others & set(self._ancestors(code, day))
                } or lowest
            if len(lowest) == 1:
                return lowest.pop()
        return ""

    def suggest(self, text: str) -> Suggestion:
        """The known name nearest to `text`, with its code."""
        if text not in self._suggested:
            best = suggest(text, list(self._named))
            code = self._named.get(best, "")
            self._suggested[text] = Suggestion(f"{best}（{code}）", code) if best else NO_SUGGESTION
        return self._suggested[text]

    @cached_property
    def _named(self) -> Mapping[str, str]:
        return {name: span.code for span in self.tree.spans for name in (span.name, *span.aliases)}

    @cached_property
    def _suggested(self) -> dict[str, Suggestion]:
        """What was suggested so far: a wrong name stands in many rows."""
        return {}

    def _lowest(self, codes: set[str], day: date | None) -> set[str]:
        above = {ancestor for code in codes for ancestor in self._ancestors(code, day)[1:]}
        return codes - above or codes

    def _ancestors(self, code: str, day: date | None) -> tuple[str, ...]:
        return self.tree.ancestors(code, day or self.tree.by_code[code][-1].valid_from)


def _code_key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
