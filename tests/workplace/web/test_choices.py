"""The reader's language, and light or dark."""

from django.urls import reverse

from workplace.accounts.models import User


def test_a_language_is_kept_in_the_browser_and_on_the_account(client_of, people):
    client = client_of("clerk1")
    answer = client.post(reverse("web:language"), {"language": "en", "next": "/"})
    assert answer.cookies["django_language"].value == "en"
    assert User.objects.get(username="clerk1").language == "en"
    assert "My desk" in client.get("/").content.decode()


def test_the_language_of_the_account_goes_before_that_of_the_browser(client_of, people):
    User.objects.filter(username="clerk1").update(language="en")
    answer = client_of("clerk1").get("/", headers={"Accept-Language": "zh-CN"})
    assert 'lang="en"' in answer.content.decode()


def test_whoever_has_not_signed_in_may_choose_a_language(client_of):
    client = client_of("")
    client.post(reverse("web:language"), {"language": "en", "next": reverse("account_login")})
    assert 'lang="en"' in client.get(reverse("account_login")).content.decode()


def test_a_language_that_is_not_there_changes_nothing(client_of, people):
    answer = client_of("clerk1").post(reverse("web:language"), {"language": "tlh"})
    assert "django_language" not in answer.cookies
    assert User.objects.get(username="clerk1").language == ""


def test_the_way_back_leads_to_our_own_pages_only(client_of):
    for next_, expected in (("/units/", "/units/"), ("https://elsewhere.example/", "/"), ("", "/")):
        answer = client_of("").post(reverse("web:theme"), {"theme": "dark", "next": next_})
        assert answer.url == expected


def test_a_theme_is_kept_until_the_system_is_followed_again(client_of, people):
    client = client_of("clerk1")
    assert "data-bs-theme" not in client.get("/").content.decode()
    client.post(reverse("web:theme"), {"theme": "dark"})
    assert 'data-bs-theme="dark"' in client.get("/").content.decode()
    client.post(reverse("web:theme"), {"theme": ""})
    assert "data-bs-theme" not in client.get("/").content.decode()
