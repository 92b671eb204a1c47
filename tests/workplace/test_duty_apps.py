"""The checklist of docs/how-to/add-a-duty-app.md, as far as it can be checked, for each app."""

import tomllib
from pathlib import Path

import pytest
from access.matrix import addresses
from babel.messages.pofile import read_po
from django.apps import apps
from django.urls import reverse

import workplace
from workplace.events.actions import known_actions
from workplace.programme import packs
from workplace.records.doors import apps_for, door_of
from workplace.web import registry
from workplace.web.registry import menu_for

HERE, SOURCE = Path(__file__).parent, Path(workplace.__file__).parent
TABLES = sorted({table for pack in packs().values() for table in pack.tables})
DUTY_APPS = sorted({app for table in TABLES for app in apps_for(table)})


def test_meetings_is_one():
    assert "meetings" in DUTY_APPS


@pytest.mark.parametrize("app", DUTY_APPS)
def test_it_is_installed_and_has_its_folder(app):
    assert apps.is_installed(f"workplace.{app}")
    for part in ("apps.py", "urls.py", "migrations/__init__.py", f"templates/{app}"):
        assert (SOURCE / app / part).exists(), part


@pytest.mark.parametrize("app", DUTY_APPS)
def test_its_doors_open(app, county):
    for table in TABLES:
        if app in apps_for(table):
            assert list(door_of(app, table)(["T1"], None, None)) == []


@pytest.mark.parametrize("app", DUTY_APPS)
def test_its_acts_have_sentences(app):
    assert any(name.startswith(f"{app}.") for name in known_actions())


@pytest.mark.parametrize("app", DUTY_APPS)
def test_it_has_a_door_in_the_menu(app):
    entries = menu_for(dict.fromkeys(("view", "enter", "keep_meetings"), True))
    assert any(
        entry.url_name.startswith(f"{app}:") and reverse(entry.url_name) for entry in entries
    )


@pytest.mark.parametrize("app", DUTY_APPS)
def test_its_cards_are_on_the_desk(app):
    makers = registry._desk_cards
    assert any(make.__module__.startswith(f"workplace.{app}.") for make in makers)


@pytest.mark.parametrize("app", DUTY_APPS)
def test_every_address_is_in_its_access_file(app):
    written = tomllib.loads((HERE / "access" / f"{app}.toml").read_text("utf-8"))
    assert {name for name in addresses() if name.startswith(f"{app}:")} == set(written)


@pytest.mark.parametrize("app", DUTY_APPS)
def test_it_is_translated(app):
    file = SOURCE / app / "locale/zh_Hans/LC_MESSAGES/django.po"
    with file.open("rb") as opened:
        catalog = read_po(opened, abort_invalid=True)
    assert len(catalog) > 0
    assert [message.id for message in catalog if message.id and not message.string] == []


@pytest.mark.parametrize("app", DUTY_APPS)
def test_it_has_tests_a_page(app):
    assert len(list((HERE / app).glob("test_*.py"))) >= 3
