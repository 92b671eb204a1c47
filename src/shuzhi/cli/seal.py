"""shuzhi seal: records, flags, figures and scores as one edition that never changes."""

from pathlib import Path

import click

from shuzhi.cli import options
from shuzhi.cli.screen import stage_bars
from shuzhi.periods import Period


@click.command()
@options.source
@options.pack
@click.option("--period", type=options.PeriodType(), help="By default the last year collected.")
@click.option("--out", type=options.NEW, required=True, metavar="EDITION", help="A new folder.")
@options.lang
def seal(
    source: Path, pack_folder: Path | None, period: Period | None, out: Path, lang: str
) -> None:
    """Seal SOURCE into the folder EDITION: there whole, or not at all."""
    from shuzhi import pipeline

    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
        pipeline.seal_source(data, out, period=period, lang=lang, progress=bars)
