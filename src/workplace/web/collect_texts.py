"""Every text that pages may show, found in the code and the templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

_KEYWORDS = ["_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"]
_LITERAL = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(?:_|u?gettext|u?ngettext)\(\s*u?({_LITERAL})", re.DOTALL)


def texts_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each English text (of a plural, its singular) with the file it stands in."""
    for file in sorted(folder.rglob("*.py")):
        if "migrations" not in file.parts:
            for text in _texts_in_code(file):
                yield text, file
    for file in sorted(folder.rglob("*.html")) + sorted(folder.rglob("*.txt")):
        for text in _CALL.findall(templatize(file.read_text("utf-8"))):
            yield ast.literal_eval(text), file


def _texts_in_code(file: Path) -> Iterator[str]:
    with file.open("rb") as source:
        for _line, _name, texts, _comments in extract_python(source, _KEYWORDS, [], {}):
            first = texts[0] if isinstance(texts, tuple) else texts
            if first:
                yield first
