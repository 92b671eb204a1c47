"""What a binding must read: the one door from a binding to its text, for writing and verifying.

The forms a binding may take are listed in `shuzhi.reports.document`.
"""

from collections import Counter

from shuzhi.figures.model import Figure, FigureState
from shuzhi.reports.outcomes import judge_promise, promise_outcomes
from shuzhi.reports.sources import Sources
from shuzhi.reports.wording import STATES, number_text, plain_number
from shuzhi.scores.model import ScoreLine


class UnknownBinding(KeyError):
    """A binding that names nothing in these sources."""


def binding_text(sources: Sources, binding: str) -> str:
    """What stands in the document for `binding`.

    Raises: UnknownBinding where the binding names nothing here.
    """
    kind, _, rest = binding.partition(":")
    if kind == "record":
        return _record_text(sources, binding, rest)
    family, _, name = kind.partition(".")
    match family:
        case "flags" if not rest:
            return str(len(sources.open_flags(name)))
        case "flags":
            return str(len(sources.flagged_units(name, rest)))
        case "promises":
            return _promises_text(sources, name, rest)
        case "score":
            return _score_text(sources, binding, name, rest)
        case "standing":
            return _standing_text(sources, binding, name, rest)
        case "appeal":
            return _appeal_text(sources, binding, name, rest)
    return _figure_text(sources, binding, kind, rest)


def find_figure(sources: Sources, figure_id: str) -> Figure:
    """The figure of that id.

    Raises: UnknownBinding.
    """
    indicator, _, rest = figure_id.partition(".")
    unit, _, period = rest.rpartition(".")
    figure = sources.figure(indicator, unit, period)
    if figure is None:
        raise UnknownBinding(figure_id)
    return figure


def base_of(binding: str) -> str:
    """The figure or score a binding belongs to: the binding without what follows the colon."""
    return binding.partition(":")[0]


def _record_text(sources: Sources, binding: str, rest: str) -> str:
    table, _, tail = rest.partition("/")
    record, _, column = tail.rpartition("/")
    if not sources.records.has(table, record):
        raise UnknownBinding(binding)
    column, _, part = column.partition(":")
    if part == "years":
        table_of = sources.rules.promises
        if table_of is None or table != table_of.table:
            raise UnknownBinding(binding)
        return str(judge_promise(sources, table_of, record).years)
    if part:
        raise UnknownBinding(binding)
    return sources.records.text(table, record, column)


def _promises_text(sources: Sources, unit: str, outcome: str) -> str:
    found = Counter(promise.outcome.value for promise in promise_outcomes(sources, unit))
    return str(found[outcome] if outcome else found.total())


def _figure_text(sources: Sources, binding: str, figure_id: str, part: str) -> str:
    figure = find_figure(sources, figure_id)
    if part in ("records", "asked", "reported"):
        return str(getattr(figure, part))
    if part == "doubted":
        return str(len(sources.doubted_records(figure)))
    if part.startswith("missed/"):
        return str(len(sources.missing_units(figure, part.removeprefix("missed/"))))
    match part:
        case "":
            value = figure.value
        case "target":
            return _target_text(sources, figure)
        case "short":
            value = sources.distance(figure)
        case "change":
            value = sources.change(figure)
        case "verified":
            value = sources.verified(figure)
        case _:
            raise UnknownBinding(binding)
    return _value_text(sources, figure, value)


def _target_text(sources: Sources, figure: Figure) -> str:
    """A target that is a number as it was set; one that is a figure as that figure."""
    target = sources.pack.indicators[figure.indicator].target
    if isinstance(target, str):
        return _value_text(sources, figure, sources.target(figure))
    return "" if target is None else plain_number(target, sources.lang)


def _value_text(sources: Sources, figure: Figure, value: float | None) -> str:
    if value is None:
        state = figure.state
        if state is FigureState.VALUE:
            state = FigureState.NOT_ASKED
        return STATES[sources.lang][state]
    return number_text(value, sources.pack.indicators[figure.indicator].decimals, sources.lang)


def _score_text(sources: Sources, binding: str, name: str, part: str) -> str:
    unit, _, period = name.rpartition(".")
    score = sources.scores.get(unit)
    if score is None or score.period != period:
        raise UnknownBinding(binding)
    if not part:
        return number_text(score.points, 1, sources.lang)
    item, _, aspect = part.partition("/")
    line = next((line for line in score.lines if line.item == item), None)
    if line is None or aspect not in ("", "weight", "value", "target", "lost"):
        raise UnknownBinding(binding)
    return _line_text(sources, line, aspect)


def _standing_text(sources: Sources, binding: str, name: str, part: str) -> str:
    unit, _, period = name.rpartition(".")
    standing = sources.standings.get(unit)
    if standing is None or period != sources.period.name:
        raise UnknownBinding(binding)
    match part:
        case "tier":
            return str(standing.tier)
        case "lowest" | "highest":
            return number_text(getattr(standing, part), 1, sources.lang)
    raise UnknownBinding(binding)


def _appeal_text(sources: Sources, binding: str, name: str, part: str) -> str:
    unit, _, period = name.rpartition(".")
    for heard in sources.appeals:
        if (heard.appeal.unit, heard.appeal.period) == (unit, period) and part == "before":
            return number_text(heard.before, 1, sources.lang)
    raise UnknownBinding(binding)


def _line_text(sources: Sources, line: ScoreLine, aspect: str) -> str:
    number: float | None
    match aspect:
        case "lost":
            return line.lost
        case "weight":
            number = line.weight
        case "value" | "target":
            number = line.value if aspect == "value" else line.target
        case _:
            return number_text(line.points, 1, sources.lang)
    return "" if number is None else plain_number(round(number, 2), sources.lang)
