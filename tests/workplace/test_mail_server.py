"""The mail server is named by one address, read strictly."""

from urllib.parse import unquote

import pytest
from django.core.exceptions import ImproperlyConfigured

from workplace.environment import read_mail


def test_without_one_mails_are_printed(monkeypatch):
    monkeypatch.delenv("SHUZHI_MAIL", raising=False)
    assert read_mail("SHUZHI_MAIL")["EMAIL_BACKEND"].endswith("console.EmailBackend")


@pytest.mark.parametrize(
    ("address", "port", "is_tls"),
    [
        ("smtp://office:p%40ss@mail.example.org", 587, False),
        ("smtps://office:p%40ss@mail.example.org", 465, True),
        ("smtp://office:p%40ss@mail.example.org:2525", 2525, False),
    ],
)
def test_it_is_never_spoken_to_in_the_clear(monkeypatch, address, port, is_tls):
    monkeypatch.setenv("SHUZHI_MAIL", address)
    found = read_mail("SHUZHI_MAIL")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.org", port)
    assert found["EMAIL_HOST_PASSWORD"] == unquote("p%40ss")
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (is_tls, not is_tls)


@pytest.mark.parametrize("address", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_anything_else_is_refused(monkeypatch, address):
    monkeypatch.setenv("SHUZHI_MAIL", address)
    with pytest.raises(ImproperlyConfigured):
        read_mail("SHUZHI_MAIL")
