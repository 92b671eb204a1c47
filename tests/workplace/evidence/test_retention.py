"""Files go when no record needs them any more; that they were there stays."""

from datetime import date

from workplace.events.models import Event
from workplace.evidence.images import Rectangle
from workplace.evidence.models import Evidence, File
from workplace.evidence.redaction import redact
from workplace.evidence.retention import delete_expired
from workplace.records.models import Record

LAST_YEAR_OF_KEEPING = date(2033, 12, 31)  # activities of 2023 are kept for ten years
AFTER = date(2034, 1, 1)


def test_a_file_stays_through_the_last_day_it_must_be_kept(evidence_of, storage):
    evidence = evidence_of()
    assert delete_expired(LAST_YEAR_OF_KEEPING) == 0
    assert storage.exists(evidence.file.stored_as)


def test_then_it_goes_with_its_small_copy_and_covered_one(
    evidence_of, storage, people, django_capture_on_commit_callbacks
):
    evidence = evidence_of()
    redact(by=people["head1"], evidence=evidence, rectangles=[Rectangle(0, 0, 0.5, 0.5)])
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_expired(AFTER) == 2
    for file in File.objects.all():
        assert file.deleted_at
        assert not storage.exists(file.stored_as) and not storage.exists(file.thumbnail)
    assert Evidence.objects.get().name == "现场.jpg"
    told = Event.objects.filter(action="evidence.deleted_by_age")
    assert told.count() == 2 and all(event.by is None for event in told)
    assert delete_expired(AFTER) == 0


def test_a_file_that_another_record_still_needs_stays(evidence_of):
    evidence_of()
    newer = evidence_of()
    Record.objects.filter(pk=newer.record_id).update(event_date=date(2024, 1, 1))
    assert delete_expired(AFTER) == 0
    assert delete_expired(date(2035, 1, 1)) == 1


def test_records_of_a_pack_no_longer_run_here_are_kept(evidence_of):
    evidence_of()
    Record.objects.update(pack="another")
    assert delete_expired(AFTER) == 0


def test_bytes_brought_again_before_they_went_stay(
    evidence_of, storage, django_capture_on_commit_callbacks
):
    evidence = evidence_of()
    with django_capture_on_commit_callbacks() as to_do:
        assert delete_expired(AFTER) == 1
    again = evidence_of()
    assert again.file_id == evidence.file_id
    for delete in to_do:
        delete()
    assert storage.exists(again.file.stored_as)
