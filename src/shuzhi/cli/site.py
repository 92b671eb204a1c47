"""shuzhi site: a page a unit and an index, as a folder that needs no server."""

from pathlib import Path

import click

from shuzhi.cli import options
from shuzhi.cli.screen import stage_bars
from shuzhi.periods import Period


@click.command()
@options.source
@options.pack
@options.period
@click.option(
    "--public",
    "is_public",
    is_flag=True,
    help="Withhold small numbers, and what they could be worked out from; print no records.",
)
@options.lang
@click.option("--out", type=options.NEW, required=True, metavar="DIR", help="A new folder.")
def site(
    source: Path,
    pack_folder: Path | None,
    period: Period,
    is_public: bool,
    lang: str,
    out: Path,
) -> None:
    """Write every unit's report as a page, with an index that finds units and figures.

    DIR receives index.html and one .html a unit. Each is a single file; copy the folder to a memory
    stick or to any web server. Which small numbers may stay in a public edition, the pack says
    under [public] of report.toml.
    """
    from shuzhi import pipeline

    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
        pages = pipeline.site(
            data, out, period=period, is_public=is_public, lang=lang, progress=bars
        )
    click.echo({"zh": f"{pages} 个单位的页面已写入 {out}", "en": f"{pages} pages in {out}"}[lang])
