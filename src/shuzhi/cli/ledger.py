"""shuzhi ledger: one unit's whole register."""

from pathlib import Path

import click

from shuzhi.cli import options
from shuzhi.cli.screen import stage_bars


@click.command()
@options.source
@options.pack
@click.option("--unit", required=True, metavar="CODE", help="The unit; those below it come along.")
@click.option("--out", type=options.NEW, required=True, metavar="FILE.zip")
@options.lang
def ledger(source: Path, pack_folder: Path | None, unit: str, out: Path, lang: str) -> None:
    """Write a unit's whole register (台账): its records, problems, flags and evidence files."""
    from shuzhi import pipeline

    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
        flags = pipeline.check(data, lang=lang, progress=bars)
        pipeline.write_unit_register(data, flags, unit, out, lang=lang)
