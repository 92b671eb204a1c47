"""`python -m workplace import_units FOLDER`: the tree of a source becomes the workplace's."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shuzhi.errors import UserError
from workplace.accounts.models import User
from workplace.editions.taking_over import read_to_keep, take_over_units
from workplace.programme import pack_named, packs


class Command(BaseCommand):
    help = "Take over the tree of units from a folder of workbooks or a sealed edition."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--by", required=True, help="the user name that goes on record")
        parser.add_argument("--pack", default="", help="a pack's name; the first one by default")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(f"nobody signs in as {options['by']}; name a user that there is")
        pack = pack_named(options["pack"]) if options["pack"] else next(iter(packs().values()))
        try:
            source = read_to_keep(options["folder"], pack)
            take_over_units(source.ledgers.units, by=by)
        except UserError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(source.ledgers.units.codes)} units")
