"""What a unit sees of a round, and how it answers."""

from datetime import date, timedelta
from zipfile import ZipFile

from django.urls import reverse

from shuzhi.ledgers.workbooks import read_workbook
from workplace.events.models import Event
from workplace.records.models import Feed
from workplace.rounds import states
from workplace.rounds.models import Answer, ReturnState
from workplace.rounds.opening import close_round, open_round
from workplace.units.tree import today


def _unit(round_, code: str = "T1") -> str:
    return reverse("rounds:unit", args=[round_.pk, code])


def test_it_shows_what_is_asked_with_minutes_and_uses(client_of, round_):
    page = client_of("clerk1").get(_unit(round_))
    tasks = {task.answer.table: task for task in page.context["tasks"]}
    assert set(tasks) == {"meetings", "cases"}
    assert tasks["meetings"].minutes == 18
    assert page.context["minutes"] == sum(task.minutes for task in tasks.values())
    assert len(tasks["meetings"].uses) > 2
    content = page.content.decode()
    for name in ("nil", "not_applicable", "more_time"):
        assert reverse(f"rounds:{name}", args=[tasks["meetings"].answer.pk]) in content


def test_what_is_done_stands_below_what_is_to_be_done(client_of, people, round_, answer):
    page = client_of("clerk1").get(_unit(round_))
    assert page.context["sent_tasks"] == []
    states.answer_nil(answer, by=people["clerk1"])
    page = client_of("clerk1").get(_unit(round_))
    assert [task.answer for task in page.context["sent_tasks"]] == [answer]
    assert answer not in [task.answer for task in page.context["open_tasks"]]
    content = page.content.decode()
    assert reverse("rounds:return", args=[answer.pk]) in content
    assert reverse("rounds:more_time", args=[answer.pk]) not in content


def test_those_who_only_look_get_no_buttons(client_of, round_, answer):
    for name in ("head1", "auditor"):
        content = client_of(name).get(_unit(round_)).content.decode()
        assert reverse("rounds:nil", args=[answer.pk]) not in content


def test_a_stranger_finds_nothing(client_of, round_, answer):
    addresses = [_unit(round_), reverse("rounds:return", args=[answer.pk]),
                 reverse("rounds:workbook", args=[round_.pk, "T1"])]  # fmt: skip
    acts = [reverse(f"rounds:{name}", args=[answer.pk])
            for name in ("nil", "not_applicable", "more_time")]  # fmt: skip
    for name in ("clerk2", "head2", "office2", "nobody", "administrator"):
        client = client_of(name)
        for address in addresses:
            assert client.get(address).status_code == 404
        for address in acts:
            assert client.get(address).status_code == 404
            assert client.post(address, {"reason": "x", "version": 1}).status_code == 404


def test_its_queries_do_not_grow(client_of, people, pack, round_, django_assert_max_num_queries):
    clerk = client_of("clerk1")
    with django_assert_max_num_queries(24):
        clerk.get(_unit(round_))


def test_nothing_this_period_is_a_zero_on_the_record(client_of, round_, answer):
    clerk, address = client_of("clerk1"), reverse("rounds:nil", args=[answer.pk])
    asked = clerk.get(address)
    assert "青石镇" in asked.content.decode()
    answered = clerk.post(address, {"version": answer.version})
    assert answered.url == _unit(round_)
    answer.refresh_from_db()
    assert (answer.state, answer.answer) == (ReturnState.SENT, Answer.NIL)
    assert Event.objects.filter(action="rounds.return_sent", unit="T1").count() == 1


def test_who_may_only_look_answers_nothing(client_of, answer):
    for name in ("head1", "auditor", "inspector"):
        address = reverse("rounds:nil", args=[answer.pk])
        assert client_of(name).post(address, {"version": 1}).status_code == 404


