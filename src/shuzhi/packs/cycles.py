"""Definitions that lead back to themselves."""

from collections.abc import Iterator, Mapping

from shuzhi.packs.complaints import Complaint
from shuzhi.packs.formulas import LastYear, Operand, ReportingRate, TargetOf, UnitsBelow
from shuzhi.packs.model import Indicator

Graph = Mapping[str, tuple[str, ...]]


def complain_about_cycles(
    indicators: Mapping[str, Indicator], files: Mapping[str, str], complaints: list[Complaint]
) -> None:
    """Formulas that need their own value, and targets that depend on what they are set for.

    A target may depend on last year's value of what it is set for: `1.1 * last_year(x)`.
    """
    found = set()
    for graph in (_needed_for_value(indicators), _needed_in_period(indicators)):
        for circle in _circles(graph):
            if frozenset(circle) not in found:
                found.add(frozenset(circle))
                first = circle[0]
                key = "formula" if indicators[first].formula else "target"
                path = " → ".join((*circle, first))
                complaints.append(
                    Complaint(
                        files[first],
                        f"{first}.{key}",
                        f"it leads back to itself: {path}",
                        "take one of them out",
                    )
                )


def _needed_for_value(indicators: Mapping[str, Indicator]) -> Graph:
    """What must be known before an indicator's value is, in whatever year."""
    return {
        name: tuple(
            needed
            for operand in _operands(indicator)
            for needed in _named(operand, indicators)
            if needed in indicators
        )
        for name, indicator in indicators.items()
    }


def _needed_in_period(indicators: Mapping[str, Indicator]) -> Graph:
    """What an indicator's value and its target need of the same period."""
    graph = {}
    for name, indicator in indicators.items():
        named = [
            needed
            for operand in _operands(indicator)
            if not isinstance(operand, LastYear)
            for needed in _named(operand, indicators)
        ]
        if isinstance(indicator.target, str):
            named.append(indicator.target)
        graph[name] = tuple(needed for needed in named if needed in indicators)
    return graph


def _operands(indicator: Indicator) -> tuple[Operand, ...]:
    return indicator.formula.operands if indicator.formula else ()


def _named(operand: Operand, indicators: Mapping[str, Indicator]) -> tuple[str, ...]:
    if isinstance(operand, ReportingRate | UnitsBelow):
        return ()
    if not isinstance(operand, TargetOf):
        return (operand.indicator,)
    target = indicators[operand.indicator].target if operand.indicator in indicators else None
    return (target,) if isinstance(target, str) else ()


def _circles(graph: Graph) -> Iterator[tuple[str, ...]]:
    """One circle for each place where a walk meets its own path."""
    done: set[str] = set()
    for start in graph:
        path: dict[str, Iterator[str]] = {} if start in done else {start: iter(graph[start])}
        while path:
            name, successors = next(reversed(path.items()))
            following = next(successors, None)
            if following is None:
                done.add(name)
                del path[name]
            elif following in path:
                names = list(path)
                yield tuple(names[names.index(following) :])
            elif following not in done:
                path[following] = iter(graph[following])
