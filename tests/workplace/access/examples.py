"""Objects that belong to township T1, at which addresses with arguments are tried; and what is
planted at T2, of which nobody of T1 may be answered a byte."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from made_figures import have_preview, make_preview

from photos_sent import upload
from shuzhi.periods import parse_period
from shuzhi.units import UnitTree
from workplace.accounts.models import Role, User
from workplace.approval.actions import give_back
from workplace.approval.remarks import NewRemark
from workplace.editions.models import Document, Preview
from workplace.events.record import record_event
from workplace.evidence.images import Rectangle
from workplace.evidence.redaction import redact
from workplace.evidence.store import attach
from workplace.people.actions.roles import propose_change
from workplace.programme import pack_named
from workplace.records.models import Record
from workplace.rounds.extending import ask_for_time
from workplace.rounds.models import Return, Round
from workplace.rounds.opening import open_round, prepare_round
from workplace.rounds.reminding import remind
from workplace.rounds.states import answer_not_applicable
from workplace.tree.models import TreeDraft
from workplace.units.tree import current_tree, replace_tree, today

People = Mapping[str, User]
Example = Callable[[People], Mapping[str, Any]]

# Stands in texts, file names and answers of T2 only. Plain ASCII: the same in every encoding.
CANARY = "canaryOfT2x7f3a"

_examples: dict[str, Example] = {}
_canaries: list[Callable[[People], None]] = []


def example(function: Example) -> Example:
    """Register a function that makes an object of T1 and answers the address's arguments."""
    assert function.__name__ not in _examples, f"the example {function.__name__} is there twice"
    _examples[function.__name__] = function
    return function


def canary(function: Callable[[People], None]) -> Callable[[People], None]:
    """Register a function that plants CANARY in objects of T2."""
    _canaries.append(function)
    return function


def make_example(name: str, people: People) -> Mapping[str, Any]:
    """The arguments of an address; none where the entry names no example."""
    return _examples[name](people) if name else {}


def plant_canaries(people: People) -> None:
    """Put the canary wherever T2 has a text of its own, and into figures made of all that."""
    for plant in _canaries:
        plant(people)
    make_preview(people["county"], mark=CANARY)


@example
def account_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": people["clerk1"].pk}


@example
def holding_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": people["clerk1"].holdings.get().pk}


@example
def some_role(people: People) -> Mapping[str, Any]:
    return {"code": "clerk"}


@example
def waiting_role_change(people: People) -> Mapping[str, Any]:
    second = User.objects.create_user("second", display_name="second")
    role = Role.objects.get(code="inspector")
    change = propose_change(by=second, role=role, permissions=["view", "export"])
    return {"pk": change.pk}


@example
def used_link(people: People) -> Mapping[str, Any]:
    return {"uidb64": "MQ", "token": "used-before"}


@example
def unknown_provider(people: People) -> Mapping[str, Any]:
    return {"provider_id": "office"}


@example
def as_workbook(people: People) -> Mapping[str, Any]:
    return {"form": "xlsx"}


@canary
def account_of_t2(people: People) -> None:
    people["clerk2"].display_name = CANARY
    people["clerk2"].save()


@canary
def event_of_t2(people: People) -> None:
    with transaction.atomic():
        record_event("test.said", by=people["clerk2"], unit="T2", what=CANARY)


@example
def unit_t1(people: People) -> Mapping[str, Any]:
    return {"code": "T1"}


@example
def tree_draft_of_county(people: People) -> Mapping[str, Any]:
    rows = TreeDraft.rows_of(current_tree())
    return {"pk": TreeDraft.objects.create(by=people["county"], file_name="a", spans=rows).pk}


@example
def renaming(people: People) -> Mapping[str, Any]:
    return {"kind": "rename"}


@canary
def unit_of_t2(people: People) -> None:
    tree = current_tree()
    spans = [
        replace(span, name=f"{CANARY} {span.name}") if span.code.startswith("T2") else span
        for span in tree.spans
    ]
    replace_tree(UnitTree(spans))


def _round_of(people: People, unit: str, title: str = "round", note: str = "") -> Round:
    return open_round(
        by=people["county"], pack=pack_named("annual-duty"), period=parse_period("2023-Q3"),
        tables=["activities"], units=[unit], due_on=today(), title=title, note=note,
    )  # fmt: skip


@example
def round_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": _round_of(people, "T1").pk}


@example
def draft_round_of_county(people: People) -> Mapping[str, Any]:
    draft = prepare_round(
        by=people["county"], pack=pack_named("annual-duty"), period=parse_period("2023-Q3"),
        tables=["meetings"], due_on=today(), title="draft",
    )  # fmt: skip
    return {"pk": draft.pk}


@example
def round_unit_t1(people: People) -> Mapping[str, Any]:
    return {"pk": _round_of(people, "T1").pk, "code": "T1"}


@example
def return_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": _round_of(people, "T1").returns.get().pk}


@example
def wish_of_t1(people: People) -> Mapping[str, Any]:
    answer = _round_of(people, "T1").returns.get()
    (wish,) = ask_for_time(
        by=people["clerk1"], answers=[answer], until=today() + timedelta(days=9), reason="illness"
    )
    return {"pk": wish.pk}


