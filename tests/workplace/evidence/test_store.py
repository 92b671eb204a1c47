"""What is taken as evidence, what is kept of it, and who opens it."""

import zipfile
from io import BytesIO

import pytest
from django.http import Http404
from docx import Document
from PIL import Image

from photos_sent import photo, upload
from workplace.events.models import Event
from workplace.evidence import limits
from workplace.evidence.limits import FileNotTaken
from workplace.evidence.models import Evidence, File
from workplace.evidence.store import attach, elsewhere, open_for, remove
from workplace.rounds.models import ReturnState


def _attach(people, record, content=None, by="clerk1", **more):
    return attach(
        by=people[by], upload_file=upload(content), unit=record.unit_id, record=record, **more
    )


def _package(part, says, **others):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, says)
        for name, content in others.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_photo_keeps_its_day_and_loses_its_place(people, activity_of, storage):
    evidence = _attach(people, activity_of(), note="会场")
    assert evidence.taken_on.isoformat() == "2023-09-03"
    stored = storage.open(evidence.file.stored_as).read()
    assert b"CanaryCamera" not in stored and b"Exif" not in stored
    assert not Image.open(BytesIO(stored)).getexif()
    assert (evidence.file.width, evidence.file.height) == (64, 48)
    assert Event.objects.get(action="evidence.attached").object_id == str(evidence.pk)


def test_a_photo_is_turned_the_right_way_up(people, activity_of):
    evidence = _attach(people, activity_of(), photo(Orientation=6))
    assert (evidence.file.width, evidence.file.height) == (48, 64)


def test_comments_and_profiles_go_too(people, activity_of, storage):
    out = BytesIO()
    picture = Image.new("RGB", (8, 8))
    picture.save(out, "JPEG", comment=b"canary comment", icc_profile=b"canary profile" * 20)
    evidence = _attach(people, activity_of(), out.getvalue())
    assert b"canary" not in storage.open(evidence.file.stored_as).read()


def test_the_same_photo_is_stored_once_and_shown_to_be_elsewhere(people, activity_of, storage):
    here = _attach(people, activity_of())
    there = _attach(people, activity_of())
    assert here.file == there.file and File.objects.count() == 1
    assert list(elsewhere(people["clerk1"], here)) == [there]


def test_what_a_stranger_attached_is_not_told(people, activity_of):
    here = _attach(people, activity_of())
    _attach(people, activity_of("T2", "clerk2"), by="clerk2")
    assert not elsewhere(people["clerk1"], here).exists()
    assert elsewhere(people["county"], here).count() == 1


def test_bytes_that_a_crash_left_half_written_are_written_anew(people, activity_of, storage):
    evidence = _attach(people, activity_of())
    whole = storage.open(evidence.file.stored_as).read()
    File.objects.filter(pk=evidence.file_id).update(deleted_at=evidence.added_at)
    with storage.open(evidence.file.stored_as, "wb") as half:
        half.write(whole[:10])
    again = _attach(people, activity_of())
    assert storage.open(again.file.stored_as).read() == whole


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script></html>", "Only photos"),
        (b"GIF89a" + bytes(40), "Only photos"),
        (photo()[:200], "damaged"),
        (_package("word/x.xml", "<a/>"), "Only photos"),
        (_package("[Content_Types].xml", '<x t="application/vnd.ms-word.macroEnabled"/>'), "Only"),
        (_package("[Content_Types].xml", "<x/>", bomb=bytes(40 * 2**20)), "unpacks to too much"),
    ],
    ids=["empty", "html", "gif", "cut", "zip", "macros", "bomb"],
)  # fmt: skip
def test_other_files_are_refused_in_a_sentence(people, activity_of, content, says):
    with pytest.raises(FileNotTaken, match=says):
        _attach(people, activity_of(), content)
    assert not Evidence.objects.exists() and not Event.objects.exists()


def test_an_office_file_is_known_by_its_content(people, activity_of):
    out = BytesIO()
    Document().save(out)
    evidence = _attach(people, activity_of(), out.getvalue(), name="签到表.jpg")
    assert evidence.file.ending == ".docx" and not evidence.file.is_image


def test_pixels_are_counted_before_they_are_decoded(people, activity_of, monkeypatch):
    monkeypatch.setattr(limits, "MAX_PIXELS", 63 * 48)
    with pytest.raises(FileNotTaken, match="million pixels"):
        _attach(people, activity_of())


def test_size_is_looked_at_before_reading(people, activity_of, monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    file = upload()
    with pytest.raises(FileNotTaken, match="MB"):
        attach(by=people["clerk1"], upload_file=file, unit="T1", record=activity_of())
    assert file.tell() == 0


def test_so_many_files_and_no_more(people, activity_of, monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILES", 1)
    record = activity_of()
    _attach(people, record)
    with pytest.raises(FileNotTaken, match="1 files"):
        _attach(people, record, photo("blue"))


def test_the_same_file_twice_on_one_record_is_refused(people, activity_of):
    record = activity_of()
    _attach(people, record)
    with pytest.raises(FileNotTaken, match="already"):
        _attach(people, record)


@pytest.mark.parametrize("state", [ReturnState.SENT, ReturnState.ACCEPTED])
def test_nothing_comes_or_goes_once_the_return_is_sent(people, activity_of, state):
    record = activity_of()
    evidence = _attach(people, record)
    record.answer.state = state
    record.answer.save()
    with pytest.raises(FileNotTaken, match="not changed"):
        _attach(people, record, photo("blue"))
    with pytest.raises(FileNotTaken, match="not changed"):
        remove(by=people["clerk1"], evidence=evidence)
    assert Evidence.objects.present().get() == evidence


def test_what_is_removed_stays_on_record(people, activity_of):
    evidence = _attach(people, activity_of())
    remove(by=people["clerk1"], evidence=evidence, reason="附错了")
    assert not Evidence.objects.present().exists()
    kept = Evidence.objects.get()
    assert (kept.removed_by, kept.removed_why) == (people["clerk1"], "附错了")
    assert Event.objects.filter(action="evidence.removed").count() == 1
    with pytest.raises(Http404):
        open_for(people["clerk1"], kept)


def test_only_who_sees_the_unit_opens_it(people, activity_of):
    evidence = _attach(people, activity_of())
    assert open_for(people["county"], evidence).read()
    for stranger in ("clerk2", "head2", "nobody", "administrator"):
        with pytest.raises(Http404):
            open_for(people[stranger], evidence)


def test_no_name_of_a_file_stands_in_an_event(people, activity_of):
    """What a file is called may be somebody's name; an event is never removed."""
    attach(
        by=people["clerk1"], upload_file=upload(name="王小明.jpg"), unit="T1", record=activity_of()
    )
    assert "王小明" not in str([event.facts for event in Event.objects.all()])


def test_files_without_a_sum_are_not_taken_for_one_another(people, evidence_of):
    first, other = evidence_of(), evidence_of(content=photo("blue"))
    Evidence.objects.update(received_sha256="")
    first.refresh_from_db()
    assert other not in elsewhere(people["clerk1"], first)


def test_what_was_removed_is_not_removed_twice(people, evidence_of):
    evidence = evidence_of()
    stale = Evidence.objects.get(pk=evidence.pk)
    remove(by=people["clerk1"], evidence=evidence, reason="拍糊了")
    with pytest.raises(FileNotTaken, match="already"):
        remove(by=people["clerk1"], evidence=stale, reason="再删一次")
    evidence.refresh_from_db()
    assert evidence.removed_why == "拍糊了"
