"""What went wrong is said in sentences, with a way on."""

import pytest
from django.db import DataError
from django.template.loader import render_to_string
from django.test import Client
from django.views.defaults import server_error


def test_an_address_without_a_page_says_so(client_of):
    for name in ("clerk1", "nobody", ""):
        answer = client_of(name).get("/no/<b>such</b>/page/")
        assert answer.status_code == 404
        assert "<b>" not in answer.content.decode()
        assert 'href="/"' in answer.content.decode()


def test_a_form_without_its_token_says_what_to_do(people):
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    answer = client.post("/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "Please try once more" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "429.html"])
def test_refusals_lead_on(name, rf):
    request = rf.get("/")
    assert 'href="/"' in render_to_string(name, {}, request)


def test_the_page_of_a_fault_of_ours_needs_nothing(rf):
    answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "<nav" not in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_what_no_database_holds_is_refused_in_a_sentence(client_of, monkeypatch):
    """PostgreSQL holds no NUL; SQLite does, so the words of the first are put into its mouth."""

    def search(*_asked: object) -> None:
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")

    monkeypatch.setattr("workplace.records.views.wanted_records", search)
    answer = client_of("clerk1").get("/records/", {"q": "a\0b"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "nothing was done" in answer.content.decode()