@canary
def round_of_t2(people: People) -> None:
    round_ = _round_of(people, "T2", title=CANARY, note=CANARY)
    answer = round_.returns.get()
    ask_for_time(
        by=people["clerk2"], answers=[answer], until=today() + timedelta(days=9), reason=CANARY
    )
    remind(by=people["county"], round_=round_, units=["T2"], text=CANARY)
    answer_not_applicable(answer, by=people["clerk2"], reason=CANARY)


def _return_of(people: People, unit: str, **facts: Any) -> Return:
    """A return with one record and a photo at it, waiting for the head of its unit."""
    clerk = people["clerk1" if unit == "T1" else "clerk2"]
    day = date(2999, 1, 1)
    # a round of its own: one that another example named would lend T1 the name it has for T2
    round_ = Round.objects.create(
        title="Q3", pack="annual-duty", period="2023-Q3", due_on=day, seed="seed", state="open"
    )
    answer = Return.objects.create(
        round=round_, table="activities", unit_id=unit, period="2023-Q3", due_on=day,
        first_due_on=day, answer="rows", state="begun",
    )  # fmt: skip
    record = Record.objects.create(
        pack="annual-duty", pack_version="1", table="activities", unit_id=unit, answer=answer,
        key=f"{unit}-1", event_date=date(2023, 9, 3), origin="form", entered_by=clerk,
        data={"unit": unit, "held_on": "2023-09-03", "title": facts.get("text", "title")},
    )  # fmt: skip
    attach(
        by=clerk, upload_file=upload(name=f"{facts.get('text', 'photo')}.jpg"), unit=unit,
        record=record, note=facts.get("text", ""),
    )  # fmt: skip
    sent = {"state": "sent", "step_unit_id": unit, "sent_by": clerk, "sent_at": timezone.now()}
    Return.objects.filter(pk=answer.pk).update(**sent)
    answer.records.update(state="sent", received_at=timezone.now())
    answer.refresh_from_db()
    return answer


@example
def sent_return_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": _return_of(people, "T1").pk}


@example
def accepted_return_of_t1(people: People) -> Mapping[str, Any]:
    answer = _return_of(people, "T1")
    Return.objects.filter(pk=answer.pk).update(state="accepted", step_unit=None)
    return {"pk": answer.pk}


@example
def record_in_return_of_t1(people: People) -> Mapping[str, Any]:
    answer = _return_of(people, "T1")
    return {"pk": answer.pk, "record_pk": answer.records.get().pk}


@example
def remark_at_t1(people: People) -> Mapping[str, Any]:
    answer = _return_of(people, "T1")
    give_back(
        by=people["head1"], answer=answer, version=answer.version,
        remarks=[NewRemark("?", answer.records.get().pk, "title")],
    )  # fmt: skip
    return {"pk": answer.signatures.get().remarks.get().pk}


@example
def open_record_of_t1(people: People) -> Mapping[str, Any]:
    answer = _return_of(people, "T1")
    Return.objects.filter(pk=answer.pk).update(state="begun", step_unit=None)
    answer.records.update(state="draft", received_at=None)
    return {"pk": answer.records.get().pk}


@example
def evidence_of_t1(people: People) -> Mapping[str, Any]:
    return {"pk": _return_of(people, "T1").records.get().evidence.get().pk}


@example
def open_evidence_of_t1(people: People) -> Mapping[str, Any]:
    found = open_record_of_t1(people)
    return {"pk": Record.objects.get(**found).evidence.get().pk}


@example
def covered_evidence_of_t1(people: People) -> Mapping[str, Any]:
    evidence = _return_of(people, "T1").records.get().evidence.get()
    redact(by=people["office1"], evidence=evidence, rectangles=[Rectangle(0, 0, 0.5, 0.5)])
    return {"pk": evidence.pk}


@canary
def sent_return_of_t2(people: People) -> None:
    answer = _return_of(people, "T2", text=CANARY)
    give_back(by=people["head2"], answer=answer, version=answer.version, reason=CANARY,
              remarks=[NewRemark(CANARY, answer.records.get().pk, "title")])  # fmt: skip


def _ready_preview(people: People) -> Preview:
    """The one that is there: of the walk, with the canary in it, else one made once for all."""
    return Preview.objects.filter(state="ready").first() or have_preview(people["county"])


@example
def one_preview(people: People) -> Mapping[str, Any]:
    return {"pk": _ready_preview(people).pk}


@example
def compared_below_t1(people: People) -> Mapping[str, Any]:
    _ready_preview(people)
    return {**unit_t1(people), "indicator": "meetings_held"}


@example
def proof_of_t1(people: People) -> Mapping[str, Any]:
    return {**compared_below_t1(people), "period": "2023"}


@example
def document_of_t1(people: People) -> Mapping[str, Any]:
    document = Document.objects.create(
        preview=_ready_preview(people), unit_id="T1", language="zh", state="ready",
        folder="document-t1", asked_by=people["head1"],
    )  # fmt: skip
    document.path.mkdir(exist_ok=True)
    (document.path / "report.docx").write_bytes(b"PK")
    return {"code": "T1", "pk": document.pk}


@example
def document_file_of_t1(people: People) -> Mapping[str, Any]:
    return {**document_of_t1(people), "ending": "docx"}
