"""shuzhi figures, balances and proof: the values, and the records behind one of them."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shuzhi.cli import options
from shuzhi.cli.screen import put, stage_bars
from shuzhi.periods import Period

if TYPE_CHECKING:
    import pyarrow as pa

    from shuzhi.figures.amending import AmendedFigures
    from shuzhi.figures.compute import Opening
    from shuzhi.pipeline import Source


@click.command()
@options.source
@options.pack
@options.indicators
@options.units
@options.periods
@options.tree_as_of
@options.shape("table", "csv", "json", "parquet")
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "in_memory", "spark"]),
    default="duckdb",
    show_default=True,
    help="in_memory counts row by row in plain Python: slow, to check the others by; spark runs "
    "on the cluster of --master.",
)
@click.option("--master", metavar="URL", help="Of --engine spark: spark://HOST:7077, local[2].")
@click.option(
    "--data",
    metavar="URL",
    default="",
    help="Of --engine spark: the edition's folder as the workers see it, where they see it "
    "elsewhere.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Print the plan and what each part cost, in place of figures; with json, its SQL too.",
)
@click.option(
    "--recorded",
    is_flag=True,
    help="Only figures with a record behind them. As parquet they are written as they are worked "
    "out, in little memory however many there are.",
)
@click.option(
    "--changed",
    is_flag=True,
    help="Of an amendment: only figures that it moved, each with what it was. Quick where the "
    "edition that it amends has balances (shuzhi balances).",
)
@options.output
@options.lang
def figures(
    source: Path,
    pack_folder: Path | None,
    indicators: tuple[str, ...],
    units: tuple[str, ...],
    periods: tuple[Period, ...],
    tree_as_of: date | None,
    shape: str,
    engine: str,
    master: str | None,
    data: str,
    explain: bool,
    recorded: bool,
    changed: bool,
    out: Path | None,
    lang: str,
) -> None:
    """Compute figures: value, state, and how many of the units asked have reported.

    JSON is a list of objects: indicator, unit, period, value, state, records, asked, reported.
    The state is value, not_reported, not_asked or not_applicable; zero is a value.
    """
    import pyarrow.compute as pc

    from shuzhi import pipeline
    from shuzhi.figures import output

    if shape == "parquet" and out is None:
        raise click.UsageError("parquet is not text: name a file with --out FILE")
    if changed and (units or explain or recorded or engine != "duckdb"):
        raise click.UsageError("--changed goes with --indicator, --period and --tree-as-of only")
    with stage_bars(lang) as bars:
        read = pipeline.read(source, pack_folder, lang=lang, progress=bars)
        running = _engine(read, engine, master, data)
        if changed:
            moved = pipeline.changed_figures(
                read, periods=periods, indicators=indicators, tree_as_of=tree_as_of
            )
            _put_changed(moved, read, shape, out, lang)
            return
        if recorded and shape == "parquet" and out is not None:
            pipeline.write_recorded(
                read, out, periods=periods, indicators=indicators, units=units,
                tree_as_of=tree_as_of, engine=running,
            )  # fmt: skip
            return
        if explain:
            cost = pipeline.explain(
                read, periods=periods, indicators=indicators, units=units, tree_as_of=tree_as_of,
                engine=running,
            )  # fmt: skip
            put(output.plan_to_json(cost) if shape == "json" else output.plan_to_table(cost), out)
            return
        computed = pipeline.figure_columns(
            read, periods=periods, indicators=indicators, units=units, tree_as_of=tree_as_of,
            engine=running, progress=bars,
        )  # fmt: skip
    if recorded:
        computed = computed.filter(pc.greater(computed["records"], 0))
    _put_figures(computed, read, shape, out, lang)


def _put_figures(
    computed: "pa.Table", source: "Source", shape: str, out: Path | None, lang: str
) -> None:
    from shuzhi.figures import output

    if shape == "parquet" and out is not None:
        output.write_parquet(computed, out)
    elif shape == "json":
        put(output.figures_to_json(computed), out)
    elif shape == "csv":
        put(output.figures_to_csv(computed), out)
    else:
        put(output.figures_to_table(computed, source.pack, source.ledgers.units, lang=lang), out)


def _engine(source: "Source", engine: str, master: str | None, data: str) -> "str | Opening":
    from shuzhi import pipeline

    if engine != "spark":
        if master or data:
            raise click.UsageError("--master and --data are for --engine spark")
        return engine
    if not master:
        raise click.UsageError("--engine spark needs --master URL, such as spark://HOST:7077")
    return pipeline.on_spark(source, master, data)


def _put_changed(
    found: "AmendedFigures", source: "Source", shape: str, out: Path | None, lang: str
) -> None:
    from shuzhi.figures import output

    if found.anew:
        click.echo(f"taken from all records again: {', '.join(found.anew)}", err=True)
    before, after = found.moved()
    if shape == "table":
        put(output.moves_to_table(before, after, source.pack, source.ledgers.units, lang), out)
        return
    moved = output.with_what_was(before, after)
    if shape == "parquet" and out is not None:
        output.write_parquet(moved, out)
    else:
        put(output.figures_to_json(moved) if shape == "json" else output.figures_to_csv(moved), out)


@click.command()
@click.argument("edition", type=options.FOLDER)
@options.periods
def balances(edition: Path, periods: tuple[Period, ...]) -> None:
    """Keep what the measures of large units came to, beside EDITION.

    With them `shuzhi figures AMENDMENT --changed` need not count again what did not change. They
    are working figures, EDITION.balances.parquet: nothing is lost with them but time. Without
    --period: the last year collected, its halves, quarters and months, and the year before.
    """
    from shuzhi import pipeline

    count = pipeline.write_balances(pipeline.read(edition, None), periods=periods)
    click.echo(f"{count} units with many records below them")


@click.command()
@options.source
@click.argument("indicator")
@options.pack
@click.option("--unit", required=True, metavar="CODE", help="The unit the figure is of.")
@options.period
@options.tree_as_of
@options.shape("table", "csv", "json", "xlsx", "parquet")
@options.output
@options.lang
def proof(
    source: Path,
    indicator: str,
    pack_folder: Path | None,
    unit: str,
    period: Period,
    tree_as_of: date | None,
    shape: str,
    out: Path | None,
    lang: str,
) -> None:
    """List the records behind one figure of SOURCE: file, SHA-256, sheet, row, cells.

    A derived figure opens to its operands, each to its own records. As parquet the rows of a
    measured figure are written as columns, however many they are.
    """
    from shuzhi import pipeline
    from shuzhi.figures import output, proof_output

    if shape in ("xlsx", "parquet") and out is None:
        raise click.UsageError(f"{shape} is not text: name a file with --out FILE")
    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
    if shape == "parquet" and out is not None:
        rows = pipeline.proof_rows(data, indicator, unit, period, tree_as_of=tree_as_of)
        output.write_parquet(rows, out)
        return
    traced = pipeline.proof(data, indicator, unit, period, tree_as_of=tree_as_of)
    if shape == "xlsx" and out is not None:
        proof_output.write_proof_xlsx(traced, out, lang=lang)
    elif shape == "json":
        put(proof_output.proof_to_json(traced), out)
    elif shape == "csv":
        put(proof_output.proof_to_csv(traced), out)
    else:
        put(proof_output.proof_to_table(traced, data.pack, lang=lang), out)
