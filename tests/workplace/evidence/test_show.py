"""The page of one piece of evidence, and the bytes behind it."""

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from PIL import Image

from workplace.events.models import Event
from workplace.evidence.models import Evidence, File
from workplace.rounds.models import ReturnState

STRANGERS = ("clerk2", "head2", "nobody", "administrator")


def _url(name, evidence):
    return reverse(f"evidence:{name}", args=[evidence.pk])


def _bytes(answer):
    return b"".join(answer.streaming_content)


def test_the_page_says_what_it_is_and_where_it_came_from(client_of, evidence_of):
    evidence = evidence_of(note="活动现场")
    page = client_of("county").get(_url("show", evidence)).text
    for fact in ("活动现场", "2023-09-03", "青石镇", evidence.received_sha256, evidence.file_id):
        assert fact in page


def test_a_picture_is_shown_and_runs_nothing(client_of, evidence_of):
    evidence = evidence_of()
    answer = client_of("clerk1").get(_url("content", evidence))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert Image.open(BytesIO(_bytes(answer))).size == (64, 48)


def test_anything_else_is_saved_never_opened_in_place(client_of, evidence_of):
    out = BytesIO()
    Document().save(out)
    evidence = evidence_of(content=out.getvalue(), name='签到"表\r\nSet-Cookie: x.html')
    answer = client_of("clerk1").get(_url("content", evidence))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Set-Cookie" not in answer.headers
    assert _bytes(answer) == out.getvalue()


def test_a_range_gets_everything_and_a_known_file_nothing(client_of, evidence_of):
    evidence, client = evidence_of(), client_of("clerk1")
    answer = client.get(_url("content", evidence), headers={"Range": "bytes=5-9"})
    assert answer.status_code == 200 and answer["Accept-Ranges"] == "none"
    assert len(_bytes(answer)) == evidence.file.size
    again = client.get(_url("content", evidence), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    stranger = client_of("clerk2")
    asked = stranger.get(_url("content", evidence), headers={"If-None-Match": answer["ETag"]})
    assert asked.status_code == 404


def test_the_thumbnail_is_small(client_of, evidence_of):
    from photos_sent import photo

    evidence = evidence_of(content=photo(size=(900, 600)))
    answer = client_of("clerk1").get(_url("thumbnail", evidence))
    assert Image.open(BytesIO(_bytes(answer))).size == (320, 213)


@pytest.mark.parametrize("name", ["show", "content", "thumbnail"])
def test_strangers_find_nothing(client_of, evidence_of, name):
    evidence = evidence_of()
    for stranger in STRANGERS:
        assert client_of(stranger).get(_url(name, evidence)).status_code == 404


def test_a_stranger_learns_nothing_from_the_same_photo_elsewhere(client_of, evidence_of):
    here = evidence_of()
    evidence_of("T2", "clerk2", name="白沙镇的照片.jpg")
    page = client_of("clerk1").get(_url("show", here)).text
    assert "白沙镇" not in page
    assert "白沙镇" in client_of("county").get(_url("show", here)).text


def test_what_is_removed_or_too_old_is_not_handed_out(client_of, evidence_of):
    evidence, client = evidence_of(), client_of("clerk1")
    File.objects.update(deleted_at=evidence.added_at)
    assert client.get(_url("show", evidence)).status_code == 200
    for name in ("content", "thumbnail"):
        assert client.get(_url(name, evidence)).status_code == 404
    Evidence.objects.update(removed_at=evidence.added_at)
    assert client.get(_url("show", evidence)).status_code == 404


def test_removing_needs_a_reason_and_an_open_return(client_of, evidence_of):
    evidence, client = evidence_of(), client_of("clerk1")
    client.post(_url("remove", evidence), {"reason": ""})
    assert Evidence.objects.present().exists()
    evidence.record.answer.state = ReturnState.SENT
    evidence.record.answer.save()
    assert client.post(_url("remove", evidence), {"reason": "附错了"}).status_code == 404
    evidence.record.answer.state = ReturnState.RETURNED
    evidence.record.answer.save()
    for other in ("head1", "auditor", *STRANGERS):
        answer = client_of(other).post(_url("remove", evidence), {"reason": "x"})
        assert answer.status_code == 404
    client.post(_url("remove", evidence), {"reason": "附错了"})
    assert not Evidence.objects.present().exists()
    assert Event.objects.get(action="evidence.removed").facts["reason"] == "附错了"


def test_the_page_costs_few_questions(client_of, evidence_of, django_assert_max_num_queries):
    evidence = evidence_of()
    for _ in range(4):
        evidence_of()
    client = client_of("clerk1")
    with django_assert_max_num_queries(11):
        client.get(_url("show", evidence))
