"""shuzhi diff: what one edition says otherwise than another."""

from pathlib import Path

import click

from shuzhi.cli import options
from shuzhi.cli.screen import put
from shuzhi.periods import Period


@click.command()
@click.argument("old", type=options.FOLDER)
@click.argument("new", type=options.FOLDER)
@click.option("--unit", default="", metavar="CODE", help="Whose report's sentences; the root's.")
@click.option("--period", type=options.PeriodType(), help="By default the one NEW was sealed for.")
@options.shape("table", "json", "docx")
@options.output
@options.lang
def diff(
    old: Path,
    new: Path,
    unit: str,
    period: Period | None,
    shape: str,
    out: Path | None,
    lang: str,
) -> None:
    """Name each figure that moved from edition OLD to edition NEW, and what moved it.

    Then the records that were added, changed, withdrawn or moved by a change of the tree, and the
    sentences of the report that change.
    """
    from shuzhi import pipeline
    from shuzhi.ledgers.edition import open_edition
    from shuzhi.reports.diff import diff_to_json, diff_to_table
    from shuzhi.reports.diff_docx import write_diff_docx

    if shape == "docx" and out is None:
        raise click.UsageError("docx is not text: name a file with --out FILE")
    found = pipeline.diff(old, new, unit=unit, period=period, lang=lang)
    edition = open_edition(new)
    units = edition.ledgers.units
    if shape == "json":
        put(diff_to_json(found), out)
    elif out is not None and shape == "docx":
        write_diff_docx(found, edition.pack, units, out, lang=lang)
    else:
        put(diff_to_table(found, edition.pack, units, lang), out)
