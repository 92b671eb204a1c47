"""The worker: one job after another, the reaper and the schedule between them."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction, is_locked_database_exception

from workplace.jobs.leases import LEASE, MOST_TRIES, Heartbeat, put_back, reap
from workplace.jobs.queue import give_up, settle
from workplace.jobs.schedule import queue_what_is_due

# What passes by itself: the database was busy, or was started anew.
_PASSING = f"{OperationalError.__module__}.{OperationalError.__qualname__}"
_LOOKS_A_LEASE = 4


class LeasedWorker(Worker):
    """Runs one job at a time under a lease."""

    def __init__(self, lease: timedelta = LEASE) -> None:
        super().__init__(
            queue_names=["*"], interval=0, batch=True, backend_name="default",
            startup_delay=False, max_tasks=1, worker_id=get_random_string(32),
            excluded_queue_names=[],
        )  # fmt: skip
        self._lease = lease

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run the job, then remove its lease, or put it back where what went wrong passes."""
        with Heartbeat(db_task_result.pk, self._lease):
            super().run_task(db_task_result)
        if db_task_result.status == TaskResultStatus.FAILED:
            tries = len(db_task_result.worker_ids)
            if db_task_result.exception_class_path == _PASSING and tries < MOST_TRIES:
                put_back(db_task_result)
                return
            give_up(db_task_result)
        settle(db_task_result)

    def run_one(self) -> bool:
        """Run the next job; False where none waits.

        Not by the library's own loop, which drops the connection: within a transaction, as tests
        have it, that would be the end of it.
        """
        claimed = self._claim() if DBTaskResult.objects.ready().exists() else None
        if claimed is not None:
            self.run_task(claimed)
        return claimed is not None

    def _claim(self) -> DBTaskResult | None:
        try:
            with exclusive_transaction():
                found: DBTaskResult | None = DBTaskResult.objects.ready().get_locked()
                if found is not None:
                    found.claim(self.worker_id)
                return found
        except OperationalError as error:
            if is_locked_database_exception(error):
                return None  # somebody is writing; the next look comes in a moment
            raise


def work_off(lease: timedelta = LEASE) -> int:
    """How many jobs were run: all that wait now, and those that they ask for."""
    worker, done = LeasedWorker(lease), 0
    reap(lease)
    queue_what_is_due()
    while worker.run_one():
        done += 1
    return done


def work(is_stopping: Callable[[], bool], lease: timedelta = LEASE, pause: float = 0.5) -> None:
    """Run jobs until told to stop; the job in hand is finished first."""
    worker = LeasedWorker(lease)
    next_look = timezone.now()
    while not is_stopping():
        close_old_connections()  # a database that was started anew is connected to anew
        if timezone.now() >= next_look:
            reap(lease)
            queue_what_is_due()
            next_look = timezone.now() + min(lease / _LOOKS_A_LEASE, timedelta(seconds=20))
        if not worker.run_one() and not is_stopping():
            time.sleep(pause)
