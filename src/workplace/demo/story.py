"""What the example county has done so far: history taken over, a round whose day has passed, and
one that is going on, in which some have sent, some were sent back, some are done.

Everything in the rounds is done by the same actions as on the pages, as the people who would.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from shuzhi import pipeline
from shuzhi.ledgers.model import ReturnState as Answered
from shuzhi.periods import parse_period
from workplace.accounts.models import User
from workplace.approval.actions import give_back, sign
from workplace.demo.people import ROOT, TOWNSHIP, make_people
from workplace.editions.previews import ask_preview
from workplace.editions.taking_over import (
    read_to_keep,
    take_over,
    take_over_aliases,
    take_over_units,
)
from workplace.jobs.worker import work_off
from workplace.meetings.agenda import add_item
from workplace.meetings.calling import call_meeting, hold_meeting
from workplace.meetings.models import OutcomeKind
from workplace.meetings.outcomes import Assignment, write_outcome
from workplace.programme import pack_named
from workplace.rounds import states
from workplace.rounds.clock import remind_on_time
from workplace.rounds.models import Return, ReturnState, Round
from workplace.rounds.opening import open_round
from workplace.rounds.reminding import remind
from workplace.sending.models import Upload, UploadState
from workplace.sending.uploads_actions import send_workbook
from workplace.sending.uploads_actions import take_over as take_upload
from workplace.units.models import Unit
from workplace.units.tree import today

PACK, YEAR, LAST_TAKEN_OVER = "annual-duty", "2023", "2023-Q3"
_NOW_DUE = 3  # days from today: yellow lamps
# Days ago: when history was taken over, when two departments were asked before the others, when
# one of them answered, and by when both should have.
_TAKEN_OVER, _ASKED_EARLY, _ANSWERED_EARLY, _DUE_EARLY = 20, 14, 6, 4
Say = Callable[[str], None]


def tell_story(folder: Path, say: Say) -> None:
    """Fill an empty workplace from the example county's folder."""
    pack = pack_named(PACK)
    say("reading the example county")
    source = read_to_keep(folder, pack)
    with _days_ago(_TAKEN_OVER):
        people = _take_over_history(source, folder, say)
    county = people["county"]
    _ask_two_departments_early(people)
    say("opening the round of 2023")
    round_ = open_round(
        by=county, pack=pack, period=parse_period(YEAR), tables=list(pack.tables),
        due_on=today() + timedelta(days=_NOW_DUE), title="2023年第四季度及全年报送",
        note="第四季度各表和全年各表请一并报送；确无情况的请报“无”。",
    )  # fmt: skip
    say(f"{ROOT}: sending")
    _send_all(ROOT, source, round_, people[f"clerk.{ROOT.lower()}"])
    _all_accepted("QH-T02", source, round_, people, say)
    _under_way(source, round_, people, say)
    _not_taken("QH-T03", source, round_, people, say)
    remind(by=county, round_=round_, units=["QH-T04"], text="还有三天截止，请尽快报送。")
    remind_on_time.func()
    _hold_a_meeting(county)
    say("working out a preview of the figures")
    ask_preview(by=county, pack=pack, period=parse_period(YEAR))
    work_off()


def _take_over_history(source: pipeline.Source, folder: Path, say: Say) -> dict[str, User]:
    say("taking over 2022 and 2023 up to the third quarter")
    first = User.objects.create_user("setup", display_name="演示数据", is_active=False)
    take_over_units(source.ledgers.units, by=first)
    take_over_aliases(folder, by=first)
    take_over(source, by=first, until=parse_period(LAST_TAKEN_OVER).end)
    return make_people()


@contextmanager
def _days_ago(days: int) -> Iterator[None]:
    """What is done meanwhile is dated so many days back: actions ask Django for the time."""
    real = timezone.now
    timezone.now = lambda: real() - timedelta(days=days)
    try:
        yield
    finally:
        timezone.now = real


def _ask_two_departments_early(people: dict[str, User]) -> None:
    """A round whose day has passed: one of its units has answered some of it, the other nothing."""
    pack = pack_named(PACK)
    with _days_ago(_ASKED_EARLY):
        round_ = open_round(
            by=people["county"], pack=pack, period=parse_period(YEAR), tables=list(pack.tables),
            units=["QH-D1", "QH-D4"], due_on=today() + timedelta(days=_ASKED_EARLY - _DUE_EARLY),
            title="教育、农业农村部门2023年先行报送",
        )  # fmt: skip
    with _days_ago(_ANSWERED_EARLY):
        _says_nothing("QH-D1", round_, people)


