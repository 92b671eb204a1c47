"""The annex of scorecards: points, bands, and why points are missing."""

from collections.abc import Iterator, Mapping, Sequence

from shuzhi.reports.anchors import row_anchor
from shuzhi.reports.annex_cells import Annexes, quote, table, unit_label
from shuzhi.reports.bindings import binding_text
from shuzhi.reports.document import Block, Bound, Given, Row, Text
from shuzhi.scores.model import Score

_GROUP_WIDTHS = (72.0, 42.0, 42.0)
_LINE_WIDTHS = (38.0, 16.0, 16.0, 86.0)
_LOST_WIDTHS = (36.0, 34.0, 14.0, 72.0)


def score_tables(annexes: Annexes) -> Iterator[Block]:
    sources = annexes.sources
    tree = sources.ledgers.units
    scores = [
        score
        for unit, score in sources.scores.items()
        if annexes.unit in tree.ancestors(unit, sources.day)
    ]
    own = sources.scores.get(annexes.unit)
    if own is not None:
        yield _own_card(annexes, own)
    below = [score for score in scores if score.unit != annexes.unit]
    for group in dict.fromkeys(score.group for score in below):
        yield from _group_tables(annexes, group, [s for s in below if s.group == group])


def _own_card(annexes: Annexes, score: Score) -> Block:
    base = f"score.{score.unit}.{score.period}"
    rows: list[Row] = [
        (
            (Given(_item_label(annexes, line.item)),),
            (quote(annexes, f"{base}:{line.item}/weight"),),
            (quote(annexes, f"{base}:{line.item}"),),
            (quote(annexes, f"{base}:{line.item}/lost"),) if line.lost else (),
        )
        for line in score.lines
    ]
    total = Bound(
        binding_text(annexes.sources, base),
        base,
        annexes.anchors.register(row_anchor(base), base),
        annexes.anchors.first.get(base, ""),
    )
    rows.append(((Text(annexes.words["points"], bold=True),), (), (total,), (Text(score.band),)))
    caption = annexes.words["lines"].format(unit=unit_label(annexes, score.unit))
    return table(annexes, caption, ("item", "weight", "points", "lost"), rows, _LINE_WIDTHS)


def _group_tables(annexes: Annexes, group: str, scores: Sequence[Score]) -> Iterator[Block]:
    words = annexes.words
    ranked = sorted(scores, key=lambda score: score.unit)
    rows: list[Row] = []
    lost: list[Row] = []
    for score in ranked:
        base = f"score.{score.unit}.{score.period}"
        anchor = annexes.anchors.register(row_anchor(base), base)
        link = annexes.anchors.first.get(base, "")
        points = Bound(binding_text(annexes.sources, base), base, anchor, link)
        rows.append(((Given(unit_label(annexes, score.unit)),), (points,), (Text(score.band),)))
        lost += [
            (
                (Given(unit_label(annexes, score.unit)),),
                (Given(_item_label(annexes, line.item)),),
                (quote(annexes, f"{base}:{line.item}"),),
                (quote(annexes, f"{base}:{line.item}/lost"),),
            )
            for line in score.lines
            if line.lost
        ]
    label = _group_label(annexes, group)
    head = ("unit", "points", "band")
    yield table(annexes, words["group"].format(group=label), head, rows, _GROUP_WIDTHS)
    if lost:
        caption = words["lost_caption"].format(group=label)
        yield table(annexes, caption, ("unit", "item", "points", "lost"), lost, _LOST_WIDTHS)


def _item_label(annexes: Annexes, item: str) -> str:
    """A scorecard line's label: its own, else that of the indicator of its name."""
    lang = annexes.sources.lang
    items = annexes.sources.pack.scorecard.get("items", {})
    definition = items.get(item, {}) if isinstance(items, Mapping) else {}
    label = definition.get("label")
    if label:
        return str(label[lang])
    name = definition.get("indicator", item)
    indicator = annexes.sources.pack.indicators.get(name)
    return indicator.label[lang] if indicator else item


def _group_label(annexes: Annexes, group: str) -> str:
    lang = annexes.sources.lang
    groups = annexes.sources.pack.scorecard.get("groups", {})
    definition = groups.get(group, {}) if isinstance(groups, Mapping) else {}
    level = next((item for item in annexes.sources.pack.levels if item.code == group), None)
    label = definition.get("label") or (level.label if level else {})
    return str(label.get(lang, group))
