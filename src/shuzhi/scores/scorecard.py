"""A pack's scorecard.toml, read and found to hold together (docs/reference/scorecard.md)."""

from dataclasses import dataclass

from shuzhi.errors import PackRefused
from shuzhi.packs.formulas import IndicatorRef, LastYear, TargetOf, YearToDate
from shuzhi.packs.model import Indicator, Pack, Role, Text
from shuzhi.packs.section import Section
from shuzhi.packs.suggestions import suggest
from shuzhi.scores.scales import Linear, Scale, Share, Steps

FILE_NAME = "scorecard.toml"
WHOLE = 100.0
_TOP_KEYS = ("subject", "bands", "groups", "items", "deductions")
_RANKING = (
    "rank",
    "ranks",
    "ranking",
    "rank_by",
    "order",
    "order_by",
    "sort",
    "position",
    "top",
    "bottom",
    "league",
)


@dataclass(frozen=True)
class Band:
    """Points from `least` up, until the next band begins."""

    label: Text
    least: float


@dataclass(frozen=True)
class Group:
    """Units scored alike: those of one level."""

    name: str
    label: Text
    level: str


@dataclass(frozen=True)
class Item:
    """A line that earns points. `target` overrides the indicator's."""

    name: str
    indicator: str
    groups: tuple[str, ...]
    weight: float
    scale: Scale
    target: float | str | None
    min_records: int


@dataclass(frozen=True)
class Deduction:
    """Points off for each unit of an indicator's value, `at_most` in all."""

    name: str
    indicator: str
    groups: tuple[str, ...]
    each: float
    at_most: float


@dataclass(frozen=True)
class Scorecard:
    """`bands` stand from the best down."""

    bands: tuple[Band, ...]
    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    deductions: tuple[Deduction, ...]


def read_scorecard(pack: Pack) -> Scorecard | None:
    """The scorecard; None where the pack has none.

    Raises: PackRefused with every complaint: file, key, what is wrong, what to do. A scorecard
    that ranks, or that scores persons, is refused.
    """
    if not pack.scorecard:
        return None
    whole = Section(FILE_NAME, "", pack.scorecard, [], pack)
    _refuse_ranking(whole)
    _refuse_persons(whole)
    whole.refuse_unknown((*_TOP_KEYS, *_RANKING))
    groups = tuple(_group(name, part) for name, part in _named(whole, "groups"))
    names = tuple(group.name for group in groups)
    card = Scorecard(
        bands=_bands(whole),
        groups=groups,
        items=tuple(_item(name, part, names) for name, part in _named(whole, "items")),
        deductions=tuple(
            _deduction(name, part, names) for name, part in _named(whole, "deductions")
        ),
    )
    _complain_about_weights(whole, card)
    if whole.complaints:
        raise PackRefused([str(complaint) for complaint in whole.complaints])
    return card


def _refuse_ranking(section: Section) -> None:
    for key in section.values:
        if key.lower() in _RANKING:
            section.complain(
                key,
                "a scorecard puts units into bands and never into an order",
                "remove it; order by rank hides how close units are",
            )


def _refuse_persons(whole: Section) -> None:
    subject = whole.text("subject")
    if subject not in ("", "unit"):
        whole.complain(
            "subject",
            f"{subject!r} is scored; only units are, never persons",
            'write subject = "unit"',
        )


def _named(whole: Section, key: str) -> list[tuple[str, Section]]:
    """The sections below [key.NAME]; no deductions is no fault."""
    if key != "deductions":
        whole.given(key)
    section = whole.part(key)
    named = [(name, section.part(name)) for name in section.values]
    for _, part in named:
        _refuse_ranking(part)
    return named


def _bands(whole: Section) -> tuple[Band, ...]:
    bands = whole.each(
        "bands", lambda part: Band(part.translations("label"), part.decimal("least", 0, WHOLE))
    )
    bounds = [band.least for band in bands]
    if bounds != sorted(set(bounds), reverse=True) or (bounds and bounds[-1] != 0):
        whole.complain(
            "bands",
            "their lower bounds do not fall from the best band to 0",
            "write the bands from the best down, the last one with least = 0",
        )
    return bands


def _group(name: str, section: Section) -> Group:
    section.refuse_unknown(("label", "level", *_RANKING))
    levels = {level.code: level.label for level in section.pack.levels}
    level = section.choice("level", levels, default=name)
    if level not in levels:
        section.complain("level", f"the pack has no level {level!r}", suggest(level, levels))
    label = section.optional_translations("label") or levels.get(level, {})
    return Group(name, label, level)


