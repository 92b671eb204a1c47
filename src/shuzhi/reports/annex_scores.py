"""The annex of scorecards: points, bands, and why points are missing."""

from collections.abc import Iterator, Sequence

from shuzhi.reports.anchors import row_anchor
from shuzhi.reports.annex_cells import Annexes, quote, table, unit_label
from shuzhi.reports.bindings import binding_text
from shuzhi.reports.document import Block, Bound, Given, Row, Spans, Text
from shuzhi.scores.labels import group_label, item_label
from shuzhi.scores.model import Score

_GROUP_WIDTHS = (50.0, 22.0, 22.0, 40.0, 22.0)
_APPEAL_WIDTHS = (24.0, 26.0, 36.0, 34.0, 16.0, 20.0)
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
    yield from _appeals_table(annexes)


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
        rows.append(
            (
                (Given(unit_label(annexes, score.unit)),),
                (points,),
                (Text(score.band),),
                *_standing(annexes, score),
            )
        )
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
    head = ("unit", "points", "band", "moves", "tier")
    yield table(annexes, words["group"].format(group=label), head, rows, _GROUP_WIDTHS)
    if lost:
        caption = words["lost_caption"].format(group=label)
        yield table(annexes, caption, ("unit", "item", "points", "lost"), lost, _LOST_WIDTHS)


def _standing(annexes: Annexes, score: Score) -> tuple[Spans, Spans]:
    """The points as weights move, and the tier; – for a unit without a counted line."""
    if score.unit not in annexes.sources.standings:
        return (Text(annexes.words["none"]),), (Text(annexes.words["none"]),)
    base = f"standing.{score.unit}.{score.period}"
    return (
        (quote(annexes, f"{base}:lowest"), Text("–"), quote(annexes, f"{base}:highest")),
        (quote(annexes, f"{base}:tier"),),
    )


def _appeals_table(annexes: Annexes) -> Iterator[Block]:
    """The appeals of the unit and of those below it, with the points before and after."""
    sources = annexes.sources
    rows: list[Row] = []
    for heard in sources.appeals:
        appeal = heard.appeal
        if annexes.unit not in sources.ledgers.units.ancestors(appeal.unit, sources.day):
            continue
        name = f"{appeal.unit}.{appeal.period}"
        rows.append(
            (
                (Given(unit_label(annexes, appeal.unit)),),
                (Given(item_label(sources.pack, appeal.item, sources.lang)),),
                (Given(annexes.words["because"].format(what=appeal.what, why=appeal.why)),),
                (Given(appeal.answer),),
                (Text(annexes.words[appeal.effect.value]),),
                (
                    quote(annexes, f"appeal.{name}:before"),
                    Text(" → "),
                    quote(annexes, f"score.{name}"),
                ),
            )
        )
    if rows:
        head = ("unit", "item", "appeal", "answer", "effect", "points")
        yield table(annexes, annexes.words["appeals_caption"], head, rows, _APPEAL_WIDTHS)
