"""`python -m workplace add_administrator NAME`: the account with which everything else begins."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shuzhi.units import UnitSpan, UnitTree
from workplace.accounts.models import User
from workplace.people.actions.accounts import create_first_administrator, one_time_link
from workplace.units.models import Unit
from workplace.units.tree import current_tree, replace_tree, today


class Command(BaseCommand):
    help = "Make an administrator's account at the root of the tree, and print its one-time link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="the person's name")
        parser.add_argument("--unit", default="", help="code of the root unit, where there is none")
        parser.add_argument("--unit-name", default="", help="its name")
        parser.add_argument("--level", default="county", help="its level")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if User.objects.filter(username__iexact=options["username"]).exists():
            raise CommandError("this user name is taken")
        if not Unit.objects.exists():
            if not options["unit"] or not options["unit_name"]:
                raise CommandError("there is no unit yet: say --unit CODE --unit-name NAME")
            root = UnitSpan(options["unit"], options["unit_name"], options["level"], "", today())
            replace_tree(UnitTree([root]))
        account = create_first_administrator(
            username=options["username"],
            display_name=options["name"] or options["username"],
            unit=current_tree().root,
        )
        self.stdout.write(one_time_link(account))
