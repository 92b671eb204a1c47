"""What nobody types by hand is answered, never an error of the program."""

import pytest
from django.urls import reverse

from photos_sent import photo, upload
from workplace.evidence.models import Evidence
from workplace.rounds import states

HUGE = "9" * 40


@pytest.mark.parametrize("query", [{"round": HUGE}, {"table": "a\0b"}, {"page": HUGE}])
def test_filters_that_cannot_be(client_of, returned_by, query):
    returned_by()
    assert client_of("head1").get(reverse("approval:to_sign"), query).status_code == 200


def test_numbers_that_cannot_be(client_of, returned_by):
    answer, client = returned_by(), client_of("head1")
    assert client.get(f"/approval/{HUGE}/").status_code == 404
    assert client.get(f"/evidence/{HUGE}/").status_code == 404
    posted = client.post(reverse("approval:to_sign"), {"chosen": [HUGE, "x", "-1"]})
    assert posted.status_code == 302
    for version in ("x", "", HUGE, "-1"):
        answered = client.post(reverse("approval:sign", args=[answer.pk]), {"version": version})
        assert answered.status_code in (302, 404)


def test_texts_that_a_database_refuses(client_of, people, returned_by):
    answer = returned_by(sent=False)
    states.begin(answer, by=people["clerk1"])
    record = answer.records.first()
    page = reverse("evidence:of_record", args=[record.pk])
    client_of("clerk1").post(page, {"file": upload(photo(), "现\u202e场.jpg"), "note": "a\0b"})
    evidence = Evidence.objects.get()
    assert (evidence.name, evidence.note) == ("现场.jpg", "ab")
    states.send(answer, by=people["clerk1"])
    client = client_of("head1")
    client.post(reverse("approval:record", args=[answer.pk, record.pk]), {"remark-title": "a\0b"})
    back = reverse("approval:give_back", args=[answer.pk])
    client.post(back, {"version": answer.version, "reason": ""})
    assert answer.signatures.get().remarks.get().text == "ab"


def test_an_unlocked_return_is_sent_again_after_its_round_was_closed(people, accepted):
    from workplace.approval.actions import unlock

    unlock(by=people["county"], answer=accepted, version=accepted.version, reason="补报")
    accepted.refresh_from_db()
    accepted.round.state = "closed"
    accepted.round.save()
    states.send(accepted, by=people["clerk1"])
    assert accepted.state == "sent"
