"""Start-up refuses unsafe set-ups, each with a hint."""

import sqlite3
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import connection

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")


def ids(**how):
    return {message.id for message in run_checks(**how)}


def test_a_sound_set_up_has_no_error(settings):
    assert not {found for found in ids() if found.startswith("shuzhi.E")}


def test_error_pages_are_not_shown_to_others(settings):
    settings.DEBUG, settings.IS_HTTPS = True, True
    assert "shuzhi.E003" in ids()


def test_a_pack_that_does_not_hold_together(settings, tmp_path: Path):
    """With the complaint itself."""
    (tmp_path / "pack.toml").write_text("name = 1", "utf-8")
    settings.PACKS = [tmp_path]
    messages = [m for m in run_checks() if m.id == "shuzhi.E001"]
    assert messages and "pack.toml" in messages[0].msg


def test_a_pack_that_is_not_there(settings, tmp_path: Path):
    settings.PACKS = [tmp_path / "gone"]
    assert {"shuzhi.E001", "shuzhi.E002"} & ids()


@only_sqlite
@pytest.mark.parametrize(
    ("version", "is_told"), [((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False)]
)
def test_a_sqlite_with_the_bug_is_told(monkeypatch, version, is_told):
    """Told and not refused: an office cannot always change it."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert ("shuzhi.W001" in ids()) == is_told


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_less_than_full_is_refused():
    """What was acknowledged could be lost."""
    assert "shuzhi.E004" not in ids(databases=["default"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        assert "shuzhi.E004" in ids(databases=["default"])
    finally:
        connection.close()
