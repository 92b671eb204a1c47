"""How a value becomes a share of an item's weight."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Linear:
    """Nothing at `floor` and worse, all at the target and better, in between in proportion."""

    floor: float


@dataclass(frozen=True)
class Steps:
    """(threshold, share) from the best down: the share of the first threshold that is met."""

    steps: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Share:
    """A percentage taken as it is: 72 % earn 72 % of the weight (28 % where less is better)."""


Scale = Linear | Steps | Share


def earned_share(scale: Scale, value: float, target: float | None, better: str) -> float:
    """The share of the weight, 0–1, that `value` earns. `better` is "more" or "less"."""
    sign = 1 if better == "more" else -1
    match scale:
        case Linear(floor):
            if target is None:
                raise ValueError("a linear scale needs a target")
            if sign * value >= sign * target:
                return 1.0
            span = sign * (target - floor)
            return max(0.0, sign * (value - floor) / span) if span > 0 else 0.0
        case Steps(steps):
            return next((share for at, share in steps if sign * value >= sign * at), 0.0)
        case Share():
            part = min(max(value / 100, 0.0), 1.0)
            return part if better == "more" else 1 - part


def best_value(scale: Scale, target: float | None, better: str) -> float | None:
    """The value that earns the whole weight."""
    match scale:
        case Linear():
            return target
        case Steps(steps):
            return steps[0][0]
        case Share():
            return 100.0 if better == "more" else 0.0
