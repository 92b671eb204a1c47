"""What is asked of an engine: frozen, and free of text that somebody typed."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt

from shuzhi.packs.model import Measure
from shuzhi.periods import Period

Exact = int | Decimal | float
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Numbers = npt.NDArray[Any]  # whole numbers of any width

# The key of a cell where rows are not kept apart by the unit they belong to.
ALL_UNITS = ""


@dataclass(frozen=True)
class Scan:
    """One pass over one table, for all measures that place its rows in periods the same way.

    `measures` by the indicator's name. A row counts in a period by its day in `date`; with
    `ends`, it counts on the period's last day if it had begun and not ended by then. A row
    belongs to its unit and everything above it, on that day or, with `tree_as_of`, on that one;
    only `units` are computed. With `by_own_unit` rows are kept apart by the unit they belong to:
    then `Engine.cells` measures it, otherwise `Engine.grids`.
    """

    table: str
    date: str
    ends: str
    measures: Mapping[str, Measure]
    periods: tuple[Period, ...]
    units: tuple[str, ...]
    by_own_unit: bool = False
    tree_as_of: datetime.date | None = None

    def __post_init__(self) -> None:
        placements = {(m.table, m.date, m.ends) for m in self.measures.values()}
        if placements != {(self.table, self.date, self.ends)}:
            raise ValueError(f"measures placed as {placements} do not fit one scan")


class Cell(NamedTuple):
    """A measure over a group of rows: its value and how many rows it was taken from."""

    value: Exact
    records: int


class CellKey(NamedTuple):
    """`own` is ALL_UNITS unless the scan keeps rows apart by the unit they belong to."""

    unit: str
    own: str
    period: str


# indicator → cells. Missing: a cell without records is not there.
Cells = Mapping[str, Mapping[CellKey, Cell]]


@dataclass(frozen=True)
class Grid:
    """A measure for all units and periods of a scan.

    Shape: units down, periods across, both in the scan's order. `values` are float64, rounded
    correctly from the exact value. Missing: a value means nothing where `records` is 0.
    """

    periods: tuple[str, ...]
    values: Floats
    records: Counts

    def of(self, period: str) -> tuple[Floats, Counts]:
        """Values and records of all units in one period."""
        place = self.periods.index(period)
        return self.values[:, place], self.records[:, place]


# indicator → its grid
Grids = Mapping[str, Grid]


class TracedRow(NamedTuple):
    """One row behind a cell. `counted` is False for the rest of a share's base."""

    record: str
    unit: str
    day: datetime.date
    file: str
    sheet: str
    row: int
    counted: bool
    value: object


# indicator → the rows behind each cell, by day and record
Traces = Mapping[str, Mapping[CellKey, Sequence[TracedRow]]]


class Engine(Protocol):
    """Where a scan runs. All answers come from the same selection of rows."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def grids(self, scan: Scan) -> Iterator[tuple[str, Grid]]:
        """The value of every measure for every unit and period, measure after measure."""

    def cells(self, scan: Scan) -> Cells:
        """The exact value of every measure wherever there are records."""

    def trace(self, scan: Scan) -> Traces:
        """The rows behind every one of those values."""

    def steps(self, scan: Scan) -> tuple[str, ...]:
        """The names of the steps that measure a scan. Missing: () where it goes row by row."""

    def query(self, scan: Scan) -> str:
        """The text that measures a scan, for people to read. Missing: '' where there is none."""


def grids_of(cells: Cells, scan: Scan) -> Iterator[tuple[str, Grid]]:
    """The cells of a scan that does not keep rows apart, laid out as grids."""
    units = {unit: place for place, unit in enumerate(scan.units)}
    names = tuple(period.name for period in scan.periods)
    periods = {name: place for place, name in enumerate(names)}
    for indicator, found in cells.items():
        grid = empty_grid(scan)
        for key, cell in found.items():
            place = units[key.unit], periods[key.period]
            grid.values[place], grid.records[place] = float(cell.value), cell.records
        yield indicator, grid


def empty_grid(scan: Scan) -> Grid:
    """A grid without a record, to be filled."""
    shape = len(scan.units), len(scan.periods)
    names = tuple(period.name for period in scan.periods)
    return Grid(names, np.zeros(shape), np.zeros(shape, dtype=np.int64))
