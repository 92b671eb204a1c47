"""The language of whoever signed in, wherever that person sits; what no database holds."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.defaults import bad_request

logger = logging.getLogger(__name__)
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


class RefusesUnstorable:
    """What no database holds (a NUL, a text or number beyond all measure) is answered by a
    sentence: nothing was done, since the act and its transaction ended together."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page that says so; None for any other error, which is one of the program."""
        if not isinstance(error, DataError):
            return None
        logger.warning("%s: not to be stored", request.path, exc_info=error)
        return bad_request(request, error)
