"""Who is answered what at every address; see README.md beside this file."""

import pytest

from access import (  # noqa: F401 — they register
    forms_examples,
    meetings_examples,
    planted,
    uploads_examples,
)
from access.examples import CANARY, People, plant_canaries
from access.matrix import addresses, read_files, read_line
from access.walk import Visit, leaks, visit_all, wrong_answers

ENTRIES = read_files()
# `see_everything` and `nothing_required` join these with the first file whose pages they open.
PLANTS = (
    planted.every_unit,
    planted.may_everything,
    planted.may_somewhere,
    planted.every_permission,
    planted.no_login,
)


def test_every_address_stands_in_a_reviewed_file():
    assert sorted(addresses() - set(ENTRIES)) == [], "add these to tests/workplace/access/*.toml"


def test_no_entry_speaks_of_an_address_that_is_gone():
    assert sorted(set(ENTRIES) - addresses()) == []


@pytest.mark.parametrize("address", sorted(set(ENTRIES) & addresses()))
def test_answers_are_as_reviewed_and_tell_nothing_of_strangers(address: str, people: People):
    plant_canaries(people)
    visits = list(visit_all(ENTRIES[address], people))
    assert wrong_answers(ENTRIES[address], visits) + leaks(visits) == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_planted_bugs_are_caught(
    plant: planted.Plant, people: People, monkeypatch: pytest.MonkeyPatch
):
    plant_canaries(people)
    plant(monkeypatch)
    for entry in ENTRIES.values():
        if wrong_answers(entry, visits := list(visit_all(entry, people))) or leaks(visits):
            return
    pytest.fail(f"the walk did not see that {plant.__doc__}")


def test_a_line_that_forgets_an_actor_is_refused():
    with pytest.raises(AssertionError, match="says nothing of .*nobody"):
        read_line({"200": ["t1", "t2", "at_county", "administrator"]}, "here")


def test_a_canary_is_seen_inside_an_archive(tmp_path):
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", f"<c>{CANARY}</c>")
    assert CANARY.encode() not in packed.getvalue()
    assert leaks([Visit("x", "GET", "clerk1", "200", packed.getvalue(), "")])
    assert not leaks([Visit("x", "GET", "clerk2", "200", packed.getvalue(), "")])
