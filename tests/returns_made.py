"""Records in returns, and what the checks doubted in them, for tests of approval."""

from workplace.approval.models import FlagsFound
from workplace.programme import pack_named
from workplace.records.models import Origin
from workplace.records.store import save_record

DAY = "2023-09-03"


def add_record(answer, by, number=0, **values):
    """One activity of the return."""
    table = pack_named("annual-duty").tables["activities"]
    data = {
        "_id": f"{answer.unit_id}-{number}", "unit": answer.unit_id, "held_on": DAY,
        "title": f"第{number + 1}场宣讲", "heads": 30 + number,
    }  # fmt: skip
    return save_record(by=by, answer=answer, table=table, values=data | values, origin=Origin.FORM)


def without_flags(*answers):
    """Note that the checks doubted nothing in the returns as they are."""
    for answer in answers:
        with_flags(answer, [])


def with_flags(answer, keys, question="两场活动人数相同，是否重复？"):
    """Note that the checks doubted records of a return as it is."""
    answer.refresh_from_db()
    text = {"zh": question, "en": question}
    flag = {
        "flag_id": f"flag-{answer.pk}", "rule": "duplicate", "records": list(keys),
        "units": [answer.unit_id],
        "question": text, "innocent": text,
    }  # fmt: skip
    FlagsFound.objects.update_or_create(
        answer=answer,
        defaults={"sent_at": answer.sent_at, "flags": [flag] if keys else []},
    )
