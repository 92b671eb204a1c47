"""Reminders by hand and by the clock."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from shuzhi.units import UnitSpan, UnitTree
from workplace.accounts.models import User
from workplace.events.models import Event
from workplace.rounds import clock, states
from workplace.rounds.clock import ESCALATE_AFTER_DAYS, RED_EVERY_DAYS, reminders_needed
from workplace.rounds.mailing import mail_reminder
from workplace.rounds.models import Reminder, ReminderKind, Return
from workplace.rounds.opening import open_round
from workplace.rounds.refusals import Refused
from workplace.rounds.reminding import remind, remind_by_clock
from workplace.units.tree import current_tree, replace_tree, today


def _due(round_, days: int, **which) -> None:
    day = today() + timedelta(days=days)
    Return.objects.filter(round=round_, **which).update(due_on=day, first_due_on=day)


def _send_mails() -> None:
    for pk in Reminder.objects.values_list("pk", flat=True):
        mail_reminder.func(pk)


def _mail(people, name: str, language: str = "") -> None:
    User.objects.filter(username=name).update(email=f"{name}@example.org", language=language)


def test_those_who_enter_at_the_unit_are_mailed_in_their_language(people, round_):
    _mail(people, "clerk1", "en")
    _mail(people, "office1")
    _mail(people, "head1")
    _mail(people, "county")
    remind(by=people["county"], round_=round_, units=["T1"], text="请于周五前报送")
    _send_mails()
    by_person = {message.to[0]: message for message in mail.outbox}
    assert set(by_person) == {"clerk1@example.org", "office1@example.org"}
    assert "Meetings" in by_person["clerk1@example.org"].body
    assert "会议" in by_person["office1@example.org"].body
    assert "请于周五前报送" in by_person["office1@example.org"].body
    assert Reminder.objects.get().mails == 2


def test_a_job_that_runs_twice_mails_once(people, round_):
    _mail(people, "clerk1")
    remind(by=people["county"], round_=round_, units=["T1"])
    _send_mails()
    _send_mails()
    assert len(mail.outbox) == 1


def test_no_mail_once_everything_is_in(people, round_):
    _mail(people, "clerk1")
    remind(by=people["county"], round_=round_, units=["T1"])
    for answer in round_.returns.filter(unit="T1"):
        states.answer_nil(answer, by=people["clerk1"])
    _send_mails()
    assert not mail.outbox


def test_without_an_address_it_stands_on_the_desk_and_that_is_said(client_of, people, round_):
    came_of_it = remind(by=people["county"], round_=round_, units=["T1"])
    assert (came_of_it.told, came_of_it.desk_only) == (["T1"], ["T1"])
    desk = client_of("clerk1").get(reverse("desk:home")).content.decode()
    assert "2023年第三季度" in desk
    page = client_of("county").post(
        reverse("rounds:remind", args=[round_.pk]) + "?unit=T2", follow=True
    )
    assert "白沙镇" in " ".join(str(message) for message in page.context["messages"])


def test_one_reminder_a_day_unless_confirmed(client_of, people, round_):
    county, address = client_of("county"), reverse("rounds:remind", args=[round_.pk]) + "?unit=T1"
    county.post(address)
    county.post(address)
    assert Reminder.objects.count() == 1
    assert county.get(address).context["told"] == 1
    county.post(address, {"again": "yes"})
    assert Reminder.objects.count() == 2
    assert Event.objects.filter(action="rounds.unit_reminded", unit="T1").count() == 2


def test_all_silent_ones_or_all_of_a_lamp(client_of, people, round_):
    _due(round_, -1, unit="T1")
    _due(round_, 2, unit="T2")
    county, address = client_of("county"), reverse("rounds:remind", args=[round_.pk])
    county.post(address + "?whom=silent")
    assert set(Reminder.objects.values_list("unit_id", flat=True)) == {"T1"}
    county.post(address + "?whom=yellow")
    assert set(Reminder.objects.values_list("unit_id", flat=True)) == {"T1", "T2"}


def test_a_township_office_reminds_its_own_units_alone(client_of, round_):
    office, address = client_of("office1"), reverse("rounds:remind", args=[round_.pk])
    assert office.get(address + "?unit=T2").status_code == 404
    assert office.post(address + "?unit=T2").status_code == 404
    office.post(address)
    assert set(Reminder.objects.values_list("unit_id", flat=True)) == {"T1"}
    for name in ("clerk1", "head1", "auditor", "nobody"):
        assert client_of(name).post(address).status_code == 404


def test_nobody_is_reminded_of_nothing(people, round_):
    for answer in round_.returns.filter(unit="T1"):
        states.answer_nil(answer, by=people["clerk1"])
    with pytest.raises(Refused):
        remind(by=people["county"], round_=round_, units=["T1"])


def test_the_page_costs_the_same_for_many(client_of, round_, django_assert_max_num_queries):
    county = client_of("county")
    with django_assert_max_num_queries(16):
        county.get(reverse("rounds:remind", args=[round_.pk]))


def _told(day: date | None = None) -> set[tuple[str, str, str]]:
    found = Reminder.objects.filter(day=day) if day else Reminder.objects.all()
    return set(found.values_list("unit_id", "about_id", "kind"))


def test_yellow_before_the_day_and_red_after_it(people, round_):
    _due(round_, 2, unit="T1")
    _due(round_, -1, unit="T2")
    clock.remind_on_time.func()
    assert _told() == {("T1", "T1", "yellow"), ("T2", "T2", "red")}


def test_a_second_run_on_a_day_adds_nothing(people, round_):
    _due(round_, -ESCALATE_AFTER_DAYS - 1)
    clock.remind_on_time.func()
    before = Reminder.objects.count()
    clock.remind_on_time.func()
    assert Reminder.objects.count() == before
    needed = {("T1", "T1", ReminderKind.RED): 2}
    assert remind_by_clock(round_, needed, today()) == 0


def test_the_unit_above_is_told_after_days_and_the_next_after_twice_as_many(people, pack, quarter):
    begun = date(2015, 1, 1)
    others = [span for span in current_tree().spans if span.code != "D1"]
    replace_tree(UnitTree([*others, UnitSpan("D1", "所", "department", "T1", begun)]))
    round_ = open_round(by=people["county"], pack=pack, period=quarter, tables=["meetings"],
                        units=["D1"], title="x", due_on=today())  # fmt: skip
    tree = current_tree()

    def above(days: int) -> set[str]:
        needed = reminders_needed(round_, tree, today() + timedelta(days=days))
        return {unit for unit, _, kind in needed if kind == ReminderKind.ESCALATED}

    assert above(ESCALATE_AFTER_DAYS) == set()
    assert above(ESCALATE_AFTER_DAYS + 1) == {"T1"}
    assert above(2 * ESCALATE_AFTER_DAYS + 1) == {"T1", "C"}


def test_the_same_is_not_said_every_day(people, round_):
    _due(round_, 3, unit="T1")
    tree = current_tree()
    said: list[tuple[int, str]] = []
    for days in range(15):
        day = today() + timedelta(days=days)
        needed = {key: owes for key, owes in reminders_needed(round_, tree, day).items()
                  if key[1] == "T1"}  # fmt: skip
        for unit, about, kind in needed:
            Reminder.objects.create(round=round_, unit_id=unit, about_id=about, kind=kind, day=day)
            said.append((days, kind.value))
    assert said == [
        (0, "yellow"), (4, "red"), (3 + ESCALATE_AFTER_DAYS + 1, "escalated"),
        (4 + RED_EVERY_DAYS, "red"),
    ]  # fmt: skip


def test_the_office_above_finds_it_on_its_desk(client_of, people, round_):
    _due(round_, -ESCALATE_AFTER_DAYS - 1, unit="T1")
    clock.remind_on_time.func()
    assert ("C", "T1", "escalated") in _told()
    desk = client_of("county").get(reverse("desk:home")).content.decode()
    assert "青石镇" in desk


def test_nothing_is_owed_nothing_is_said(people, round_):
    clock.remind_on_time.func()
    assert not Reminder.objects.exists()
