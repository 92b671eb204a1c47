"""What is done about people and what they did while nobody works."""

from django.utils.translation import gettext_lazy as _

from workplace.events.checking import check_events
from workplace.jobs.queue import job


@job(label=_("Check that no event was changed"))
def check_record() -> None:
    """Whether an event was changed behind the program's back; what was found is an event."""
    check_events()
