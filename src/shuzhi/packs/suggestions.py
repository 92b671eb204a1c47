"""Which known word somebody may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches

_LISTED = 12
_NEAR = 0.7


def suggest(word: str, known: Iterable[str]) -> str:
    """What to do about an unknown `word`: the nearest known one, else a list of those there are."""
    candidates = sorted(known)
    nearest = get_close_matches(word, candidates, n=1, cutoff=_NEAR)
    if nearest:
        return f"did you mean {nearest[0]}?"
    if not candidates:
        return "remove it"
    more = ", …" if len(candidates) > _LISTED else ""
    return f"use one of {', '.join(candidates[:_LISTED])}{more}"
