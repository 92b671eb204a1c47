"""shuzhi check: what makes records doubtful."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from shuzhi.cli import options
from shuzhi.cli.screen import put, stage_bars


@click.command()
@options.source
@options.pack
@options.lang
@click.option(
    "--as-of",
    type=options.DayType(),
    help="Dates after this day lie in the future; by default the last day the pack collects.",
)
@options.shape("table", "csv", "json")
@options.output
def check(
    source: Path,
    pack_folder: Path | None,
    lang: str,
    as_of: date | None,
    shape: str,
    out: Path | None,
) -> None:
    """List the flags over SOURCE: each asks a question and names an innocent explanation.

    A flag never changes a figure. What became of it (explained, corrected, withdrawn) is read
    from outcomes.csv in SOURCE.
    """
    from shuzhi import pipeline
    from shuzhi.text_tables import as_csv, as_table

    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
        flags = pipeline.check(data, as_of=as_of, lang=lang, progress=bars)
    rows = [{**asdict(flag), "records": list(flag.records)} for flag in flags]
    if shape == "json":
        put(json.dumps(rows, ensure_ascii=False, indent=1), out)
    elif shape == "csv":
        put(as_csv([{**row, "records": ";".join(row["records"])} for row in rows]), out)
    else:
        keys = ("flag_id", "check", "unit", "period", "question", "explanation", "outcome")
        put(as_table([{key: row[key] for key in keys} for row in rows]), out)
