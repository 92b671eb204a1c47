"""The example county: refused where it could do harm; everybody has something to do."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from command_line import run_shuzhi
from made_once import made_once
from workplace.accounts.models import Role, User
from workplace.demo.management.commands.demo import MARKER, refuse_real_data
from workplace.demo.people import LOGINS, PASSWORD
from workplace.demo.story import tell_story
from workplace.editions.models import Preview
from workplace.meetings.models import Action
from workplace.rounds.models import (
    Reminder,
    ReminderKind,
    Return,
    ReturnState,
    Round,
    RoundState,
)
from workplace.units.tree import today

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="the demo runs on SQLite")


def test_it_needs_to_be_said(settings):
    """Known passwords are never made by mistake."""
    settings.DEMO = False
    with pytest.raises(CommandError, match="SHUZHI_DEMO"):
        call_command("demo", "--set-up-only")


@only_sqlite
def test_other_data_are_left_alone(settings, tmp_path: Path):
    """A folder with an office's data is refused; a demo's own, and an empty one, are taken."""
    settings.DEMO = True
    refuse_real_data(tmp_path)
    (tmp_path / "workplace.sqlite3").touch()
    with pytest.raises(CommandError, match="no demo's"):
        refuse_real_data(tmp_path)
    (tmp_path / MARKER).touch()
    refuse_real_data(tmp_path)


def test_there_is_a_login_for_every_role(roles):
    assert {login.role for login in LOGINS} == set(Role.objects.values_list("code", flat=True))


@pytest.mark.at_size
def test_everybody_has_something_to_do(roles, shared: Path):
    """Some returns in each state, made by the people who would; open actions; figures."""
    folder = made_once(shared / "qinghe", lambda out: run_shuzhi("demo", out))
    said: list[str] = []
    tell_story(folder, said.append)
    early, round_ = Round.objects.filter(state=RoundState.OPEN).order_by("opened_at")
    assert early.returns.filter(due_on__lt=today(), first_sent_at=None).exists()
    assert Reminder.objects.filter(round=early, kind=ReminderKind.RED).exists()
    states = set(Return.objects.filter(round=round_).values_list("state", flat=True))
    assert states == set(ReturnState.values)
    for accepted in Return.objects.filter(round=round_, state=ReturnState.ACCEPTED):
        signers = set(accepted.signatures.values_list("by", flat=True))
        assert len(signers) > 1 and accepted.sent_by_id not in signers
    assert Action.objects.count() == 2
    assert Preview.objects.get().state == "ready"
    assert all(User.objects.get(username=x.username).check_password(PASSWORD) for x in LOGINS)
    others = User.objects.exclude(username__in=[login.username for login in LOGINS])
    assert not any(user.has_usable_password() for user in others)
