"""The language of whoever signed in, wherever that person sits."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

_LANGUAGES = dict(settings.LANGUAGES)


def account_language(answer: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Speaks the language that the account keeps; the browser's where it keeps none."""

    def speak(request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "")
        if language in _LANGUAGES:
            translation.activate(language)
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        return answer(request)

    return speak
