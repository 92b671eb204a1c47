"""What waits for a signature, and signing several at once."""

import pytest
from django.urls import reverse

from returns_made import with_flags, without_flags
from workplace.approval.actions import sign
from workplace.approval.models import FlagsFound
from workplace.rounds.models import Return, ReturnState

TO_SIGN, TO_ACCEPT = reverse("approval:to_sign"), reverse("approval:to_accept")


def _post(client, url, *answers, seen=(), **more):
    facts = {"chosen": [answer.pk for answer in answers]}
    facts |= {f"version-{answer.pk}": answer.version for answer in answers}
    facts |= {f"seen-{answer.pk}": "1" for answer in seen}
    return client.post(url, facts | more, follow=True)


def _signed_by_heads(people, *answers):
    for answer in answers:
        head = "head1" if answer.unit_id == "T1" else "head2"
        sign(by=people[head], answer=answer, version=answer.version)
        answer.refresh_from_db()


def test_a_head_finds_what_the_own_unit_sent_and_nothing_else(client_of, returned_by):
    here, there = returned_by(), returned_by("T2", "clerk2")
    page = client_of("head1").get(TO_SIGN)
    assert [line.answer for line in page.context["lines"]] == [here]
    assert "青石镇" in page.text and "白沙镇" not in page.text
    assert [line.answer for line in client_of("head2").get(TO_SIGN).context["lines"]] == [there]


def test_the_county_finds_what_heads_have_signed(client_of, people, returned_by):
    one, two = returned_by(), returned_by("T2", "clerk2")
    client = client_of("county")
    assert client.get(TO_ACCEPT).context["total"] == 0
    _signed_by_heads(people, one, two)
    page = client.get(TO_ACCEPT)
    assert [line.answer for line in page.context["lines"]] == [one, two]
    assert [(one["round__title"], one["number"]) for one in page.context["rounds"]] == [
        ("2023年第三季度", 2)
    ]


def test_several_are_accepted_at_once(client_of, people, returned_by):
    answers = [returned_by(), returned_by("T2", "clerk2")]
    _signed_by_heads(people, *answers)
    without_flags(*answers)
    _post(client_of("county"), TO_ACCEPT, *answers)
    assert set(Return.objects.values_list("state", flat=True)) == {ReturnState.ACCEPTED}


def test_one_with_open_flags_is_ticked_for_itself(client_of, people, returned_by):
    plain, doubted = returned_by(), returned_by("T2", "clerk2")
    _signed_by_heads(people, plain, doubted)
    without_flags(plain)
    with_flags(doubted, ["T2-0"])
    client = client_of("county")
    page = _post(client, TO_ACCEPT, plain, doubted)
    states = dict(Return.objects.values_list("unit_id", "state"))
    assert states == {"T1": ReturnState.ACCEPTED, "T2": ReturnState.SENT}
    assert "toast-warning" in page.text and "两场活动人数相同" in page.text
    _post(client, TO_ACCEPT, doubted, seen=[doubted])
    assert Return.objects.get(unit="T2").state == ReturnState.ACCEPTED


def test_all_without_open_flags_are_ticked_by_one_link(client_of, people, returned_by):
    """Not those in doubt; and what stands there after signing is not ticked unseen."""
    clear, doubted = returned_by(), returned_by("T2", "clerk2")
    _signed_by_heads(people, clear, doubted)
    without_flags(clear)
    with_flags(doubted, ["T2-0"])
    client = client_of("county")
    page = client.get(TO_ACCEPT, {"ticked": "1"}).text
    assert f'name="chosen" value="{clear.pk}" checked' in page
    assert f'name="chosen" value="{doubted.pk}" checked' not in page
    after = _post(client, f"{TO_ACCEPT}?table=activities&ticked=1", clear)
    assert after.redirect_chain[-1][0] == f"{TO_ACCEPT}?table=activities"
    clear.refresh_from_db()
    assert clear.state == ReturnState.ACCEPTED


def test_one_that_is_still_being_checked_is_not_taken_unseen(client_of, people, returned_by):
    answer = returned_by()
    _post(client_of("head1"), TO_SIGN, answer)
    assert Return.objects.get().step == 0
    assert not FlagsFound.objects.exists()


def test_what_was_sent_anew_meanwhile_is_refused_in_a_sentence(client_of, people, returned_by):
    answer = returned_by()
    without_flags(answer)
    client = client_of("head1")
    page = client.post(
        TO_SIGN, {"chosen": [answer.pk], f"version-{answer.pk}": answer.version - 1}, follow=True
    )
    assert "toast-error" in page.text and Return.objects.get().step == 0


def test_what_one_sent_oneself_has_no_box(client_of, returned_by, hold):
    hold("clerk1", "head", "T1")
    returned_by()
    page = client_of("clerk1").get(TO_SIGN)
    assert 'name="chosen"' not in page.text


def test_filters_narrow_the_list_and_say_when_nothing_matches(client_of, returned_by):
    answer, client = returned_by(), client_of("head1")
    assert not client.get(TO_SIGN, {"flagged": "1"}).context["lines"]
    with_flags(answer, ["T1-0"])
    assert client.get(TO_SIGN, {"flagged": "1"}).context["lines"]
    assert not client.get(TO_SIGN, {"round": "999"}).context["lines"]
    assert client.get(TO_SIGN, {"round": "x", "table": "activities"}).context["lines"]


@pytest.mark.parametrize("name", ["clerk1", "auditor", "inspector", "administrator", "nobody"])
def test_who_signs_nothing_finds_no_inbox(client_of, name):
    client = client_of(name)
    for url in (TO_SIGN, TO_ACCEPT):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404


def test_a_stranger_cannot_sign_by_number(client_of, returned_by):
    answer = returned_by()
    without_flags(answer)
    _post(client_of("head2"), TO_SIGN, answer)
    assert Return.objects.get().step == 0


def test_a_full_page_costs_no_more_questions(
    client_of, people, returned_by, django_assert_max_num_queries
):
    periods = [f"{year}-Q{quarter}" for year in range(2013, 2023) for quarter in (1, 2, 3, 4)]
    answers = [returned_by(rows=1, period=period) for period in periods]
    with_flags(answers[0], ["T1-0"])
    client = client_of("head1")
    with django_assert_max_num_queries(14):
        page = client.get(TO_SIGN)
    assert len(page.context["lines"]) == 40
