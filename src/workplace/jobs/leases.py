"""A sign of life while a job runs, and the reaper that puts back the work of dead workers."""

import logging
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Event, Thread
from types import TracebackType
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from workplace.jobs.models import Lease
from workplace.jobs.queue import give_up, settle

LEASE = timedelta(minutes=2)
# A job that took three workers with it is at fault itself.
MOST_TRIES = 3
BEATS_A_LEASE = 4

logger = logging.getLogger(__name__)


class WorkerDied(Exception):
    """Why a job was given up of which no worker came back."""


class Heartbeat(AbstractContextManager["Heartbeat"]):
    """Renews the lease of a running job from a thread, until the job ends."""

    def __init__(self, task: UUID, lease: timedelta) -> None:
        self._task = task
        self._every = lease.total_seconds() / BEATS_A_LEASE
        self._ended = Event()
        self._thread = Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._ended.wait(self._every):
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            Lease.objects.filter(task_id=self._task).update(beat_at=timezone.now())
        except OperationalError:  # the database is busy; three more beats fit into the lease
            logger.warning("lease of %s not renewed", self._task, exc_info=True)


def reap(lease: timedelta = LEASE) -> int:
    """How many jobs of dead workers were put back or given up; settles what ended unsettled."""
    found = 0
    for result in DBTaskResult.objects.running().select_related("lease"):
        if _last_sign(result) < timezone.now() - lease:
            found += _take_from_the_dead(result, lease)
    for held in Lease.objects.select_related("task").exclude(
        task__status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING)
    ):
        if held.task is not None:
            settle(held.task)
    return found


def _last_sign(result: DBTaskResult) -> timezone.datetime:
    held = getattr(result, "lease", None)
    return max(filter(None, (result.started_at, held.beat_at if held else None)))


@transaction.atomic
def _take_from_the_dead(seen: DBTaskResult, lease: timedelta) -> bool:
    """Put one job back, or give it up; False where another worker was quicker."""
    result = (
        DBTaskResult.objects.select_for_update(of=("self",), skip_locked=True)
        .running().filter(pk=seen.pk).select_related("lease").first()
    )  # fmt: skip
    if result is None or _last_sign(result) >= timezone.now() - lease:
        return False
    if len(result.worker_ids) < MOST_TRIES:
        logger.warning("%s %s: its worker died, put back", result.task_path, result.pk)
        put_back(result)
    else:
        logger.error("%s %s: %s workers died, given up", result.task_path, result.pk, MOST_TRIES)
        result.set_failed(WorkerDied(f"{MOST_TRIES} workers did not come back"))
        give_up(result)
        settle(result)
    return True


def put_back(result: DBTaskResult) -> None:
    """Let the job be claimed anew."""
    result.status, result.started_at = TaskResultStatus.READY, None
    result.save(update_fields=["status", "started_at"])
