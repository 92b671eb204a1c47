"""What a scorecard's lines and peer groups are called."""

from collections.abc import Mapping
from typing import Any

from shuzhi.packs.model import Pack


def item_label(pack: Pack, item: str, lang: str) -> str:
    """A scorecard line's label: its own, else that of its indicator."""
    definition = _definition(pack, "items", item)
    label = definition.get("label")
    if label:
        return str(label[lang])
    indicator = pack.indicators.get(definition.get("indicator", item))
    return indicator.label[lang] if indicator else item


def group_label(pack: Pack, group: str, lang: str) -> str:
    """A peer group's label: its own, else that of the level of its name."""
    label = _definition(pack, "groups", group).get("label")
    if label is None:
        label = next((level.label for level in pack.levels if level.code == group), {})
    return str(label.get(lang, group))


def _definition(pack: Pack, part: str, name: str) -> Mapping[str, Any]:
    definitions = pack.scorecard.get(part, {})
    definition = definitions.get(name, {}) if isinstance(definitions, Mapping) else {}
    return definition if isinstance(definition, Mapping) else {}
