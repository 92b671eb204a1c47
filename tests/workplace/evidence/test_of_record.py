"""The page of what is attached to a record."""

from django.urls import reverse

from evidence.conftest import DAY
from photos_sent import photo, upload
from workplace.accounts.models import Holding, Role
from workplace.evidence.models import Evidence
from workplace.records.models import Record, RecordState
from workplace.rounds.models import ReturnState


def _page(record):
    return reverse("evidence:of_record", args=[record.pk])


def test_a_clerk_attaches_two_photos_under_a_notice(client_of, activity_of):
    record, client = activity_of(), client_of("clerk1")
    page = client.get(_page(record))
    assert 'id="evidence-notice"' in page.text
    files = [upload(), upload(photo("blue"), "会场.jpg")]
    answer = client.post(_page(record), {"file": files, "note": "会场"}, follow=True)
    assert answer.redirect_chain == [(_page(record), 302)]
    assert set(Evidence.objects.values_list("name", "note")) == {
        ("现场.jpg", "会场"),
        ("会场.jpg", "会场"),
    }


def test_the_records_own_column_names_what_is_attached(client_of, activity_of):
    record, client = activity_of(), client_of("clerk1")
    record.data["photos"] = "纸质照片.jpg"
    record.save()
    client.post(_page(record), {"file": upload()})
    evidence = Evidence.objects.get()
    record.refresh_from_db()
    assert record.data["photos"] == f"纸质照片.jpg;{evidence.pk}-现场.jpg"
    client.post(reverse("evidence:remove", args=[evidence.pk]), {"reason": "附错了"})
    record.refresh_from_db()
    assert record.data["photos"] == "纸质照片.jpg"


def test_a_refused_file_is_said_in_a_sentence_and_the_others_are_kept(client_of, activity_of):
    record, client = activity_of(), client_of("clerk1")
    files = [upload(b"<html>", "页面.jpg"), upload()]
    answer = client.post(_page(record), {"file": files}, follow=True)
    assert "页面.jpg：" in answer.text or "页面.jpg: " in answer.text
    assert Evidence.objects.get().name == "现场.jpg"


def test_the_same_photo_elsewhere_is_asked_about(client_of, activity_of, evidence_of):
    evidence_of()
    record = activity_of()
    answer = client_of("clerk1").post(_page(record), {"file": upload()}, follow=True)
    assert "toast-warning" in answer.text


def test_the_way_back_is_ours_only(client_of, activity_of):
    record, client = activity_of(), client_of("clerk1")
    facts = {"file": upload(), "next": "https://elsewhere.example/"}
    assert client.post(_page(record), facts).url == _page(record)
    facts = {"file": upload(photo("blue")), "next": "/rounds/"}
    assert client.post(_page(record), facts).url == "/rounds/"


def test_readers_see_no_form_and_cannot_post(client_of, activity_of):
    record = activity_of()
    for reader in ("head1", "county", "auditor"):
        client = client_of(reader)
        page = client.get(_page(record))
        if reader != "county":  # may enter for those below
            assert 'type="file"' not in page.text
            assert client.post(_page(record), {"file": upload()}).status_code == 404
    assert reader and not Evidence.objects.exists()


def test_what_is_sent_takes_no_more_files(client_of, activity_of):
    record = activity_of(state=ReturnState.SENT)
    client = client_of("clerk1")
    assert 'type="file"' not in client.get(_page(record)).text
    assert client.post(_page(record), {"file": upload()}).status_code == 404


def test_strangers_find_nothing(client_of, activity_of):
    record = activity_of()
    for stranger in ("clerk2", "head2", "nobody", "administrator"):
        client = client_of(stranger)
        assert client.get(_page(record)).status_code == 404
        assert client.post(_page(record), {"file": upload()}).status_code == 404


def test_many_files_cost_no_more_questions(
    client_of, evidence_of, people, django_assert_max_num_queries
):
    from workplace.evidence.store import attach

    evidence = evidence_of()
    for colour in ("blue", "green", "white"):
        record = Record.objects.get(pk=evidence.record_id)
        attach(by=people["clerk1"], upload_file=upload(photo(colour)), unit="T1", record=record)
    client = client_of("clerk1")
    with django_assert_max_num_queries(12):
        client.get(_page(evidence.record))


def test_only_the_sender_changes_the_evidence_of_its_return(
    client_of, activity_of, people, first_roles
):
    """A township's return holds a record of its village: the village's clerk does not touch it."""
    record = activity_of(state=ReturnState.RETURNED)
    of_village = record.data | {"unit": "T1V1"}
    Record.objects.update(unit="T1V1", data=of_village, state=RecordState.SENT)
    Holding.objects.create(
        user=people["nobody"], role=Role.objects.get(code="clerk"), unit_id="T1V1",
        valid_from=DAY,
    )  # fmt: skip
    page = reverse("evidence:of_record", args=[record.pk])
    village = client_of("nobody")
    assert village.get(page).status_code == 200
    client_of("clerk1").post(page, {"file": upload()})
    Record.objects.update(state=RecordState.SENT)
    assert village.post(page, {"file": upload(photo("blue"))}).status_code == 404
    evidence = Evidence.objects.get()
    gone = village.post(reverse("evidence:remove", args=[evidence.pk]), {"reason": "不要了"})
    assert gone.status_code == 404