def _item(name: str, section: Section, groups: tuple[str, ...]) -> Item:
    section.refuse_unknown(
        ("label", "indicator", "groups", "weight", "scale", "target", "min_records", *_RANKING)
    )
    indicator = _indicator(name, section)
    target = section.values.get("target", indicator.target if indicator else None)
    scale = _scale(section.part("scale"))
    if indicator and not indicator.better:
        section.complain(
            "indicator",
            f"{indicator.name} does not say whether more or less of it is better",
            'set better = "more" or "less" on the indicator',
        )
    if isinstance(scale, Linear) and target is None:
        section.complain("target", "neither the item nor its indicator has one", "write target = …")
    if isinstance(target, str) and target not in section.pack.indicators:
        remedy = suggest(target, section.pack.indicators)
        section.complain("target", f"the pack has no indicator {target!r}", remedy)
    return Item(
        name,
        indicator.name if indicator else "",
        _groups(section, groups),
        section.decimal("weight", 0.1, WHOLE),
        scale,
        target,
        section.integer("min_records", 0) if "min_records" in section.values else 0,
    )


def _deduction(name: str, section: Section, groups: tuple[str, ...]) -> Deduction:
    section.refuse_unknown(("label", "indicator", "groups", "each", "at_most", *_RANKING))
    indicator = _indicator(name, section)
    if name in section.pack.scorecard.get("items", {}):
        section.complain("", "an item has the same name", "rename it and name its indicator")
    return Deduction(
        name,
        indicator.name if indicator else "",
        _groups(section, groups),
        section.decimal("each", 0.1, WHOLE),
        section.decimal("at_most", 0.1, WHOLE),
    )


def _scale(section: Section) -> Scale:
    kind = section.choice("kind", ("linear", "steps", "share"))
    section.refuse_unknown(("kind", "floor", "steps"))
    if kind == "linear":
        return Linear(section.number("floor", default=0))
    if kind == "share":
        return Share()
    steps = section.each(
        "steps", lambda step: (step.number("at", default=0), step.decimal("share", 0, 1))
    )
    shares = [share for _, share in steps]
    if not steps or shares != sorted(shares, reverse=True):
        section.complain("steps", "they do not fall from the best down", "order them by share")
    return Steps(steps or ((0.0, 0.0),))


def _groups(section: Section, known: tuple[str, ...]) -> tuple[str, ...]:
    """The peer groups a line is for; all of them unless some are named."""
    names = section.texts("groups") or known
    for name in names:
        if name not in known:
            section.complain("groups", f"there is no group {name!r}", suggest(name, known))
    return names


def _indicator(name: str, section: Section) -> Indicator | None:
    """The line's indicator, named like the line unless it says otherwise."""
    wanted = section.text("indicator", default=name)
    indicator = section.pack.indicators.get(wanted)
    if indicator is None:
        remedy = suggest(wanted, section.pack.indicators)
        section.complain("indicator", f"the pack has no indicator {wanted!r}", remedy)
    elif is_about_persons(indicator, section.pack):
        section.complain(
            "indicator",
            f"{wanted} counts persons, who may be counted and never scored",
            "score what the unit did",
        )
    return indicator


def is_about_persons(indicator: Indicator, pack: Pack) -> bool:
    """Whether the indicator, or one it is made of, measures a column about persons."""
    pending, seen = [indicator], {indicator.name}
    while pending:
        current = pending.pop()
        measure = current.measure
        if measure and measure.column:
            column = pack.tables[measure.table].column(measure.column)
            if column.role is Role.PERSON:
                return True
        for operand in current.formula.operands if current.formula else ():
            if isinstance(operand, IndicatorRef | LastYear | YearToDate | TargetOf):
                name = operand.indicator
                if name not in seen:
                    seen.add(name)
                    pending.append(pack.indicators[name])
    return False


def _complain_about_weights(whole: Section, card: Scorecard) -> None:
    for group in card.groups:
        total = sum(item.weight for item in card.items if group.name in item.groups)
        if abs(total - WHOLE) > 1e-9:
            whole.complain(
                "items",
                f"the weights for {group.name} add up to {total:g}",
                f"make them {WHOLE:g}",
            )
