"""A backup is whole while the database is in use, and can be started from."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from workplace.accounts.models import User

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has pg_dump")


@pytest.mark.django_db(transaction=True)
def test_what_was_there_is_in_the_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Whole, and never over another one."""
    User.objects.create_user("somebody", display_name="somebody")
    out = tmp_path / "copies" / "workplace.sqlite3"
    call_command("backup", out)
    assert "whole" in capsys.readouterr().out
    with closing(sqlite3.connect(out)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = copy.execute("SELECT username FROM accounts_user").fetchall()
    assert names == [("somebody",)]
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    before = out.read_bytes()
    with pytest.raises(CommandError, match="not changed"):
        call_command("backup", out)
    assert out.read_bytes() == before
