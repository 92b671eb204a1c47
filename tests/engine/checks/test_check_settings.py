from dataclasses import replace

import pytest

from shuzhi.checks.run import CHECKS, check_settings
from shuzhi.errors import PackRefused


def complaints(pack, checks):
    with pytest.raises(PackRefused) as refused:
        check_settings(replace(pack, checks=checks))
    return refused.value.complaints


def test_a_section_switches_its_check_on(flags, ledgers, pack):
    """Without sections nothing is checked: which checks run stands in the pack."""
    assert flags(ledgers(), replace(pack, checks={})) == ()
    assert set(check_settings(pack)) == {check.name for check in CHECKS}


def test_every_complaint_names_file_key_and_remedy(pack):
    """A wrong file is refused whole, with all that is wrong in it."""
    assert complaints(
        pack,
        {
            "duplicates": {},
            "late_return": {"days": 3},
            "copied_text": {"likeness": 80, "shingle": 4},
            "round_numbers": {**pack.checks["round_numbers"], "columns": ["activities.head"]},
        },
    ) == (
        "checks.toml: duplicates: there is no such check; did you mean duplicate?",
        "checks.toml: late_return.days: this key is not known; remove it",
        "checks.toml: round_numbers.columns: the table activities has no column 'head'; "
        "did you mean heads?",
        "checks.toml: copied_text.likeness: 80 is out of range; write a number of at least 0.6 "
        "and at most 1",
        "checks.toml: copied_text.min_length: this key is missing; write min_length = …",
    )


def test_columns_about_persons_are_never_compared(pack):
    """A check that would hold persons against each other is refused with the reason."""
    events = [{"table": "activities", "name": "lecturer"}]
    (complaint,) = complaints(pack, {"duplicate": {"likeness": 88, "events": events}})
    assert "about persons, who are counted and never compared" in complaint


def test_a_limit_in_another_table_needs_the_columns_that_join(pack):
    """Heads against a venue's capacity say by which column the venue is found."""
    compare = [{"column": "activities.heads", "limit": "venues.capacity"}]
    found = complaints(pack, {"over_capacity": {"compare": compare}})
    assert [text.split(":")[1].strip() for text in found] == [
        "over_capacity.compare[1].by",
        "over_capacity.compare[1].key",
    ]
