"""What is typed is kept: over reloads, devices and sessions."""

import uuid

import pytest
from django.urls import reverse

from workplace.records.models import Record
from workplace.rounds.models import Return
from workplace.sending.entry_models import EntryDraft

TEXTS = {"held_on": "9月", "title": "宪法宣", "heads": "大概三十"}


def draft_url(answer):
    return reverse("sending:entry_draft", args=[answer.pk])


def keep(client, answer, texts=TEXTS, version=0, *, is_htmx=True, **more):
    data = {"once": str(uuid.uuid4()), "based_on": "0", "draft_version": str(version)}
    headers = {"HX-Request": "true"} if is_htmx else {}
    return client.post(draft_url(answer), {**data, **texts, **more}, headers=headers)


def test_half_typed_text_is_there_again_on_another_device(asked, client_of):
    page = keep(client_of("clerk1"), asked).content.decode()
    assert 'name="draft_version" value="1"' in page
    again = client_of("clerk1").get(reverse("sending:entry", args=[asked.pk])).content.decode()
    assert "宪法宣" in again
    assert "大概三十" in again
    assert not Record.objects.exists()


def test_a_draft_is_seen_by_nobody_else(asked, client_of):
    keep(client_of("clerk1"), asked)
    other = client_of("office1").get(reverse("sending:entry", args=[asked.pk]))
    assert "宪法宣" not in other.content.decode()


def test_typing_on_goes_on_in_the_same_draft(asked, client_of):
    client = client_of("clerk1")
    keep(client, asked)
    keep(client, asked, {**TEXTS, "title": "宪法宣讲"}, version=1)
    draft = EntryDraft.objects.get()
    assert (draft.version, draft.texts["title"]) == (2, "宪法宣讲")


def test_another_device_is_not_overwritten_silently(asked, client_of):
    phone, desk = client_of("clerk1"), client_of("clerk1")
    keep(phone, asked)
    keep(desk, asked, {"title": "在电脑上"}, version=1)
    answered = keep(phone, asked, {"title": "在手机上"}, version=1)
    assert 'name="keep_mine"' in answered.content.decode()
    assert EntryDraft.objects.get().texts == {"title": "在电脑上"}
    keep(phone, asked, {"title": "在手机上"}, version=1, keep_mine="1")
    assert EntryDraft.objects.get().texts == {"title": "在手机上"}


def test_without_scripts_a_conflict_shows_the_page_with_what_was_typed(asked, client_of):
    client = client_of("clerk1")
    keep(client, asked)
    answered = keep(client, asked, {"title": "另一台"}, is_htmx=False)
    assert answered.status_code == 409
    assert "另一台" in answered.content.decode()
    assert 'name="keep_mine"' in answered.content.decode()


def test_saving_elsewhere_keeps_the_later_draft(asked, client_of):
    client = client_of("clerk1")
    keep(client, asked)
    good = {"held_on": "9月3日", "title": "宣讲", "kind": "lecture", "unit": "T1"}
    form = {"once": str(uuid.uuid4()), "based_on": "0", "draft_version": "0", **good}
    client.post(reverse("sending:entry", args=[asked.pk]), form)
    assert Record.objects.count() == 1
    assert EntryDraft.objects.get().texts == TEXTS


def test_saving_takes_the_draft_away(asked, client_of):
    client = client_of("clerk1")
    good = {"held_on": "9月3日", "title": "宣讲", "kind": "lecture", "unit": "T1"}
    keep(client, asked, good)
    form = {"once": str(uuid.uuid4()), "based_on": "0", "draft_version": "1", **good}
    client.post(reverse("sending:entry", args=[asked.pk]), form)
    assert not EntryDraft.objects.exists()


def test_a_draft_is_kept_by_a_button_without_scripts_and_thrown_away(asked, client_of):
    client = client_of("clerk1")
    assert keep(client, asked, is_htmx=False).url == reverse("sending:entry", args=[asked.pk])
    client.post(draft_url(asked), {"discard": "1"})
    assert not EntryDraft.objects.exists()


@pytest.fixture
def with_persons(asked):
    Return.objects.filter(pk=asked.pk).update(table="study_sessions", unit="T1")
    asked.refresh_from_db()
    return asked


def test_a_name_is_never_kept_nor_shown_again(with_persons, client_of):
    client = client_of("clerk1")
    keep(client, with_persons, {"topic": "二十大", "lecturer": "王小明"})
    draft = EntryDraft.objects.get()
    assert "王小明" not in str(draft.texts) + str(draft.tokens)
    page = client.get(reverse("sending:entry", args=[with_persons.pk])).content.decode()
    assert "王小明" not in page
    assert 'name="forget__lecturer"' in page


def test_a_person_typed_before_is_in_the_record(with_persons, client_of):
    client = client_of("clerk1")
    keep(client, with_persons, {"lecturer": "王小明"})
    good = {"held_on": "2023-09-03", "title": "学习会", "kind": "core_group", "unit": "T1"}
    form = {"once": str(uuid.uuid4()), "based_on": "0", "draft_version": "1", **good}
    answered = client.post(reverse("sending:entry", args=[with_persons.pk]), form)
    assert answered.status_code == 302, answered.content.decode()
    data = Record.objects.get().data
    assert len(data["lecturer"]) == 16
    assert "王" not in str(data)


@pytest.mark.parametrize("name", ["clerk2", "head1", "nobody"])
def test_those_who_may_not_enter_keep_no_draft(asked, client_of, name):
    assert keep(client_of(name), asked).status_code == 404
    assert not EntryDraft.objects.exists()


def test_a_draft_costs_few_queries(asked, client_of, django_assert_max_num_queries):
    client = client_of("clerk1")
    keep(client, asked)
    with django_assert_max_num_queries(14):
        keep(client, asked, {"title": "又"}, version=1)
