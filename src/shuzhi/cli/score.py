"""shuzhi score: points, and the name of each one lost."""

import json
from dataclasses import asdict
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
@click.option("--stability", is_flag=True, help="Say how real the order is, as weights move.")
@options.shape("table", "csv", "json")
@options.output
def score(
    source: Path,
    pack_folder: Path | None,
    period: Period,
    lang: str,
    units: tuple[str, ...],
    stability: bool,
    shape: str,
    out: Path | None,
) -> None:
    """Score the units of SOURCE for a period. Each lost point names its figure and its records.

    Units are set into bands within their peer group, never into an order. With --stability each
    weight is moved by up to a fifth; units whose order then turns round share a tier.
    """
    from shuzhi import pipeline
    from shuzhi.scores.output import (
        scores_to_csv,
        scores_to_json,
        scores_to_table,
        standings_to_rows,
    )
    from shuzhi.text_tables import as_csv, as_table

    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
        computed = pipeline.figures(data, periods=[period], progress=bars)
        scores = pipeline.score(data, computed, period, lang=lang, progress=bars)
        heard = pipeline.hear_appeals(data, computed, scores, period)
    wanted = [one for one in scores if not units or one.unit in units]
    tree = data.ledgers.units
    if stability:
        standings = [
            one
            for one in pipeline.stability(data, computed, scores)
            if not units or one.unit in units
        ]
        rows = standings_to_rows(standings, data.pack, tree, lang)
        content = [asdict(one) for one in standings]
        as_json = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        put({"table": as_table(rows), "csv": as_csv(rows), "json": as_json}[shape], out)
    elif shape == "table":
        put(scores_to_table(wanted, data.pack, tree, lang, heard), out)
    else:
        put(scores_to_csv(wanted) if shape == "csv" else scores_to_json(wanted, heard), out)
