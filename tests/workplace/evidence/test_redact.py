"""Covering parts of a picture, and who looks under the covers."""

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from photos_sent import photo
from workplace.accounts.models import Holding, Role, User
from workplace.events.models import Event
from workplace.evidence.images import Rectangle, cover
from workplace.evidence.models import Evidence
from workplace.records.models import Record, RecordState
from workplace.rounds.models import ReturnState

PART = {"left": "25", "top": "25", "width": "50", "height": "50"}


def _url(name, evidence):
    return reverse(f"evidence:{name}", args=[evidence.pk])


def _rows(*parts):
    """A form with rows for the parts."""
    sent = {"form-TOTAL_FORMS": str(max(3, len(parts))), "form-INITIAL_FORMS": "0"}
    for number, part in enumerate(parts):
        sent |= {f"form-{number}-{name}": value for name, value in part.items()}
    return sent


def _pixels(client, name, evidence):
    ask = client.post if name == "original" else client.get
    answer = ask(_url(name, evidence))
    return Image.open(BytesIO(b"".join(answer.streaming_content))).convert("RGB")


def test_what_is_covered_is_in_no_file_that_others_get(client_of, evidence_of):
    evidence, client = evidence_of(), client_of("office1")
    client.post(_url("redact", evidence), _rows(PART))
    evidence.refresh_from_db()
    for name in ("content", "thumbnail"):
        red, green, blue = _pixels(client, name, evidence).getpixel((32, 24))
        assert max(red, green, blue) < 60
    assert _pixels(client, "content", evidence).getpixel((4, 4))[0] > 200
    assert evidence.shown_id != evidence.file_id
    assert Event.objects.get(action="evidence.redacted").facts["rectangles"] == 1


def test_covering_again_keeps_what_was_covered(client_of, evidence_of):
    evidence, client = evidence_of(), client_of("office1")
    client.post(_url("redact", evidence), _rows(PART))
    client.post(_url("redact", evidence), _rows(PART | {"left": "0", "width": "10"}))
    seen = _pixels(client, "content", evidence)
    assert seen.getpixel((32, 24))[0] < 60 and seen.getpixel((2, 24))[0] < 60


def test_only_the_units_head_and_auditors_see_the_original_on_record(client_of, evidence_of):
    evidence = evidence_of()
    client_of("office1").post(_url("redact", evidence), _rows(PART))
    Record.objects.update(state=RecordState.SENT)
    for watcher in ("head1", "auditor"):
        client = client_of(watcher)
        assert _pixels(client, "original", evidence).getpixel((32, 24))[0] > 200
        assert "evidence.original_seen" in set(
            Event.objects.filter(by__username=watcher).values_list("action", flat=True)
        )
    for other in ("clerk1", "office1", "county", "inspector", "clerk2", "head2", "nobody"):
        assert client_of(other).post(_url("original", evidence)).status_code == 404
    assert Event.objects.filter(action="evidence.original_seen").count() == 2


def test_a_head_further_up_does_not_look_under_the_covers(client_of, people, evidence_of):
    evidence = evidence_of()
    client_of("office1").post(_url("redact", evidence), _rows(PART))
    Record.objects.update(state=RecordState.SENT)
    boss = people["inspector"]
    Holding.objects.create(
        user=boss, role=Role.objects.get(code="head"), unit_id="C", valid_from="2015-01-01"
    )
    assert User.objects.get(pk=boss.pk)
    assert client_of("inspector").post(_url("original", evidence)).status_code == 404


def test_the_head_of_the_sender_sees_what_a_village_covered(client_of, evidence_of):
    evidence = evidence_of()
    client_of("office1").post(_url("redact", evidence), _rows(PART))
    Record.objects.update(unit="T1V1")
    Evidence.objects.update(unit="T1V1")
    assert client_of("head1").post(_url("original", evidence)).status_code == 200
    assert client_of("head2").post(_url("original", evidence)).status_code == 404


def test_where_nothing_is_covered_there_is_no_original_to_see(client_of, evidence_of):
    assert client_of("head1").post(_url("original", evidence_of())).status_code == 404


def test_looking_is_asked_for_by_a_button_not_by_a_link(client_of, evidence_of):
    assert client_of("head1").get(_url("original", evidence_of())).status_code == 405


def test_whoever_attached_it_covers_until_it_is_sent(client_of, evidence_of):
    evidence, client = evidence_of(), client_of("clerk1")
    assert client.get(_url("redact", evidence)).status_code == 200
    evidence.record.answer.state = ReturnState.SENT
    evidence.record.answer.save()
    assert client.get(_url("redact", evidence)).status_code == 404
    assert client_of("head1").get(_url("redact", evidence)).status_code == 200


def test_strangers_and_readers_cover_nothing(client_of, evidence_of):
    evidence = evidence_of()
    for other in ("clerk2", "head2", "nobody", "auditor", "inspector"):
        client = client_of(other)
        assert client.get(_url("redact", evidence)).status_code == 404
        assert client.post(_url("redact", evidence), _rows(PART)).status_code == 404
    assert Evidence.objects.get().shown is None


@pytest.mark.parametrize(
    "part",
    [PART | {"width": "0"}, PART | {"left": "100"}, PART | {"top": "-1"}, PART | {"height": ""}],
)
def test_numbers_that_cover_nothing_are_said_so(client_of, evidence_of, part):
    evidence = evidence_of()
    page = client_of("office1").post(_url("redact", evidence), _rows(part))
    assert page.status_code == 200 and "errors" in page.text
    assert Evidence.objects.get().shown is None


def test_an_empty_form_covers_nothing(client_of, evidence_of):
    evidence = evidence_of()
    assert client_of("office1").post(_url("redact", evidence), _rows()).status_code == 200
    assert Evidence.objects.get().shown is None


def test_the_whole_of_a_part_is_covered_to_its_last_pixel():
    covered = cover(photo(kind="PNG", size=(7, 5)), [Rectangle(0.2, 0.2, 0.5, 0.5)])
    seen = Image.open(BytesIO(covered.content))
    dark = {(x, y) for x in range(7) for y in range(5) if seen.getpixel((x, y))[0] < 60}
    assert dark >= {(x, y) for x in range(1, 5) for y in range(1, 4)}
    assert (0, 0) not in dark


def test_the_page_costs_few_questions(client_of, evidence_of, django_assert_max_num_queries):
    evidence, client = evidence_of(), client_of("office1")
    with django_assert_max_num_queries(10):
        client.get(_url("redact", evidence))
