"""Figures of a source, with the plan behind them, the year before beside them, and their proofs."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa

from shuzhi.engines.spark import SparkEngine
from shuzhi.engines.spark_session import Cluster
from shuzhi.errors import UserError
from shuzhi.figures import balances
from shuzhi.figures.amending import AmendedFigures, amended_figures
from shuzhi.figures.balances import read_balances
from shuzhi.figures.columns import figures_from_arrow
from shuzhi.figures.compute import Opening, compute_columns
from shuzhi.figures.explain import PlanCost, explain_figures
from shuzhi.figures.model import Figure, Proof
from shuzhi.figures.proof_rows import read_proof_rows
from shuzhi.figures.recorded import write_recorded_figures
from shuzhi.figures.touched import units_of_rows
from shuzhi.figures.trace import trace_figure
from shuzhi.figures.years import YearOnYear, compare_years
from shuzhi.packs.model import Pack
from shuzhi.periods import Period, PeriodKind, calendar_period, calendar_periods, previous_year
from shuzhi.pipeline.source import Progress, Source, no_progress


def figures(
    source: Source,
    *,
    periods: Sequence[Period] = (),
    indicators: Sequence[str] = (),
    units: Sequence[str] = (),
    tree_as_of: date | None = None,
    engine: str | Opening = "duckdb",
    progress: Progress = no_progress,
) -> list[Figure]:
    """The figures asked for; all indicators, units and the last year collected by default."""
    return figures_from_arrow(
        figure_columns(
            source, periods=periods, indicators=indicators, units=units, tree_as_of=tree_as_of,
            engine=engine, progress=progress,
        )
    )  # fmt: skip


def figure_columns(
    source: Source,
    *,
    periods: Sequence[Period] = (),
    indicators: Sequence[str] = (),
    units: Sequence[str] = (),
    tree_as_of: date | None = None,
    engine: str | Opening = "duckdb",
    progress: Progress = no_progress,
) -> pa.Table:
    """The same as a table of `figures.columns.FIGURES_SCHEMA`."""
    progress("figures", 0, 1)
    computed = compute_columns(
        source.ledgers,
        source.pack,
        periods=periods or (last_year_collected(source.pack),),
        indicators=indicators or None,
        units=units or None,
        tree_as_of=tree_as_of,
        engine=engine,
    )
    progress("figures", 1, 1)
    return computed


def changed_figures(
    source: Source,
    *,
    periods: Sequence[Period] = (),
    indicators: Sequence[str] = (),
    tree_as_of: date | None = None,
) -> AmendedFigures:
    """What figures an amendment moved, before and after, by the balances of the edition that it
    amends where there are any.

    Raises: UserError where the source is no amendment.
    """
    earlier = source.edition.earlier if source.edition else None
    if earlier is None:
        raise UserError(
            f"{source.path} amends no edition; shuzhi diff OLD NEW compares any two of them"
        )
    touched = units_of_rows(source.ledgers, source.pack, None)
    return amended_figures(
        earlier.ledgers,
        source.ledgers,
        source.pack,
        periods=periods or (last_year_collected(source.pack),),
        indicators=indicators or None,
        balances=read_balances(earlier.path, earlier.manifest.root, touched),
        tree_as_of=tree_as_of,
    )


def write_balances(source: Source, *, periods: Sequence[Period] = ()) -> int:
    """How many units are large; afterwards their balances lie beside the edition.

    Raises: UserError where the source is no edition.
    """
    if source.edition is None:
        raise UserError(f"{source.path} is no edition; seal it first")
    return balances.write_balances(
        source.path, source.edition.manifest.root, source.ledgers, source.pack,
        periods or periods_of_edition(last_year_collected(source.pack)),
    )  # fmt: skip


def write_recorded(
    source: Source,
    out: Path,
    *,
    periods: Sequence[Period] = (),
    indicators: Sequence[str] = (),
    units: Sequence[str] = (),
    tree_as_of: date | None = None,
    engine: str | Opening = "duckdb",
) -> int:
    """Those of the figures that have a record behind them, written to a Parquet file; how many
    they are. Takes little memory however many there are."""
    return write_recorded_figures(
        source.ledgers,
        source.pack,
        out,
        periods=periods or (last_year_collected(source.pack),),
        indicators=indicators or None,
        units=units or None,
        tree_as_of=tree_as_of,
        engine=engine,
    )


def explain(
    source: Source,
    *,
    periods: Sequence[Period] = (),
    indicators: Sequence[str] = (),
    units: Sequence[str] = (),
    tree_as_of: date | None = None,
    engine: str | Opening = "duckdb",
) -> PlanCost:
    """The plan of the same figures, and what each part of it cost."""
    return explain_figures(
        source.ledgers,
        source.pack,
        periods=periods or (last_year_collected(source.pack),),
        indicators=indicators or None,
        units=units or None,
        tree_as_of=tree_as_of,
        engine=engine,
    )


def on_spark(source: Source, master: str, data: str = "") -> Opening:
    """The engine that runs on the Spark cluster of `master`. `data` is the edition's folder as its
    workers see it. Missing: '', they see it where it is.

    Raises: UserError where the source is no edition.
    """
    if source.edition is None:
        raise UserError(
            f"{source.path} is a folder of workbooks, and Spark reads sealed editions: "
            "seal it first (shuzhi seal)"
        )
    folder = (data or source.path.resolve().as_uri()).rstrip("/")
    cluster = Cluster(master, f"{folder}/tables", folder.rpartition("/")[0])
    return partial(SparkEngine, cluster=cluster)


def years(
    source: Source,
    *,
    period: Period | None = None,
    indicators: Sequence[str] = (),
    units: Sequence[str] = (),
    tree_as_of: date | None = None,
) -> list[YearOnYear]:
    """A period (the last year collected by default) beside the year before, on two footings."""
    return compare_years(
        source.ledgers,
        source.pack,
        period or last_year_collected(source.pack),
        indicators=indicators,
        units=units,
        tree=tree_as_of,
    )


def proof(
    source: Source,
    indicator: str,
    unit: str,
    period: Period,
    *,
    tree_as_of: date | None = None,
) -> Proof:
    """The records behind one figure, down to their cells."""
    return trace_figure(source.ledgers, source.pack, indicator, unit, period, tree_as_of=tree_as_of)


def proof_rows(
    source: Source,
    indicator: str,
    unit: str,
    period: Period,
    *,
    tree_as_of: date | None = None,
) -> pa.Table:
    """The rows behind one measured figure, as columns."""
    return read_proof_rows(
        source.ledgers, source.pack, indicator, unit, period, tree_as_of=tree_as_of
    )


def last_day_collected(pack: Pack) -> date:
    return date.fromordinal(pack.collects_until.toordinal() - 1)


def last_year_collected(pack: Pack) -> Period:
    return calendar_period(PeriodKind.YEAR, last_day_collected(pack).year, 1)


def periods_of_edition(period: Period) -> list[Period]:
    """What an edition for `period` holds figures of: it, its months, quarters and halves, and
    the same period one year earlier."""
    parts = [
        part
        for kind in (PeriodKind.HALF, PeriodKind.QUARTER, PeriodKind.MONTH)
        for part in calendar_periods(kind, period.start, period.end)
        if period.start <= part.start and part.end <= period.end and part != period
    ]
    return [period, *parts, previous_year(period)]
