"""shuzhi demo: the example county."""

from pathlib import Path

import click

from shuzhi.cli import options


@click.command()
@click.argument("folder", metavar="DIR", type=options.NEW)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Any number: another county of the same shape.",
)
def demo(folder: Path, seed: int) -> None:
    """Write the example county into DIR: workbooks as units send them, and truth.json.

    Any seed gives another county of the same shape; the same seed gives the same county.
    """
    from shuzhi.demo.write import write_county
    from shuzhi.ledgers.atomic_folder import new_folder
    from shuzhi.packs.shipped import shipped_pack

    with new_folder(folder) as unfinished:
        write_county(unfinished, seed, pack_path=shipped_pack("annual-duty"))
