"""shuzhi score: points, and the name of each one lost."""

from pathlib import Path

import click

from shuzhi.cli import options
from shuzhi.cli.screen import put, stage_bars
from shuzhi.periods import Period


@click.command()
@options.source
@options.pack
@options.period
@options.lang
@click.option("--unit", "units", multiple=True, metavar="CODE", help="Only these units.")
@options.shape("table", "csv", "json")
@options.output
def score(
    source: Path,
    pack_folder: Path | None,
    period: Period,
    lang: str,
    units: tuple[str, ...],
    shape: str,
    out: Path | None,
) -> None:
    """Score the units of SOURCE for a period. Each lost point names its figure and its records.

    Units are set into bands within their peer group, never into an order.
    """
    from shuzhi import pipeline
    from shuzhi.scores.output import scores_to_csv, scores_to_json, scores_to_table

    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
        computed = pipeline.figures(data, periods=[period], progress=bars)
        scores = pipeline.score(data, computed, period, lang=lang, progress=bars)
    wanted = [one for one in scores if not units or one.unit in units]
    write = {"table": scores_to_table, "csv": scores_to_csv, "json": scores_to_json}[shape]
    put(write(wanted), out)
