"""Who is answered what at every address; see README.md beside this file."""

import io
import zipfile

import pytest

from access import planted
from access.examples import CANARY
from access.matrix import addresses, read_files, read_line
from access.walk import County, Visit, leaks, visit_all, wrong_answers

ENTRIES = read_files()


def test_every_address_stands_in_a_reviewed_file():
    assert sorted(addresses() - set(ENTRIES)) == [], "add these to tests/workplace/access/*.toml"


def test_no_entry_speaks_of_an_address_that_is_gone():
    assert sorted(set(ENTRIES) - addresses()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", sorted(set(ENTRIES) & addresses()))
def test_answers_are_as_reviewed_and_tell_nothing_of_strangers(
    address: str, planted_county: County
):
    visits = list(visit_all(ENTRIES[address], planted_county))
    assert wrong_answers(ENTRIES[address], visits) + leaks(visits) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("plant", "address"),
    [(plant, address) for plant, seen_at in planted.PLANTS.items() for address in seen_at],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_planted_bugs_are_caught(
    plant: planted.Plant, address: str, planted_county: County, monkeypatch: pytest.MonkeyPatch
):
    plant(monkeypatch)
    visits = list(visit_all(ENTRIES[address], planted_county))
    assert wrong_answers(ENTRIES[address], visits) or leaks(visits), (
        f"the walk did not see at {address}: {plant.__doc__}"
    )


def test_a_line_that_forgets_an_actor_is_refused():
    with pytest.raises(AssertionError, match="says nothing of .*nobody"):
        read_line({"200": ["t1", "t2", "at_county", "administrator"]}, "here")


def test_a_canary_is_seen_inside_an_archive():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", f"<c>{CANARY}</c>")
    assert CANARY.encode() not in packed.getvalue()
    assert leaks([Visit("x", "GET", "clerk1", "200", packed.getvalue(), "")])
    assert not leaks([Visit("x", "GET", "clerk2", "200", packed.getvalue(), "")])
