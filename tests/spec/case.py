"""One promise about figures: a small table, a definition, and the figures it must give."""

import re
from dataclasses import dataclass

from small_county import UNITS

_LABELS = 'label = {{ zh = "{0}", en = "{0}" }}\nuom = {{ zh = "个", en = "items" }}'


@dataclass(frozen=True)
class Case:
    """`title` and `text` explain; `definition` is TOML; the rest are text tables.

    `figures` names indicator, unit, period and value (or state), and any of records, asked and
    reported. `tree_as_of` restates on the tree of that day. See `small_county` for the others.
    """

    title: str
    text: str
    definition: str
    figures: str
    meetings: str = ""
    venues: str = ""
    units: str = UNITS
    returns: str = ""
    tree_as_of: str = ""

    @property
    def whole_definition(self) -> str:
        """The definition with the labels and units of measure that every indicator has."""
        return re.sub(
            r"^\[(\w+)\]$",
            lambda match: f"{match[0]}\n{_LABELS.format(match[1])}",
            self.definition,
            flags=re.MULTILINE,
        )
