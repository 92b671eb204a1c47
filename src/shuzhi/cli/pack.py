"""shuzhi pack: look after a pack, and write the forms it asks with."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shuzhi.cli import options
from shuzhi.periods import Period

if TYPE_CHECKING:
    from shuzhi.packs.lint import LevelLoad


@click.group()
def pack() -> None:
    """Begin a pack, check it, or write the prefilled workbook a unit is sent."""


@pack.command()
@click.argument("folder", metavar="FOLDER", type=options.NEW)
@click.option("--title", default="年度工作", show_default=True, help="Its title in Chinese.")
@click.option("--title-en", default="Annual programme", show_default=True, help="In English.")
@click.option("--year", type=int, required=True, help="The year it collects.")
def new(folder: Path, title: str, title_en: str, year: int) -> None:
    """Begin a pack in FOLDER: a small one that makes a report, to be changed file by file."""
    from shuzhi.packs.new import new_pack

    new_pack(folder, {"zh": title, "en": title_en}, year)


@pack.command()
@click.argument("pack_folder", metavar="PACK", type=options.FOLDER)
def lint(pack_folder: Path) -> int:
    """Say what is wrong with PACK, which columns feed nothing, and what it costs to fill in."""
    from shuzhi import pipeline
    from shuzhi.text_tables import as_table

    report = pipeline.lint(pack_folder)
    for complaint in report.complaints:
        click.echo(complaint, err=True)
    for warning in report.warnings:
        click.echo(f"warning: {warning}")
    if report.complaints:
        return 3
    click.echo(as_table([_load_row(line) for line in report.load]), nl=False)
    return 0


def _load_row(load: "LevelLoad") -> dict[str, object]:
    """The minutes a unit of a level spends in a year, and on which tables most of them."""
    heaviest = sorted(load.tables.items(), key=lambda item: -item[1])[:3]
    named = ", ".join(f"{table} {minutes:.0f}" for table, minutes in heaviest)
    return {"level": load.level, "minutes a year": f"{load.minutes:.0f}", "most of it": named}


@pack.command()
@click.argument("pack_folder", metavar="PACK", type=options.FOLDER)
@click.option("--unit", required=True, metavar="CODE", help="The unit that is to fill it in.")
@click.option("--out", type=options.NEW, required=True, metavar="FILE.xlsx")
@click.option("--source", type=options.FOLDER, help="Where its known records come from.")
@click.option("--period", type=options.PeriodType(), help="The period asked for.")
@options.lang
def workbook(
    pack_folder: Path, unit: str, out: Path, source: Path | None, period: Period | None, lang: str
) -> None:
    """Write the workbook that UNIT fills in: drop-downs, notes, its known records."""
    from shuzhi import pipeline

    pipeline.write_workbook(pack_folder, unit, out, source=source, period=period, lang=lang)
