"""Points, and the name of each one lost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ScoreLine:
    """One line of a unit's scorecard.

    `points` of at most `weight`; a deduction has the weight 0 and points of 0 or below. `lost`
    names what the difference is due to: the figure (`figure_id`), its value against its target,
    and the records that are missing or overdue (`records`).
    `counted` is False where the unit is not asked, the figure is not applicable, its base is
    under the minimum denominator, or its target is no value: the line then has the weight 0 and
    its weight is spread over the others. A figure not reported is counted, at no points: silence
    gains nothing.
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
    """A unit's points for one period within its peer group, 0–100, and its band.

    `points` is the sum of the lines, not below 0. `group` is the peer group's name, `band` the
    band's label in the language asked for, '' where no line could be counted.
    """

    unit: str
    period: str
    group: str
    points: float
    band: str
    lines: tuple[ScoreLine, ...]
