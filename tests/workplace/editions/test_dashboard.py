"""A unit's dashboard: what it has, against targets, peers and last year; what is missing."""

import re
from pathlib import Path

import pytest
from made_figures import PACK, have_preview, send_meetings

from shuzhi.pipeline import last_year_collected
from shuzhi.reports.overview import PeerBand, Peers
from workplace.editions.previews import ask_preview
from workplace.editions.words import band_label
from workplace.jobs.worker import work_off
from workplace.programme import pack_named


@pytest.fixture
def preview(people):
    return have_preview(people["county"])


def test_each_number_leads_to_its_proof(preview, client_of):
    """The figure of the unit, and no other unit's."""
    page = client_of("clerk1").get("/figures/unit/T1/").content.decode()
    assert 'href="/figures/unit/T1/proof/meetings_held/2023/"' in page
    assert "/figures/unit/T2" not in page


def test_what_is_missing_stands_there(preview, client_of):
    """Asked, and never answered; what came is not among it."""
    page = client_of("head1").get("/figures/unit/T1/?period=2023-Q3")
    missing = page.context["missing"]
    assert [one.unit for one in missing] == ["T1"]
    assert "meetings" not in missing[0].tables and "activities" in missing[0].tables
    assert page.context["missing_count"] == len(missing[0].tables)


def test_the_four_kinds_of_nothing_are_told_apart(preview, client_of):
    """In words; a department is not asked for what townships are."""
    page = client_of("auditor").get("/figures/unit/D1/?period=2023-Q3")
    states = {
        line.figure.state.value
        for section in page.context["sections"]
        for line in [*section.held, *section.others]
    }
    assert "not_reported" in states and "not_asked" not in states
    assert "未报送" in page.content.decode()
    assert any(section.not_asked for section in page.context["sections"])


def test_what_has_no_value_is_not_said_to_be_met(preview, client_of):
    """A target that nobody can judge is told apart from one that is met."""
    page = client_of("auditor").get("/figures/unit/T1/?period=2023-Q3")
    for section in page.context["sections"]:
        values = [line.figure.value for line in section.held]
        assert section.unknown == values.count(None)
    assert any(section.unknown for section in page.context["sections"])
    assert "全部达标" not in page.content.decode()


def test_strangers_find_no_such_page(preview, client_of):
    """Hidden and absent answer alike."""
    for name in ("clerk2", "head2", "office2", "nobody", "administrator"):
        for address in ("unit/T1/", "unit/T1/below/meetings_held/", "unit/NOWHERE/"):
            assert client_of(name).get(f"/figures/{address}").status_code == 404, (name, address)


def test_a_period_without_figures_is_not_found(preview, client_of):
    assert client_of("head1").get("/figures/unit/T1/?period=2019").status_code == 404
    assert client_of("head1").get("/figures/unit/T1/?period=abc").status_code == 404


def test_before_the_first_preview(people, client_of):
    """An empty state that says what to do: with a button for those who may."""
    assert "/figures/previews/" in client_of("head1").get("/figures/unit/T1/").content.decode()
    assert "/figures/previews/" not in client_of("clerk1").get("/figures/unit/T1/").content.decode()


def test_home_leads_to_the_highest_unit_that_may_be_seen(preview, client_of):
    assert client_of("clerk1").get("/figures/")["Location"] == "/figures/unit/T1/"
    assert client_of("auditor").get("/figures/")["Location"] == "/figures/unit/C/"
    assert client_of("nobody").get("/figures/").status_code == 404


def test_units_below_are_compared_in_the_order_of_the_tree(preview, client_of):
    """Whoever has more does not come first; few units make no band."""
    page = client_of("auditor").get("/figures/unit/C/below/meetings_held/?period=2023-Q3")
    (township,) = [
        x for x in page.context["levels"] if x.bands[0].points[0].point.label == "青石镇"
    ]
    assert [band.label for band in township.bands] == [""]
    assert [s.point.figure.unit for s in township.bands[0].points] == ["T1", "T2"]


def test_a_band_has_a_word(settings):
    peers = Peers(10, 1.0, 2.0, 3.0, PeerBand.AMONG)
    assert band_label(peers)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("unit/T1/", 14), ("unit/C/", 14), ("unit/C/below/meetings_held/", 14),
        ("unit/C/proof/meetings_held/2023/", 14), ("previews/", 14),
    ],
)  # fmt: skip
def test_few_queries(preview, client_of, django_assert_max_num_queries, address, most):
    client = client_of("county")
    client.get(f"/figures/{address}")
    with django_assert_max_num_queries(most):
        assert client.get(f"/figures/{address}").status_code == 200


def test_live_records_are_not_in_an_older_preview(preview, people, client_of):
    """A preview is of the records as they stood."""
    send_meetings(people["county"], {"T1": 5}, "2023-Q2")
    page = client_of("head1").get("/figures/unit/T1/proof/meetings_held/2023/")
    assert page.context["figure"].value == 3


def test_of_several_packs_one_is_chosen_and_stays_chosen(preview, people, client_of, settings):
    """Each pack with figures has a tab; every address below it names the pack."""
    clerk = client_of("clerk1")
    assert "pack=" not in clerk.get("/figures/unit/T1/").content.decode()
    safety = Path(settings.PACKS[0]).parent / "workplace-safety"
    settings.PACKS = [*settings.PACKS, safety]
    assert [name for name, _title in clerk.get("/figures/unit/T1/").context["packs"]] == [PACK]
    assert clerk.get("/figures/unit/T1/", {"pack": "workplace-safety"}).status_code == 200
    pack = pack_named("workplace-safety")
    ask_preview(by=people["county"], pack=pack, period=last_year_collected(pack))
    work_off()
    first = clerk.get("/figures/unit/T1/").content.decode()
    assert f"?pack={PACK}" in first and "?pack=workplace-safety" in first
    page = clerk.get("/figures/unit/T1/", {"pack": "workplace-safety"})
    assert page.context["look"].preview.pack == "workplace-safety"
    addresses = re.findall(r'href="(/figures/unit/[^"]+)"', page.content.decode())
    assert addresses and all("pack=workplace-safety" in address for address in addresses)
    assert clerk.get("/figures/unit/T1/", {"pack": "nothing"}).status_code == 404
