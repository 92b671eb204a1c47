"""shuzhi bulletin: a document of its own on some of a programme's figures."""

from datetime import datetime
from pathlib import Path

import click

from shuzhi.cli import options
from shuzhi.cli.screen import stage_bars
from shuzhi.periods import Period


@click.command()
@click.argument("name")
@options.source
@options.pack
@options.period
@click.option("--unit", default="", metavar="CODE", help="Whose bulletin; by default the root's.")
@click.option(
    "--final-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Write the bulletin itself, issued on DAY; without this, its draft.",
)
@options.lang
@click.option("--out", type=options.NEW, required=True, metavar="DIR", help="A new folder.")
def bulletin(
    name: str,
    source: Path,
    pack_folder: Path | None,
    period: Period,
    unit: str,
    final_on: datetime | None,
    lang: str,
    out: Path,
) -> None:
    """Write the pack's bulletin NAME for a period or a campaign: its draft, unless --final-on.

    The draft says until when the units named in it may object. Objections and their answers stand
    in objections.csv of the source and are sealed with the edition; the bulletin itself prints
    them. It is refused while units may still object, or wait for an answer.

    DIR receives bulletin.docx, bulletin.html and bulletin.pdf. Every number is bound as in the
    report, and shuzhi verify counts it again.
    """
    from shuzhi import pipeline

    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
        pdf_missing, glyphs = pipeline.bulletin(
            data,
            name,
            out,
            period=period,
            unit=unit,
            lang=lang,
            progress=bars,
            final_on=final_on.date() if final_on else None,
        )
    if pdf_missing:
        click.echo(pdf_missing)
    if glyphs:
        click.echo(" ".join(glyphs))
