"""What the queue of django-tasks lacks: leases on running work, and a clock."""

from typing import ClassVar

from django.db import models
from django_tasks_db.models import DBTaskResult


class Lease(models.Model):
    """One piece of work that waits or runs; removed when it is done or given up.

    `key` is the SHA-256 of the function and its arguments, so that the same work waits once.
    `beat_at` is moved on by the worker while the work runs: where it stands still, the worker is
    dead. `again` says that the same work was asked for while it ran, and must run once more.
    """

    key = models.CharField(max_length=64, primary_key=True)
    task = models.OneToOneField(
        DBTaskResult, models.CASCADE, null=True, related_name="lease", db_constraint=False
    )
    beat_at = models.DateTimeField(null=True)
    again = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.key


class Appointment(models.Model):
    """When the schedule queues one entry next. Its row is the lock by which one worker does."""

    name = models.CharField(max_length=200, primary_key=True)
    next_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["next_at"]

    def __str__(self) -> str:
        return self.name
