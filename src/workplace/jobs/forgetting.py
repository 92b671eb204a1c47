"""What was done long ago is not kept: the acts themselves are on record."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from workplace.jobs.queue import job

KEPT_DAYS = 14


@job(label=_("Forget old jobs"))
def forget_old_jobs() -> None:
    """Remove jobs that ended more than KEPT_DAYS ago."""
    long_ago = timezone.now() - timedelta(days=KEPT_DAYS)
    DBTaskResult.objects.finished().filter(finished_at__lt=long_ago).delete()
