"""`python -m workplace check_events`: nothing on record was changed behind the program's back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workplace.events.checking import check_events


class Command(BaseCommand):
    help = "Check every event against its hash; fails where one was changed."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        if wrong := check_events():
            raise CommandError(f"{len(wrong)} events were changed: {wrong[:20]}")
        self.stdout.write("every event says what it said when it was written")
