"""Points, and the name of each one lost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ScoreLine:
    """One line of a unit's scorecard.

    `points` of at most `weight`; `lost` names what the difference is due to: the figure
    (`figure_id`), its value against its target, and the records that are missing or overdue.
    `counted` is False where the figure is no value, or its base is under the minimum
    denominator: the line's weight is then spread over the others.
    """

    item: str
    unit: str
    figure_id: str
    value: float | None
    target: float | None
    weight: float
    points: float
    counted: bool
    lost: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Score:
    """A unit's points for one period within its peer group, 0–100, and its band."""

    unit: str
    period: str
    group: str
    points: float
    band: str
    lines: tuple[ScoreLine, ...]
