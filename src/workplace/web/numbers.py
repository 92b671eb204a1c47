"""Numbers that come in as texts: of an address, of a hidden field."""

_DIGITS = 18  # of numbers that every database holds


def whole_number(text: str | None) -> int | None:
    """The whole number that a text says, 0 or more; None where it says none, or one so long that
    no database holds it."""
    is_one = text is not None and text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return int(text) if is_one else None  # type: ignore[arg-type]
