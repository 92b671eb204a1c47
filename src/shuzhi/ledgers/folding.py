"""One spelling for what is written in many: widths, cases, spaces and punctuation folded away."""

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[\W_]+")
_IN_BRACKETS = re.compile(r"[(\[【〔（［].*?[)\]】〕）］]")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """`text` in NFKC, lower case, without spaces and punctuation: `应到 人数：` → `应到人数`."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def tidy(text: str) -> str:
    """`text` in NFKC with its white space run together and trimmed; punctuation stays."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=65_536)
def without_brackets(text: str) -> str:
    """`text` without what stands in brackets: `时长（小时）` → `时长`."""
    return _IN_BRACKETS.sub("", text)
