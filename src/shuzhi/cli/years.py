"""shuzhi years: a year beside the year before, on two footings."""

from datetime import date
from pathlib import Path

import click

from shuzhi.cli import options
from shuzhi.cli.screen import put, stage_bars
from shuzhi.periods import Period


@click.command()
@options.source
@options.pack
@options.indicators
@options.units
@click.option("--period", type=options.PeriodType(), help="By default the last year collected.")
@click.option(
    "--tree-as-of", type=options.DayType(), help="Restate on the tree of this day, not the last."
)
@options.shape("table", "csv", "json")
@options.output
@options.lang
def years(
    source: Path,
    pack_folder: Path | None,
    indicators: tuple[str, ...],
    units: tuple[str, ...],
    period: Period | None,
    tree_as_of: date | None,
    shape: str,
    out: Path | None,
    lang: str,
) -> None:
    """Put a period beside the same one a year earlier: as the tree was, and restated on one tree.

    Where units merged or moved in between the two differ; the table says which is which.
    """
    from shuzhi import pipeline
    from shuzhi.figures.years import years_rows, years_title, years_to_json
    from shuzhi.text_tables import as_csv, as_table

    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
    compared = pipeline.years(
        data, period=period, indicators=indicators, units=units, tree_as_of=tree_as_of
    )
    if shape == "json":
        put(years_to_json(compared), out)
        return
    rows = years_rows(compared, data.pack, data.ledgers.units, lang)
    if shape == "csv":
        put(as_csv(rows), out)
    else:
        put(f"{years_title(compared, lang)}\n{as_table(rows)}", out)
