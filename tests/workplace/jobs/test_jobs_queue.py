"""Background work: asked for once, run once, undone with the transaction that asked for it."""

from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from workplace.jobs.forgetting import KEPT_DAYS, forget_old_jobs
from workplace.jobs.leases import LEASE, MOST_TRIES, Heartbeat, reap
from workplace.jobs.models import Appointment, Lease
from workplace.jobs.queue import enqueue, job
from workplace.jobs.schedule import Entry, every_minutes, queue_what_is_due
from workplace.jobs.worker import work_off

done: list[object] = []
given_up: list[object] = []
failures: list[BaseException] = []


@job(label="noting", on_give_up=given_up.append)
def note(word: str) -> None:
    if failures:
        raise failures.pop()
    done.append(word)


@job
def note_and_ask_again(word: str) -> None:
    done.append(word)
    if len(done) == 1:
        assert enqueue(note_and_ask_again, word)


@job
def by_the_clock() -> None:
    done.append("clock")


@pytest.fixture(autouse=True)
def nothing_done(db: None) -> None:
    for kept in (done, given_up, failures):
        kept.clear()


def test_work_is_run_once_and_leaves_no_lease():
    assert enqueue(note, "a")
    assert work_off() == 1
    assert done == ["a"]
    assert work_off() == 0
    assert not Lease.objects.exists()


def test_the_same_work_waits_once():
    assert enqueue(note, "a")
    assert not enqueue(note, "a")
    assert enqueue(note, "b")
    work_off()
    assert sorted(done) == ["a", "b"]


def test_work_asked_for_while_it_runs_is_done_once_more():
    enqueue(note_and_ask_again, "a")
    assert work_off() == 2
    assert done == ["a", "a"]


@pytest.mark.django_db(transaction=True)
def test_work_of_a_transaction_that_is_undone_never_runs():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(note, "a")
        raise ZeroDivisionError
    assert work_off() == 0
    assert enqueue(note, "a"), "the key is free again"


def _leave_by_a_dead_worker(tries: int) -> DBTaskResult:
    enqueue(note, "a")
    result = DBTaskResult.objects.get()
    for _ in range(tries):
        result.claim("dead")
    long_ago = timezone.now() - LEASE - timedelta(seconds=1)
    DBTaskResult.objects.update(started_at=long_ago)
    return result


def test_the_job_of_a_dead_worker_is_put_back():
    _leave_by_a_dead_worker(tries=1)
    assert work_off() == 1
    assert done == ["a"]


def test_a_job_that_gives_signs_of_life_is_left_alone():
    result = _leave_by_a_dead_worker(tries=1)
    Lease.objects.filter(task=result).update(beat_at=timezone.now())
    assert reap() == 0
    assert not enqueue(note, "b") or work_off() == 1
    assert done == ["b"]


def test_a_job_that_kills_its_workers_is_given_up_and_told():
    _leave_by_a_dead_worker(tries=MOST_TRIES)
    assert work_off() == 0
    assert (done, given_up) == ([], ["a"])
    assert DBTaskResult.objects.get().status == "FAILED"
    assert enqueue(note, "a"), "it can be asked for anew"


def test_a_failed_job_is_told():
    failures.append(ValueError("no"))
    enqueue(note, "a")
    work_off()
    assert given_up == ["a"]


def test_a_busy_database_is_tried_again():
    failures.append(OperationalError("database is locked"))
    enqueue(note, "a")
    assert work_off() == 2
    assert (done, given_up) == (["a"], [])


@pytest.mark.django_db(transaction=True)
def test_heartbeat_renews_the_lease():
    enqueue(note, "a")
    task = DBTaskResult.objects.get().pk
    heart = Heartbeat(task, timedelta(seconds=0))
    heart._renew()
    assert Lease.objects.get().beat_at is not None


def test_an_entry_is_queued_when_due_and_once(monkeypatch):
    monkeypatch.setattr("workplace.jobs.schedule._entries", {})
    every_minutes(10, by_the_clock)
    now = timezone.now()
    assert queue_what_is_due(now) == [], "it is not due when it is first seen"
    assert queue_what_is_due(now + timedelta(minutes=9)) == []
    later = now + timedelta(hours=5)
    assert queue_what_is_due(later) == [by_the_clock.module_path]
    assert Appointment.objects.get().next_at == later + timedelta(minutes=10)
    assert work_off() == 1


def test_jobs_done_long_ago_are_forgotten():
    enqueue(note, "a")
    work_off()
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=KEPT_DAYS + 1))
    enqueue(note, "b")
    forget_old_jobs.call()
    assert [result.status for result in DBTaskResult.objects.all()] == ["READY"]


def test_a_night_is_the_offices():
    entry = Entry(by_the_clock, hour=2)
    noon = timezone.make_aware(timezone.datetime(2023, 9, 3, 12))
    night = timezone.make_aware(timezone.datetime(2023, 9, 4, 2))
    assert entry.after(noon) == night
    assert entry.after(night) == night + timedelta(days=1)
