"""Background work: declared with `job`, asked for with `enqueue`, run by the command `work`.

A job is a function at the top of a module with arguments that JSON can hold. A worker may die in
the middle of it and another run it again, so a job must do no harm when it runs twice.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django_tasks import task
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from workplace.jobs.models import Lease

Function = Callable[..., None]

_at_giving_up: dict[str, Function] = {}
_labels: dict[str, str | Promise] = {}


def job(
    function: Function | None = None,
    *,
    label: str | Promise = "",
    on_give_up: Function | None = None,
) -> Any:
    """The function as a job: `@job` or `@job(label=_("…"), on_give_up=…)`.

    `label` is what the list of jobs calls it; `on_give_up` is called with the job's arguments when
    it failed or its workers died too often.
    """

    def declare(wrapped: Function) -> Task[Any, None]:
        declared = task(wrapped)
        _labels[declared.module_path] = label or declared.name
        if on_give_up is not None:
            _at_giving_up[declared.module_path] = on_give_up
        return declared

    return declare(function) if function is not None else declare


@transaction.atomic
def enqueue(work: Task[Any, None], *args: Any) -> bool:
    """Ask for a job; False where the same work waits already. Work that runs is done once more.

    The request is a row written in the caller's transaction: it is kept when that is, and where
    that is rolled back the work never runs.
    """
    key = _key(work.module_path, args)
    lease, is_new = Lease.objects.select_for_update().get_or_create(key=key)
    if is_new or lease.task is None:
        return _queue(lease, work, args)
    if lease.task.status == TaskResultStatus.READY:
        return False
    if lease.task.status == TaskResultStatus.RUNNING:
        Lease.objects.filter(key=key).update(again=True)
        return True
    return _queue(lease, work, args)


@transaction.atomic
def settle(result: DBTaskResult) -> None:
    """Remove the lease of work that has ended, or queue it once more where that was asked for."""
    lease = Lease.objects.select_for_update().filter(task_id=result.pk).first()
    if lease is None:
        return
    if lease.again:
        _queue(lease, result.task, result.args_kwargs["args"])
    else:
        lease.delete()


def give_up(result: DBTaskResult) -> None:
    """Tell whoever asked for it that a job will not be done."""
    if tell := _at_giving_up.get(result.task_path):
        tell(*result.args_kwargs["args"])


def label_of(path: str) -> str | Promise:
    """What a job is called; its path where no app knows it any more."""
    return _labels.get(path, path)


def _queue(lease: Lease, work: Task[Any, None], args: Any) -> bool:
    lease.task_id = work.enqueue(*args).id
    lease.beat_at, lease.again = None, False
    lease.save(update_fields=["task", "beat_at", "again"])
    return True


def _key(path: str, args: Any) -> str:
    return hashlib.sha256(json.dumps([path, args], sort_keys=True).encode()).hexdigest()
