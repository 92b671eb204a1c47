"""`python -m workplace import_source FOLDER`: what was collected before becomes records."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shuzhi.errors import UserError
from shuzhi.periods import parse_period
from workplace.accounts.models import User
from workplace.editions.taking_over import (
    read_to_keep,
    take_over,
    take_over_aliases,
    take_over_units,
)
from workplace.programme import pack_named, packs
from workplace.units.models import Unit


class Command(BaseCommand):
    help = (
        "Take over the records and returns of a folder of workbooks or a sealed edition, as "
        "accepted ones in closed rounds. Run again, it changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--by", required=True, help="the user name that goes on record")
        parser.add_argument("--pack", default="", help="a pack's name; the first one by default")
        parser.add_argument("--until", default="", help="the last period, like 2023-Q3")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(f"nobody signs in as {options['by']}; name a user that there is")
        pack = pack_named(options["pack"]) if options["pack"] else next(iter(packs().values()))
        try:
            until = parse_period(options["until"]).end if options["until"] else None
            source = read_to_keep(options["folder"], pack)
            if not Unit.objects.exists():
                take_over_units(source.ledgers.units, by=by)
            taken = take_over(source, by=by, until=until)
            if source.files is not None:
                take_over_aliases(source.files, by=by)
        except UserError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{taken.rounds} rounds, {taken.returns} returns, {taken.records} records, "
            f"{taken.files} files"
        )
