"""The figures, from definition to value: plan the scans, run them, derive, round."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa

from shuzhi.engines.duckdb import NEVER, DuckDBEngine
from shuzhi.engines.in_memory import InMemoryEngine
from shuzhi.engines.plan import Cell, CellKey, Engine, Grid
from shuzhi.errors import UserError
from shuzhi.figures.columns import FiguresBuilder, figures_from_arrow
from shuzhi.figures.combine import rounded
from shuzhi.figures.derive import Census, Derivation, Outcome
from shuzhi.figures.model import Figure
from shuzhi.figures.narrowing import narrowed
from shuzhi.figures.operands import plan_scans
from shuzhi.figures.reporting import Reporting
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack
from shuzhi.packs.suggestions import suggest
from shuzhi.periods import Period
from shuzhi.units import UnitTree

Opening = Callable[[Ledgers, Pack], Engine]
ENGINES: Mapping[str, Opening] = {
    "duckdb": DuckDBEngine,
    # For tests and benchmarks: however few rows and values.
    "kernel": partial(DuckDBEngine, kernel_from=0, one_by_one=0),
    "steps": partial(DuckDBEngine, steps_from=0, kernel_from=NEVER),  # likewise
    "in_memory": InMemoryEngine,
}


def compute_figures(
    ledgers: Ledgers,
    pack: Pack,
    *,
    periods: Sequence[Period],
    indicators: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    tree_as_of: date | None = None,
    engine: str | Opening = "duckdb",
) -> list[Figure]:
    """The figures of the indicators (all), for the units (all) and periods.

    Shape: one per indicator (in the pack's order), period (in the order given) and unit (by code)
    that existed on any day of the period or, with `tree_as_of`, that exists on that day.
    Raises: UserError on an unknown indicator or unit, with the nearest known one.
    """
    return figures_from_arrow(
        compute_columns(
            ledgers, pack, periods=periods, indicators=indicators, units=units,
            tree_as_of=tree_as_of, engine=engine,
        )
    )  # fmt: skip


def compute_columns(
    ledgers: Ledgers,
    pack: Pack,
    *,
    periods: Sequence[Period],
    indicators: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    tree_as_of: date | None = None,
    engine: str | Opening = "duckdb",
) -> pa.Table:
    """`compute_figures` as a table of `FIGURES_SCHEMA`: far faster where there are many."""
    names = known(indicators, pack.indicators, "indicator")
    codes = known(units, ledgers.units.by_code, "unit")
    asked = list({period.name: period for period in periods}.values())
    wanted = [(name, period) for name in names for period in asked]
    with open_engine(engine, narrowed(ledgers, pack, codes, tree_as_of), pack) as opened:
        derivation = derive_from(opened, ledgers, pack, wanted, codes, tree_as_of)
    existing = {}
    for period in asked:
        found = frozenset(units_of(ledgers.units, codes, period, tree_as_of))
        places = sorted((p for p, code in enumerate(codes) if code in found), key=codes.__getitem__)
        units_there = pa.array([codes[place] for place in places], pa.string())
        existing[period.name] = units_there, np.array(places, dtype=np.intp)
    builder = FiguresBuilder()
    for name, period in wanted:
        outcomes = derivation.outcomes(name, period)
        builder.add(name, period.name, *existing[period.name], outcomes)
    return builder.table()


def derive_from(
    engine: Engine,
    ledgers: Ledgers,
    pack: Pack,
    wanted: Iterable[tuple[str, Period]],
    units: Sequence[str],
    tree_as_of: date | None,
) -> Derivation:
    """All that the wanted figures need, measured and ready to be worked out."""
    scans = plan_scans(pack, wanted, units, tree_as_of)
    grids: dict[str, Grid] = {}
    cells: dict[str, Mapping[CellKey, Cell]] = {}
    for scan in scans:
        if scan.by_own_unit:
            cells |= engine.cells(scan)
        else:
            grids |= dict(engine.grids(scan))
    reporting, census = Reporting(ledgers, pack, tree_as_of), Census(ledgers.units, tree_as_of)
    return Derivation(pack, units, grids, cells, reporting, census)


def open_engine(engine: str | Opening, ledgers: Ledgers, pack: Pack) -> Engine:
    """One of `ENGINES` by name, or what opens another. Raises: UserError on an unknown name."""
    if not isinstance(engine, str):
        return engine(ledgers, pack)
    known([engine], ENGINES, "engine")
    return ENGINES[engine](ledgers, pack)


def known(
    names: Sequence[str] | None, existing: Mapping[str, object], kind: str
) -> tuple[str, ...]:
    """The names, each once; all that exist where None is given. Raises: UserError."""
    for name in names or ():
        if name not in existing:
            raise UserError(f"{kind} {name!r} is not known; {suggest(name, existing)}")
    return tuple(dict.fromkeys(existing if names is None else names))


def units_of(
    tree: UnitTree, units: Sequence[str], period: Period, tree_as_of: date | None
) -> list[str]:
    """Those of the units that have figures for the period, by code."""
    if tree_as_of is not None:
        return sorted(unit for unit in units if tree.exists(unit, tree_as_of))
    return sorted(unit for unit in units if tree.exists_during(unit, period.start, period.end))


def figure_of(indicator: str, unit: str, period: Period, outcome: Outcome) -> Figure:
    value = None if outcome.value is None else rounded(outcome.value)
    return Figure(
        indicator, unit, period.name, value, outcome.state, outcome.records, outcome.asked,
        outcome.reported,
    )  # fmt: skip
