"""The true figures, worked out from the true records by other means than the engine's.

Nothing here is shared with the stages that are tested against it: every indicator has a function
of its own (truth_*.py), written by hand from its definition in words.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from shuzhi.demo.book import Answer
from shuzhi.demo.county import County
from shuzhi.demo.truth_leading import LEADING
from shuzhi.demo.truth_learning import LEARNING
from shuzhi.demo.truth_measures import At, Ledger, Result
from shuzhi.demo.truth_office import OFFICE
from shuzhi.demo.truth_platforms import PLATFORMS
from shuzhi.demo.truth_supervision import SUPERVISION
from shuzhi.packs.model import Pack
from shuzhi.periods import parse_period

PERIODS = (
    "2022", "2023", "2023-H1", "2023-H2", "2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2023-09",
    "ytd-2023-09",
)  # fmt: skip
TRUTHS: Mapping[str, Callable[[At], Result]] = {
    **LEADING,
    **SUPERVISION,
    **LEARNING,
    **PLATFORMS,
    **OFFICE,
}


@dataclass(frozen=True)
class TrueFigure:
    """A figure as `shuzhi figures --format json` gives it."""

    indicator: str
    unit: str
    period: str
    result: Result

    def as_json(self) -> dict[str, str | int | float | None]:
        result = self.result
        return {
            "indicator": self.indicator,
            "unit": self.unit,
            "period": self.period,
            "value": result.rounded,
            "state": result.state,
            "records": result.records,
            "asked": result.asked,
            "reported": result.reported,
        }


def compute_truth(county: County, answers: list[Answer], pack: Pack) -> Iterator[TrueFigure]:
    """Every indicator of the pack, for every period and every unit that existed in it."""
    ledger = Ledger(county.tree.spans, answers, pack, TRUTHS)
    for name in PERIODS:
        period = parse_period(name)
        for span in county.tree.spans:
            if span.valid_from < period.end and period.start < span.valid_to:
                at = At(ledger, span.code, period)
                for indicator in pack.indicators:
                    yield TrueFigure(indicator, span.code, name, at.figure(indicator))
