"""shuzhi read: the problems of a source, and what became of every row."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from shuzhi.cli import options
from shuzhi.cli.screen import put, stage_bars


@click.command()
@options.source
@options.pack
@options.lang
@options.shape("table", "csv", "json")
@options.output
@click.option(
    "--workbooks",
    type=options.NEW,
    help="Also send every sender's own sheets back into this new folder, with the cells marked.",
)
def read(
    source: Path,
    pack_folder: Path | None,
    lang: str,
    shape: str,
    out: Path | None,
    workbooks: Path | None,
) -> None:
    """List what in SOURCE cannot be read, and where: file, sheet, row, cell.

    SOURCE is a folder of workbooks or a sealed edition. After the problems stands an account of
    each sheet: rows read = kept + refused + recognised as titles, headers, totals or notes.
    """
    from shuzhi import pipeline
    from shuzhi.ledgers.atomic_folder import new_folder, refuse_existing
    from shuzhi.ledgers.problem_workbooks import write_problem_workbooks
    from shuzhi.text_tables import as_csv, as_table

    if workbooks is not None:
        refuse_existing(workbooks)
    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
    problems = [asdict(problem) for problem in data.ledgers.problems]
    if workbooks is not None:
        if data.files is None:
            raise click.UsageError("--workbooks needs the folder as sent, not an edition")
        with new_folder(workbooks) as folder:
            write_problem_workbooks(folder, data.files, data.ledgers, data.pack, lang=lang)
    if shape == "json":
        sheets = [{**asdict(s), "columns": dict(s.columns)} for s in data.ledgers.sheets]
        put(json.dumps({"problems": problems, "sheets": sheets}, ensure_ascii=False, indent=1), out)
    elif shape == "csv":
        put(as_csv(problems), out)
    else:
        accounts = [
            {
                "file": s.file,
                "sheet": s.sheet,
                "table": s.table,
                "read": s.read,
                "kept": s.kept,
                "refused": s.refused,
                "recognised": s.recognised,
            }
            for s in data.ledgers.sheets
        ]
        shown = [
            {key: problem[key] for key in ("file", "sheet", "cell", "value", "message", "remedy")}
            for problem in problems
        ]
        put(as_table(shown) + "\n" + as_table(accounts), out)
