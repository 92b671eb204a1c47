"""Preview editions: one at a time, whole, kept apart, removed when old."""

import io
import zipfile

import pytest
from made_figures import PACK, YEAR, make_preview, send_meetings

from shuzhi import pipeline
from shuzhi.errors import InputRefused
from shuzhi.periods import parse_period
from workplace.editions import previews
from workplace.editions.models import Document, Preview, PreviewState
from workplace.editions.previews import ask_preview, make_nightly
from workplace.events.models import Event
from workplace.jobs.worker import work_off
from workplace.programme import pack_named


def ask(by):
    return ask_preview(by=by, pack=pack_named(PACK), period=parse_period(YEAR))


def test_two_clicks_make_one(people, client_of):
    """The second leads to the one that is under way."""
    client = client_of("head1")
    first = client.post("/figures/previews/")["Location"]
    assert client.post("/figures/previews/")["Location"] == first
    assert client_of("office2").post("/figures/previews/")["Location"] == first
    work_off()
    assert Preview.objects.get().state == PreviewState.READY
    assert Event.objects.filter(action="editions.preview_asked").count() == 1


def test_it_is_an_edition_that_says_it_is_a_preview(people):
    """Whole, unsigned, with the figures of the records as they stood."""
    preview = make_preview(people["county"])
    edition = pipeline.read(preview.path, None).edition
    assert edition is not None and edition.signer == ""
    assert edition.manifest.pack_version.endswith("-preview")
    assert edition.manifest.root == preview.root_hash
    assert (preview.records, preview.figures) == (4, len(edition.extras["figures"]))
    live = previews.preview_source(pack_named(PACK), preview.path / "pack")
    counted = pipeline.count(live, parse_period(YEAR))
    assert len(counted.figures) == preview.figures


def test_a_failure_is_told_in_a_sentence(people, client_of, monkeypatch):
    """Nobody waits for ever, and the next click tries again."""

    def refuse(*_: object, **__: object) -> None:
        raise InputRefused("the disk is full; make room")

    monkeypatch.setattr(pipeline, "seal_source", refuse, raising=False)
    failed = ask(people["county"])
    work_off()
    assert "make room" in client_of("head1").get(f"/figures/previews/{failed.pk}/").content.decode()
    assert ask(people["county"]) != failed


def test_done_twice_it_does_no_harm(people):
    """A job whose worker died after sealing is run again."""
    preview = make_preview(people["county"])
    Preview.objects.filter(pk=preview.pk).update(state=PreviewState.MAKING)
    previews.make_preview.func(preview.pk)
    preview.refresh_from_db()
    assert preview.state == PreviewState.READY and preview.path.is_dir()


def test_old_ones_are_removed(people, monkeypatch):
    """With their folders; that they were is still known."""
    monkeypatch.setattr(previews, "KEPT", 1)
    first = make_preview(people["county"])
    path = first.path
    ask(people["county"])
    work_off()
    first.refresh_from_db()
    assert first.state == PreviewState.REMOVED and not path.exists()
    assert Preview.objects.filter(state=PreviewState.READY).count() == 1


def test_every_night(people):
    """One for each pack, by nobody."""
    make_nightly.func()
    assert Preview.objects.get().asked_by is None


def test_who_may_ask_and_who_may_take(people, client_of):
    """The whole edition holds every unit's records: for those who may export them all."""
    preview = make_preview(people["county"])
    for name in ("clerk1", "inspector", "nobody"):
        assert client_of(name).get("/figures/previews/").status_code == 404
        assert client_of(name).post("/figures/previews/").status_code == 404
    address = f"/figures/previews/{preview.pk}/edition.zip"
    for name in ("head1", "clerk1", "nobody"):
        assert client_of(name).get(address).status_code == 404
    answer = client_of("county").get(address)
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert f"{preview.folder}/manifest.json" in names
    assert Event.objects.get(action="editions.preview_exported").by == people["county"]


def test_htmx_gets_the_part_alone(people, client_of):
    """And asks again only while there is something to wait for."""
    preview = ask(people["head1"])
    client, address = client_of("head1"), f"/figures/previews/{preview.pk}/"
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "hx-trigger" in part
    send_meetings(people["county"])
    work_off()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part


@pytest.mark.usefixtures("client_of")
def test_the_report_of_a_unit(people, client_of):
    """Made once in the background, taken out on the record, by those who may see the unit."""
    make_preview(people["county"])
    client = client_of("head1")
    address = client.post("/figures/unit/T1/report/")["Location"]
    assert client.post("/figures/unit/T1/report/")["Location"] == address
    assert client_of("head2").post("/figures/unit/T1/report/").status_code == 404
    work_off()
    document = Document.objects.get()
    assert document.state == PreviewState.READY, document.message
    assert f"{address}docx" in client.get(address).content.decode()
    taken = client.get(f"{address}docx")
    assert b"".join(taken.streaming_content).startswith(b"PK")
    assert Event.objects.get(action="editions.document_exported").unit_id == "T1"
    assert client.get(f"{address}exe").status_code == 404
    assert client_of("head2").get(f"{address}docx").status_code == 404
