"""Texts that a pack or a unit gives in several languages, in the reader's."""

from collections.abc import Mapping

from django.utils.translation import get_language


def language() -> str:
    """The reader's language as packs and the engine name it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def text_in(text: Mapping[str, str] | str) -> str:
    """The text in the reader's language, else in Chinese, else in whichever there is."""
    if isinstance(text, str):
        return text
    return text.get(language()) or text.get("zh") or next(iter(text.values()), "")