def test_an_older_page_overwrites_nothing(client_of, people, round_, answer):
    states.begin(answer, by=people["clerk1"])
    page = client_of("clerk1").post(
        reverse("rounds:nil", args=[answer.pk]), {"version": 1}, follow=True
    )
    assert "其他人" in page.content.decode()
    answer.refresh_from_db()
    assert answer.state == ReturnState.BEGUN


def test_does_not_apply_needs_a_reason_and_keeps_it(client_of, people, round_, answer):
    clerk, address = client_of("clerk1"), reverse("rounds:not_applicable", args=[answer.pk])
    assert "reason" in clerk.post(address, {"version": 1, "reason": " "}).context["form"].errors
    states.begin(answer, by=people["clerk1"])
    stale = clerk.post(address, {"version": 1, "reason": "本镇无此职责"})
    assert "本镇无此职责" in stale.content.decode()  # a conflict loses nothing
    clerk.post(address, {"version": 2, "reason": "本镇无此职责"})
    answer.refresh_from_db()
    assert (answer.answer, answer.reason) == (Answer.NOT_APPLICABLE, "本镇无此职责")


def test_a_round_that_is_closed_offers_no_answer(client_of, people, round_, answer):
    close_round(by=people["county"], round_=round_)
    page = client_of("clerk1").get(_unit(round_))
    assert not page.context["may_enter"]
    client_of("clerk1").post(reverse("rounds:nil", args=[answer.pk]), {"version": 1})
    answer.refresh_from_db()
    assert answer.state == ReturnState.ASKED


def test_what_a_duty_app_keeps_is_shown_as_known(client_of, people, pack, quarter):
    Feed.objects.create(
        pack="annual-duty", table="meetings", unit_id="T1", app="meetings", since=date(2023, 1, 1)
    )
    round_ = open_round(by=people["county"], pack=pack, period=quarter, due_on=today(),
                        tables=["meetings", "cases"], title="x")  # fmt: skip
    page = client_of("clerk1").get(_unit(round_))
    assert [(table.name, why) for table, _, why in page.context["known"]] == [("meetings", "app")]
    assert [task.answer.table for task in page.context["tasks"]] == ["cases"]


def test_the_workbook_holds_the_tables_of_the_round_alone(client_of, round_, pack, tmp_path):
    file = client_of("clerk1").get(reverse("rounds:workbook", args=[round_.pk, "T1"]))
    assert "attachment" in file["Content-Disposition"]
    out = tmp_path / "workbook.xlsx"
    out.write_bytes(file.content)
    labels = {name: table.label["zh"] for name, table in pack.tables.items()}
    sheets = {sheet.name for sheet in read_workbook(out)}
    assert sheets & set(labels.values()) == {labels["meetings"], labels["cases"]}
    with ZipFile(out) as parts:
        xml = b"".join(parts.read(n) for n in parts.namelist() if "worksheets/" in n)
    assert b"<f>" not in xml
    assert Event.objects.filter(action="rounds.workbook_downloaded", unit="T1").count() == 1


def test_no_workbook_where_nothing_is_asked(client_of, round_):
    address = reverse("rounds:workbook", args=[round_.pk, "T1V1"])
    assert client_of("clerk1").get(address).status_code == 404


def test_the_return_tells_what_became_of_it(client_of, people, round_, answer):
    states.answer_nil(answer, by=people["clerk1"])
    states.give_back(answer, by=people["head1"], reason="really none?")
    page = client_of("head1").get(reverse("rounds:return", args=[answer.pk]))
    assert [event.action for event, _ in page.context["history"]] == [
        "rounds.return_sent", "rounds.return_given_back",
    ]  # fmt: skip


def test_more_time_is_asked_for_all_at_once(client_of, round_, answer):
    until = today() + timedelta(days=15)
    client_of("clerk1").post(
        reverse("rounds:more_time", args=[answer.pk]),
        {"until": until.isoformat(), "reason": "经办人住院", "is_for_all": "on"},
    )
    page = client_of("clerk1").get(_unit(round_))
    assert [task.wish.until for task in page.context["tasks"]] == [until, until]
