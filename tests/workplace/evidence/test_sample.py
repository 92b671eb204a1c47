"""Evidence is asked of a sample: the same for whoever asks."""

from photos_sent import upload
from workplace.evidence.sample import coverage_of
from workplace.evidence.store import attach
from workplace.records.models import Record, RecordState


def test_the_pack_says_of_how_many_and_the_seed_of_which(activity_of, people):
    records = [activity_of() for _ in range(30)]
    answer = records[0].answer
    coverage = coverage_of(answer)
    assert len(coverage.drawn) == 3 == len(coverage.wanting)
    assert coverage_of(answer).drawn == coverage.drawn
    answer.round.seed = "another"
    assert coverage_of(answer).drawn != coverage.drawn


def test_what_has_evidence_is_no_longer_wanting(activity_of, people):
    answer = activity_of().answer
    record = coverage_of(answer).wanting[0]
    attach(by=people["clerk1"], upload_file=upload(), unit="T1", record=record)
    assert coverage_of(answer).is_whole


def test_what_is_withdrawn_is_not_drawn(activity_of):
    answer = activity_of().answer
    Record.objects.update(state=RecordState.WITHDRAWN)
    assert coverage_of(answer).is_whole


def test_a_table_that_asks_for_none_draws_none(activity_of):
    answer = activity_of().answer
    answer.table = "meetings"
    assert not coverage_of(answer).drawn
