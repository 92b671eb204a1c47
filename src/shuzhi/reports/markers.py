"""How a number travels through the template: text between private-use characters.

A token is START binding MIDDLE text END. The template can print it and do nothing else with it;
a token that comes out cut or nested is refused when it is bound.
"""

import re
from collections.abc import Iterator

from shuzhi.reports.document import GIVEN

START, MIDDLE, END = "\ue000", "\ue001", "\ue002"
SLOT, SLOT_END = "\ue003", "\ue004"
TOKEN = re.compile(f"{START}([^{START}-{SLOT_END}]*){MIDDLE}([^{START}-{SLOT_END}]*){END}")
SLOT_TOKEN = re.compile(f"{SLOT}([a-z_]+){SLOT_END}")
_RESERVED = re.compile("[\ue000-\uf8ff]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]+")


def token(binding: str, text: str) -> str:
    """The text of `binding` as the template may print it."""
    return f"{START}{clean(binding)}{MIDDLE}{clean(text)}{END}"


def given(text: object) -> str:
    """A number that is no figure and says so. Also the template's filter of that name."""
    return token(GIVEN, TOKEN.sub(lambda match: match[2], str(text)))


def slot(name: str) -> str:
    """A place that reports fills with blocks of its own: `annexes`."""
    return f"{SLOT}{name}{SLOT_END}"


def clean(text: str) -> str:
    """Text from the data without private-use and control characters, on one line."""
    return _UNPRINTABLE.sub(" ", _RESERVED.sub("", text)).strip()


def has_markers(text: str) -> bool:
    return _RESERVED.search(text) is not None


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Every (binding, text) in a rendered text, in order."""
    return ((match[1], match[2]) for match in TOKEN.finditer(text))


def without_tokens(text: str) -> str:
    """What remains of a rendered text when every token is taken out."""
    return TOKEN.sub(START, text)
