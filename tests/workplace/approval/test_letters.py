"""The unit is told by mail that a return came back."""

from django.core import mail
from django_tasks_db.models import DBTaskResult

from workplace.accounts.models import User
from workplace.approval.actions import give_back
from workplace.approval.letters import mail_decision
from workplace.approval.models import Signature


def test_those_who_enter_and_the_head_are_told_once(people, returned_by):
    for name in ("clerk1", "head1", "clerk2", "auditor"):
        User.objects.filter(username=name).update(email=f"{name}@example.org")
    answer = returned_by()
    give_back(by=people["head1"], answer=answer, version=answer.version, reason="人数不符")
    assert DBTaskResult.objects.filter(task_path__endswith="mail_decision").count() == 1
    for _ in range(2):
        mail_decision.func(Signature.objects.get().pk)
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "clerk1@example.org",
        "head1@example.org",
    ]
    assert all("人数不符" in letter.body for letter in mail.outbox)
