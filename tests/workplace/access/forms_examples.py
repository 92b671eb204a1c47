"""Returns of T1 and T2 with a record each, typed into a form."""

from collections.abc import Mapping
from typing import Any

from access.examples import CANARY, People, canary, example
from made_returns import make_return, make_round
from workplace.records.models import Origin, Record
from workplace.records.store import put_records
from workplace.rounds.models import Return
from workplace.rounds.states import send
from workplace.sending.entry_models import EntryDraft, FlagAnswer


def _filled(people: People, unit: str, clerk: str, title: str) -> Return:
    row = {
        "_id": f"{unit}-1", "activity_no": f"{unit}-1", "unit": unit, "held_on": "2023-09-03",
        "title": title, "kind": "lecture", "places": 10, "heads": 90,
    }  # fmt: skip
    answer = make_return(make_round(), unit)
    put_records(by=people[clerk], answer=answer, rows=[row], origin=Origin.FORM)
    return answer


@example
def typed_return_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": _filled(people, "T1", "clerk1", "宪法宣讲").pk}


@example
def sent_form_of_t1(people: People) -> Mapping[str, Any]:
    answer = _filled(people, "T1", "clerk1", "宪法宣讲")
    send(answer, by=people["clerk1"])
    return {"pk": answer.pk}


@example
def typed_record_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": _record(people).pk}


@example
def return_and_record_of_t1(people: People) -> Mapping[str, Any]:
    record = _record(people)
    return {"pk": record.answer_id, "record": record.pk}


@example
def no_flag_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": _filled(people, "T1", "clerk1", "宪法宣讲").pk, "flag": "0123456789ab"}


@example
def register_of_t1(people: People) -> Mapping[str, Any]:
    return {"unit": "T1"}


def _record(people: People) -> Record:
    answer = _filled(people, "T1", "clerk1", "宪法宣讲")
    return Record.objects.get(answer=answer)


@canary
def records_of_t2(people: People) -> None:
    """A record, a draft and an explanation, each with the canary in its texts."""
    answer = _filled(people, "T2", "clerk2", f"{CANARY}活动")
    send(answer, by=people["clerk2"])
    EntryDraft.objects.create(user=people["clerk2"], answer=answer, texts={"title": CANARY})
    FlagAnswer.objects.create(
        pack="annual-duty", flag_id="0123456789ab", rule="over_capacity", answer=answer,
        question=CANARY, reason=CANARY, by=people["clerk2"],
    )  # fmt: skip
