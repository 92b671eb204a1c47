"""A year beside the year before: on the tree as it was, and both restated on one day's tree."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from shuzhi.figures.compute import compute_figures
from shuzhi.figures.model import Figure
from shuzhi.figures.output import STATE_WORDS
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack
from shuzhi.periods import Period, previous_year
from shuzhi.units import UnitTree

_HEADERS: Mapping[str, Sequence[str]] = {
    "zh": ("指标", "单位", "原树上年", "原树本期", "原树增减", "重述上年", "重述本期", "重述增减"),
    "en": (
        "Indicator",
        "Unit",
        "As it was: before",
        "now",
        "change",
        "Restated: before",
        "now ",
        "change ",
    ),
}
_TITLE: Mapping[str, str] = {
    "zh": "{last} → {period}；“原树”按当时的单位隶属，“重述”按 {day} 的单位隶属",
    "en": "{last} → {period}; as it was: on the tree of the time; restated: on that of {day}",
}


@dataclass(frozen=True)
class Pair:
    """One figure of two years on the same footing. Missing: None where the unit was not there."""

    before: Figure | None
    now: Figure | None

    @property
    def change(self) -> float | None:
        """Missing: None where one of the two has no value."""
        if self.before is None or self.before.value is None:
            return None
        if self.now is None or self.now.value is None:
            return None
        return round(self.now.value - self.before.value, 6)


@dataclass(frozen=True)
class YearOnYear:
    """One indicator of one unit: `as_it_was`, each year on the tree of its time, and `restated`,
    both on the tree of the day `tree`."""

    indicator: str
    unit: str
    period: Period
    tree: date
    as_it_was: Pair
    restated: Pair


def compare_years(
    ledgers: Ledgers,
    pack: Pack,
    period: Period,
    *,
    indicators: Sequence[str] = (),
    units: Sequence[str] = (),
    tree: date | None = None,
) -> list[YearOnYear]:
    """`period` beside the same period one year earlier, by indicator and unit.

    `tree` is the day to restate on, the last day of `period` by default. All indicators and units
    by default. Raises: UserError where an indicator or unit is not known.
    """
    tree = tree or period.last_day
    periods = (period, previous_year(period))
    was, restated = (
        {
            (figure.indicator, figure.unit, figure.period): figure
            for figure in compute_figures(
                ledgers,
                pack,
                periods=periods,
                indicators=indicators or None,
                units=units or None,
                tree_as_of=day,
            )
        }
        for day in (None, tree)
    )
    now, before = (each.name for each in periods)
    keys = dict.fromkeys((i, u) for i, u, _ in (*was, *restated))
    return [
        YearOnYear(
            indicator,
            unit,
            period,
            tree,
            Pair(was.get((indicator, unit, before)), was.get((indicator, unit, now))),
            Pair(restated.get((indicator, unit, before)), restated.get((indicator, unit, now))),
        )
        for indicator, unit in sorted(keys)
    ]


def years_to_json(compared: Sequence[YearOnYear]) -> str:
    """A list of objects: indicator, unit, period, tree, and `as_it_was` and `restated`, each with
    before, now (figures, null where the unit was not there) and change."""
    content = [
        {
            "indicator": row.indicator,
            "unit": row.unit,
            "period": row.period.name,
            "tree": row.tree.isoformat(),
            "as_it_was": asdict(row.as_it_was) | {"change": row.as_it_was.change},
            "restated": asdict(row.restated) | {"change": row.restated.change},
        }
        for row in compared
    ]
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def years_title(compared: Sequence[YearOnYear], lang: str) -> str:
    """What is compared and on which trees. Missing: '' where nothing is."""
    if not compared:
        return ""
    period = compared[0].period
    return _TITLE[lang].format(
        last=previous_year(period).name, period=period.name, day=compared[0].tree
    )


def years_rows(
    compared: Sequence[YearOnYear], pack: Pack, units: UnitTree, lang: str
) -> list[dict[str, str]]:
    """A row each to read: both years and the change, twice."""
    return [
        dict(
            zip(
                _HEADERS[lang],
                (
                    pack.indicators[row.indicator].label[lang],
                    units.by_code[row.unit][-1].name,
                    *_pair_cells(row.as_it_was, lang),
                    *_pair_cells(row.restated, lang),
                ),
                strict=True,
            )
        )
        for row in compared
    ]


def _pair_cells(pair: Pair, lang: str) -> tuple[str, str, str]:
    change = "" if pair.change is None else f"{pair.change:+.10g}"
    return _cell(pair.before, lang), _cell(pair.now, lang), change


def _cell(figure: Figure | None, lang: str) -> str:
    if figure is None:
        return "—"
    return STATE_WORDS[figure.state][lang] if figure.value is None else f"{figure.value:.10g}"
