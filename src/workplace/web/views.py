"""What a reader chooses for all pages: the language, and light or dark."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views import View

from workplace.accounts.models import User
from workplace.web.coming_from import page_before
from workplace.web.context import THEME_COOKIE, THEMES

_A_YEAR = 365 * 24 * 3600


class ChooseLanguage(View):
    """Keeps the choice in a cookie, and on the account of whoever signed in."""

    def post(self, request: HttpRequest) -> HttpResponse:
        language = request.POST.get("language", "")
        answer = _back(request)
        if language in dict(settings.LANGUAGES):
            _keep(answer, settings.LANGUAGE_COOKIE_NAME, language)
            if isinstance(request.user, User):
                request.user.language = language
                request.user.save(update_fields=["language"])
        return answer


class ChooseTheme(View):
    """Keeps light or dark in a cookie; anything else follows the system again."""

    def post(self, request: HttpRequest) -> HttpResponse:
        theme = request.POST.get("theme", "")
        answer = _back(request)
        if theme in THEMES:
            _keep(answer, THEME_COOKIE, theme)
        else:
            answer.delete_cookie(THEME_COOKIE)
        return answer


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the reader came from, if it is one of ours."""
    return HttpResponseRedirect(page_before(request) or "/")


def _keep(answer: HttpResponse, name: str, value: str) -> None:
    cookie: dict[str, Any] = {
        "secure": settings.LANGUAGE_COOKIE_SECURE,
        "samesite": settings.LANGUAGE_COOKIE_SAMESITE,
    }
    answer.set_cookie(name, value, max_age=_A_YEAR, **cookie)
