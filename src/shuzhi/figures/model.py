"""A figure: one indicator's value for one unit and one period."""

from dataclasses import dataclass
from enum import StrEnum


class FigureState(StrEnum):
    """The value, or which kind of nothing stands in its place. Zero is a value."""

    VALUE = "value"
    NOT_REPORTED = "not_reported"  # asked, silent
    NOT_ASKED = "not_asked"
    NOT_APPLICABLE = "not_applicable"  # said so by the unit, or nothing to average or divide by
    WITHHELD = "withheld"  # in print for the public only: never computed, never sealed


# States as small numbers are places in here.
STATES = tuple(FigureState)


@dataclass(frozen=True, order=True)
class Figure:
    """One value with what stands behind it.

    Units: in the indicator's unit of measure; shares in per cent (0–100); rounded half to even
    at 6 places. Missing: `value` is None exactly where `state` is not VALUE. `records` counts the
    rows behind it. `asked` counts the units at or below asked for the table (a unit that said
    "not applicable" is not counted), `reported` those of them whose every return is in; for a
    unit that is not itself asked, its nearest asked superior stands for it.
    """

    indicator: str
    unit: str
    period: str
    value: float | None
    state: FigureState
    records: int
    asked: int
    reported: int

    @property
    def figure_id(self) -> str:
        """What names the figure in documents: `meetings_held.QH.2023`."""
        return f"{self.indicator}.{self.unit}.{self.period}"


@dataclass(frozen=True)
class ProofRecord:
    """One record behind a figure: where it was written and what it adds.

    `contribution` is 1 for counts, the column's value for sums, the value taken into account for
    average, median, min, max, last and distinct (as text for distinct; persons are only numbered,
    "person 1", "person 2" …), None in the rest of a share's base and for a return that is missing.
    """

    table: str
    record: str
    unit: str
    date: str
    contribution: float | str | None
    file: str
    sha256: str
    sheet: str
    row: int
    cells: tuple[tuple[str, str], ...]  # (column, cell address) of the columns the definition uses


@dataclass(frozen=True)
class Proof:
    """A figure, how it came about, and everything behind it.

    `steps` are the proofs of the operands of a derived figure, its target or its parts over time
    and units; `records` the rows of a measured one. Re-counting a proof gives the figure.
    `rule` says how to count again: a kind of measure; "formula:…" with the steps as its operands
    in reading order; "over_units:…" or "over_time:…" with how the steps are put together;
    "constant"; "units_below" (a record a unit); "reporting_rate" (a record a return asked for).
    """

    figure: Figure
    how: str
    records: tuple[ProofRecord, ...] = ()
    steps: tuple["Proof", ...] = ()
    rule: str = ""
