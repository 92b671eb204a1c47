"""Names of places in the document: bookmarks of at most 40 characters that begin with a letter.

The name is made from a digest of the binding, so that the binding is found again in a document
whose content controls an office suite has dropped.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import count

from shuzhi.reports.bindings import base_of
from shuzhi.reports.document import GIVEN

_NO_ROW = ("record", "promises", "flags", GIVEN)


def digest(binding: str) -> str:
    """16 hexadecimal digits of SHA-256: two of a million bindings collide once in 37 million."""
    return hashlib.sha256(binding.encode()).hexdigest()[:16]


def row_anchor(binding: str) -> str:
    """Where the annex has the row of a figure or score. Missing: '' for what has no row."""
    base = base_of(binding)
    return "" if base.partition(".")[0] in _NO_ROW else f"R{digest(base)}"


def proof_anchor(figure_id: str) -> str:
    return f"P{digest(figure_id)}"


class Anchors:
    """Gives out names, each once, and remembers what each is bound to."""

    def __init__(self) -> None:
        self.bindings: dict[str, str] = {}
        self.first: dict[str, str] = {}  # figure or score → where the text has it first
        self._seen: Counter[str] = Counter()
        self.numbers: Iterator[int] = count(1)  # ids of bookmarks and content controls

    def place(self, binding: str) -> str:
        """A new place of `binding` in the text."""
        if binding == GIVEN:
            return ""
        anchor = f"F{self.place_name(binding)}"
        self.first.setdefault(base_of(binding), anchor)
        return self.register(anchor, binding)

    def place_name(self, binding: str) -> str:
        """A name nothing else has, to follow the letter that says what kind of place it is."""
        self._seen[binding] += 1
        return f"{digest(binding)}_{self._seen[binding]}"

    def register(self, anchor: str, binding: str) -> str:
        """Note what a place with a name of its own is bound to."""
        self.bindings[anchor] = binding
        return anchor
