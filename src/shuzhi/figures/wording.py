"""How a figure comes about, in the words of its definition."""

from shuzhi.packs.model import Indicator, Measure, MeasureKind
from shuzhi.packs.predicates import Predicate


def how_computed(indicator: Indicator) -> str:
    """One line: `sum(meetings.attended where kind = 'work')`."""
    text = indicator.formula.text if indicator.formula else ""
    if indicator.measure is not None:
        text = how_measured(indicator.measure)
    if indicator.over_units:
        text = f"{indicator.over_units} over units of {indicator.over_time} over months of {text}"
    return f"{text}, {indicator.shift.replace('_', ' ')}" if indicator.shift else text


def how_measured(measure: Measure) -> str:
    where = _where(measure.where)
    if measure.kind is MeasureKind.STOCK:
        begun = f"{measure.date} <= last day < {measure.ends}"
        return f"count({measure.table} where {begun}{where.replace(' where', ' and', 1)})"
    if measure.kind is MeasureKind.SHARE:
        base = _where(measure.share_of)
        part = where.replace(" where", " and", 1)
        return f"100 * count({measure.table}{base}{part}) / count({measure.table}{base})"
    if measure.column:
        return f"{measure.kind}({measure.table}.{measure.column}{where})"
    return f"{measure.kind}({measure.table}{where})"


def _where(predicate: Predicate | None) -> str:
    return f" where ({predicate.text})" if predicate else ""
