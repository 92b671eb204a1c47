"""Background work of this app."""

from django.utils.translation import gettext_lazy as _

from workplace.evidence.retention import delete_expired
from workplace.jobs.queue import job


@job(label=_("Delete files whose retention is over"))
def delete_expired_files() -> None:
    """Runs every night; twice does no harm, since what is gone is not found again."""
    delete_expired()
