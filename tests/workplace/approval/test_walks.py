"""Whatever people try in whatever order: the promises of the chain hold."""

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workplace.accounts.models import Holding, Role, User
from workplace.approval.actions import give_back, sign, unlock
from workplace.approval.models import Decision
from workplace.approval.steps import standing_of
from workplace.records.errors import RecordNotWrittenError
from workplace.records.store import change_record
from workplace.rounds import states
from workplace.rounds.models import Return, ReturnState
from workplace.rounds.refusals import Refused

ACTORS = ("clerk1", "head1", "second", "county", "office1", "head2", "auditor")
ACTS = ("change", "send", "sign", "give_back", "unlock")


def _act(name, by, answer):
    if name == "change":
        record = answer.records.first()
        values = {**record.data, "_id": record.key, "heads": record.data["heads"] + 1}
        change_record(by=by, record=record, version=record.version, values=values)
    elif name == "send":
        states.send(answer, by=by)
    elif name == "sign":
        sign(by=by, answer=answer, version=answer.version)
    else:
        {"give_back": give_back, "unlock": unlock}[name](
            by=by, answer=answer, version=answer.version, reason="再看"
        )


def _said(answer):
    return list(answer.records.order_by("pk").values_list("data", "state", "version"))


def _holds(answer, before, held_before):
    """What must be true after each act, refused or not."""
    standing = standing_of(answer, answer.signatures.all())
    assert len({signature.by_id for signature in standing}) == len(standing)
    steps = states.signing_steps(answer)
    assert [signature.step for signature in standing] == [
        step for step, _ in steps[: len(standing)]
    ]
    assert len(standing) == answer.step or answer.is_open
    if answer.state == ReturnState.ACCEPTED:
        assert len(standing) == len(steps)
        assert standing[-1].decision == Decision.ACCEPTED
        entered = set(answer.records.values_list("entered_by", "changes__by"))
        wrote = {user for pair in entered for user in pair} | {answer.sent_by_id}
        assert not wrote & {signature.by_id for signature in standing}
    if before == ReturnState.ACCEPTED == answer.state:
        assert _said(answer) == held_before


@settings(
    max_examples=30, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(walk=st.lists(st.tuples(st.sampled_from(ACTORS), st.sampled_from(ACTS)), max_size=24))
def test_no_walk_breaks_the_chain(people, returned_by, walk):
    with transaction.atomic():
        _walk(people, returned_by, walk)
        transaction.set_rollback(True)


def _walk(people, returned_by, walk):
    second = User.objects.create_user("second", "a long password", display_name="second")
    for role, unit in (("head", "T1"), ("county_office", "C"), ("clerk", "T1")):
        Holding.objects.create(
            user=second, role=Role.objects.get(code=role), unit_id=unit, valid_from="2015-01-01"
        )
    key = returned_by(rows=2).pk
    # a walk that mostly goes on reaches acceptance; what is drawn goes astray from it
    for name, act in [*walk, ("head1", "sign"), ("county", "sign"), *walk]:
        answer = Return.objects.get(pk=key)
        before, held = answer.state, _said(answer)
        by = second if name == "second" else people[name]
        try:
            with transaction.atomic():
                _act(act, by, answer)
        except (Refused, RecordNotWrittenError):
            assert _said(answer) == held
        _holds(Return.objects.get(pk=key), before, held)
