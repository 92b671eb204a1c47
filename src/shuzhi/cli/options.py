"""Arguments and options that several commands share."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from shuzhi.periods import Period, parse_period

Command = TypeVar("Command", bound=Callable[..., Any])


class PeriodType(click.ParamType[Period]):
    """A period as users write it; see shuzhi.periods."""

    name = "period"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Period:
        return value if isinstance(value, Period) else parse_period(str(value))


class DayType(click.ParamType[date]):
    """A day written 2023-12-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day; write it like 2023-12-31", param, ctx)


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(path_type=Path)

source = click.argument("source", type=FOLDER)
pack = click.option(
    "--pack",
    "pack_folder",
    type=FOLDER,
    help="The pack's folder. A sealed edition brings its own.",
)
lang = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="Language of messages and documents.",
)
period = click.option(
    "--period", type=PeriodType(), required=True, help="2023, 2023-H1, 2023-Q3, 2023-09 …"
)
periods = click.option(
    "--period",
    "periods",
    type=PeriodType(),
    multiple=True,
    help="2023, 2023-H1, 2023-Q3, 2023-09, ytd-2023-09, 2023-01-01/2023-04-01. "
    "May be given several times; without it, the last year the pack collects.",
)
units = click.option(
    "--unit",
    "units",
    multiple=True,
    metavar="CODE",
    help="A unit's code. May be given several times; without it, every unit.",
)
indicators = click.option(
    "--indicator",
    "indicators",
    multiple=True,
    metavar="NAME",
    help="An indicator's name. May be given several times; without it, every indicator.",
)
tree_as_of = click.option(
    "--tree-as-of", type=DayType(), help="Restate on the tree of this day, not as it was."
)
supersedes = click.option(
    "--supersedes",
    type=FOLDER,
    metavar="EDITION",
    help="The earlier edition of the same period that this one corrects.",
)
because = click.option("--because", default="", metavar="REASON", help="Why it is corrected.")
key = click.option(
    "--key", type=FILE, help="Sign the edition with this private key; shuzhi key makes one."
)
follows = click.option(
    "--follows",
    type=FOLDER,
    metavar="EDITION",
    help="Last year's edition: its answers to flags are kept, a promise dropped is refused.",
)
output = click.option("--out", type=NEW, help="Write to this file, not to the screen.")


def shape(*choices: str) -> Callable[[Command], Command]:
    """How a result is written; a table for the eye by default."""
    return click.option(
        "--format",
        "shape",
        type=click.Choice(choices),
        default="table",
        show_default=True,
        help="How the result is written.",
    )