def _all_accepted(
    unit: str, source: pipeline.Source, round_: Round, people: dict[str, User], say: Say
) -> None:
    """Sent, signed by the head, accepted by the county."""
    say(f"{unit}: sending, signing and accepting")
    _send_all(unit, source, round_, people[f"clerk.{unit.lower()}"])
    for answer in _in_state(round_, unit, ReturnState.SENT):
        sign(by=people[f"head.{unit.lower()}"], answer=answer, version=answer.version)
    for answer in _in_state(round_, unit, ReturnState.SENT):
        sign(by=people["county"], answer=answer, version=answer.version)


def _under_way(source: pipeline.Source, round_: Round, people: dict[str, User], say: Say) -> None:
    """At the township of the logins: something for each of them to do."""
    say(f"{TOWNSHIP}: sending most of it; one is sent back")
    _send_all(TOWNSHIP, source, round_, people["clerk"], keep_back=2)
    sent = _in_state(round_, TOWNSHIP, ReturnState.SENT)
    for answer in sent[3:]:
        sign(by=people["head"], answer=answer, version=answer.version)
    if sent:
        give_back(
            by=people["head"], answer=sent[0], version=sent[0].version,
            reason="有两条记录的日期请再核对一下。",
        )  # fmt: skip


def _not_taken(
    unit: str, source: pipeline.Source, round_: Round, people: dict[str, User], say: Say
) -> None:
    """Workbooks dropped and read, and nobody has gone on yet."""
    say(f"{unit}: dropping workbooks")
    _upload(unit, source, round_, people[f"clerk.{unit.lower()}"])


def _says_nothing(unit: str, round_: Round, people: dict[str, User]) -> None:
    """A true zero, and a table that does not apply."""
    clerk = people[f"clerk.{unit.lower()}"]
    asked = _in_state(round_, unit, ReturnState.ASKED)
    for answer in asked[:1]:
        states.answer_nil(answer, by=clerk)
    for answer in asked[1:2]:
        states.answer_not_applicable(answer, by=clerk, reason="本单位没有对外办事窗口。")


def _send_all(
    unit: str, source: pipeline.Source, round_: Round, clerk: User, keep_back: int = 0
) -> None:
    for upload in _upload(unit, source, round_, clerk):
        if upload.state == UploadState.READ:
            nothing = [
                answer.pk for answer in _in_state(round_, unit, ReturnState.ASKED)
                if (answer.table, answer.period) in _said_nothing(source, unit)
            ]  # fmt: skip
            take_upload(by=clerk, upload=upload, answers=nothing)
            work_off()
    begun = _in_state(round_, unit, ReturnState.BEGUN)
    for answer in begun[: max(0, len(begun) - keep_back)]:
        states.send(answer, by=clerk)


def _upload(unit: str, source: pipeline.Source, round_: Round, clerk: User) -> list[Upload]:
    """The unit's workbooks of the periods that the round asks for, dropped and read."""
    periods = {YEAR, f"{YEAR}-Q4"}
    files = sorted(
        {a.file for a in source.ledgers.returns if a.unit == unit and a.period in periods}
    )
    uploads = [
        send_workbook(
            by=clerk, round_=round_, unit=Unit.objects.get(code=unit),
            file=SimpleUploadedFile(Path(file).name, (source.path / file).read_bytes()),
        )[0]
        for file in files
    ]  # fmt: skip
    work_off()
    return list(Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).order_by("pk"))


def _said_nothing(source: pipeline.Source, unit: str) -> set[tuple[str, str]]:
    return {
        (answer.table, answer.period)
        for answer in source.ledgers.returns
        if answer.unit == unit and answer.state is not Answered.ROWS
    }


def _in_state(round_: Round, unit: str, state: ReturnState) -> Sequence[Return]:
    found = Return.objects.filter(round=round_, unit=unit, state=state)
    return list(found.select_related("round").order_by("table", "period"))


def _hold_a_meeting(county: User) -> None:
    """A meeting last week with two actions that are open, and one next week that carries them."""
    kinds = pack_named(PACK).tables["meetings"].column("kind").categories
    last = call_meeting(
        by=county, unit=ROOT, title="年度述职工作推进会", kind=kinds[0].value,
        held_on=today() - timedelta(days=6),
    )  # fmt: skip
    item = add_item(by=county, meeting=last, title="第四季度报送安排")
    for text, owner, days in (
        ("梳理闲置阵地，提出盘活方案", TOWNSHIP, 5),
        ("汇总学习计划完成情况", "QH-T02", -1),
    ):
        write_outcome(
            by=county, item=item, kind=OutcomeKind.ACTION, text=text,
            assignment=Assignment(owner, today() + timedelta(days=days)),
        )  # fmt: skip
    last.refresh_from_db()
    hold_meeting(
        by=county, meeting=last, version=last.version, held_on=last.held_on, chaired_by_head=True,
        expected=18, attended=17,
    )  # fmt: skip
    call_meeting(
        by=county, unit=ROOT, title="年度述职工作调度会", kind=kinds[0].value,
        held_on=today() + timedelta(days=8),
    )  # fmt: skip
