"""shuzhi seal, shuzhi amend and shuzhi key: editions that never change."""

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
@options.supersedes
@options.because
@options.follows
@options.key
@options.lang
def seal(
    source: Path,
    pack_folder: Path | None,
    period: Period | None,
    out: Path,
    supersedes: Path | None,
    because: str,
    follows: Path | None,
    key: Path | None,
    lang: str,
) -> None:
    """Seal SOURCE into the folder EDITION: there whole, or not at all.

    A sealed edition never changes. A correction is a new edition that says which it supersedes.
    What became of flags in an edition that it supersedes or follows is kept.
    """
    from shuzhi import pipeline

    with stage_bars(lang) as bars:
        data = pipeline.read(source, pack_folder, lang=lang, progress=bars)
        data = pipeline.keep_answers(data, follows, supersedes)
        if follows:
            year = period or pipeline.last_year_collected(data.pack)
            pipeline.refuse_dropped_promises(data, year, follows, lang=lang)
        pipeline.seal_source(
            data, out, period=period, lang=lang, supersedes=supersedes, because=because, key=key,
            progress=bars,
        )  # fmt: skip


@click.command()
@click.argument("edition", type=options.FOLDER)
@click.argument("resent", type=options.FOLDER)
@click.option("--because", required=True, metavar="REASON", help="Why it was sent again.")
@click.option(
    "--out", type=options.NEW, required=True, metavar="NEW", help="A new folder beside EDITION."
)
@click.option(
    "--before",
    type=options.FOLDER,
    metavar="SOURCE",
    help="The workbooks that EDITION was sealed from; needed where persons are named.",
)
@options.key
@options.lang
def amend(
    edition: Path,
    resent: Path,
    because: str,
    out: Path,
    before: Path | None,
    key: Path | None,
    lang: str,
) -> None:
    """Seal what was sent again, and no more, as a new edition that supersedes EDITION.

    RESENT is a folder of workbooks, read with EDITION's pack and units. Each return in it takes the
    place of the earlier one: what is not in it any more is withdrawn. NEW holds what changed and
    needs EDITION beside it; every command works on it as on any other edition.
    """
    from shuzhi import pipeline

    with stage_bars(lang) as bars:
        done = pipeline.amend(
            edition, resent, out, because=because, before=before, key=key, lang=lang,
            progress=bars,
        )  # fmt: skip
    for table, changes in done.items():
        click.echo(f"{table}  +{len(changes.came)} −{len(changes.gone)}")


@click.command()
@click.argument("private", type=options.NEW, metavar="FILE")
def key(private: Path) -> None:
    """Make a key to sign editions with: FILE is private, FILE.pub is for everybody."""
    from shuzhi.ledgers.signature import write_key_pair

    public = write_key_pair(private)
    click.echo(f"{private}  keep it where nobody else can read it")
    click.echo(f"{public}  {public.read_text('ascii').strip()}")
