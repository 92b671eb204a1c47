"""The plan of a set of figures, and what each part of it cost."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shuzhi.engines.plan import Cell, CellKey, Engine, Grid, Scan
from shuzhi.figures.compute import Opening, known, open_engine
from shuzhi.figures.derive import Census, Derivation
from shuzhi.figures.operands import plan_scans
from shuzhi.figures.reporting import Reporting
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack
from shuzhi.periods import Period


@dataclass(frozen=True)
class ScanCost:
    """One pass over a table.

    `placed_by` is the column that places its rows in periods, with the end of a stock's rows;
    `measures` how many of each kind; `cells` those with records. Units: seconds of wall clock.
    `steps` are those of the SQL it was answered by, and `query` its text: () and '' where the
    engine uses none.
    """

    table: str
    rows: int
    placed_by: str
    by_own_unit: bool
    measures: dict[str, int]
    periods: int
    cells: int
    seconds: float
    steps: tuple[str, ...]
    query: str


@dataclass(frozen=True)
class PlanCost:
    """All passes, and then what needs no row any more: formulas, states, months put together."""

    scans: tuple[ScanCost, ...]
    derived: int
    derive_seconds: float


def explain_figures(
    ledgers: Ledgers,
    pack: Pack,
    *,
    periods: Sequence[Period],
    indicators: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    tree_as_of: date | None = None,
    engine: str | Opening = "duckdb",
) -> PlanCost:
    """Compute the figures as `compute_figures` does, and say what that took instead.

    Raises: UserError as it does.
    """
    names = known(indicators, pack.indicators, "indicator")
    codes = known(units, ledgers.units.by_code, "unit")
    wanted = [(name, period) for name in names for period in periods]
    scans: list[ScanCost] = []
    grids: dict[str, Grid] = {}
    cells: dict[str, Mapping[CellKey, Cell]] = {}
    with open_engine(engine, ledgers, pack) as opened:
        for scan in plan_scans(pack, wanted, codes, tree_as_of):
            began = time.perf_counter()
            if scan.by_own_unit:
                apart = opened.cells(scan)
                seconds = time.perf_counter() - began
                count = sum(map(len, apart.values()))
                cells |= apart
            else:
                measured = dict(opened.grids(scan))
                seconds = time.perf_counter() - began
                count = sum(int((grid.records > 0).sum()) for grid in measured.values())
                grids |= measured
            scans.append(_cost(scan, ledgers, count, seconds, opened))
    began = time.perf_counter()
    reporting, census = Reporting(ledgers, pack, tree_as_of), Census(ledgers.units, tree_as_of)
    derivation = Derivation(pack, codes, grids, cells, reporting, census)
    for name, period in wanted:
        derivation.outcomes(name, period)
    derived = sum(pack.indicators[name].formula is not None for name in names)
    return PlanCost(tuple(scans), derived, time.perf_counter() - began)


def _cost(scan: Scan, ledgers: Ledgers, cells: int, seconds: float, engine: Engine) -> ScanCost:
    kinds = Counter(measure.kind.value for measure in scan.measures.values())
    return ScanCost(
        table=scan.table,
        rows=len(ledgers.tables[scan.table]),
        placed_by=f"{scan.date}..{scan.ends}" if scan.ends else scan.date,
        by_own_unit=scan.by_own_unit,
        measures=dict(sorted(kinds.items())),
        periods=len(scan.periods),
        cells=cells,
        seconds=seconds,
        steps=engine.steps(scan),
        query=engine.query(scan),
    )
