"""The annex of scorecards: points, bands, and why points are missing."""

from collections.abc import Iterator, Sequence

from shuzhi.reports.anchors import row_anchor
from shuzhi.reports.annex_cells import Annexes, quote, table, unit_label
from shuzhi.reports.bindings import binding_text
from shuzhi.reports.document import Block, Bound, Given, Row, Text
from shuzhi.scores.labels import group_label, item_label
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
            (Given(item_label(annexes.sources.pack, line.item, annexes.sources.lang)),),
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
                (Given(item_label(annexes.sources.pack, line.item, annexes.sources.lang)),),
                (quote(annexes, f"{base}:{line.item}"),),
                (quote(annexes, f"{base}:{line.item}/lost"),),
            )
            for line in score.lines
            if line.lost
        ]
    label = group_label(annexes.sources.pack, group, annexes.sources.lang)
    head = ("unit", "points", "band")
    yield table(annexes, words["group"].format(group=label), head, rows, _GROUP_WIDTHS)
    if lost:
        caption = words["lost_caption"].format(group=label)
        yield table(annexes, caption, ("unit", "item", "points", "lost"), lost, _LOST_WIDTHS)
