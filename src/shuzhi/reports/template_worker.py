"""The worker that fills templates, run as `shuzhi.confined` describes.

A template is code written by somebody. Requests and answers are JSON: {"template": {part: xml},
"key": "…"} once a template, then {"key": "…", "context": {…}}; the answer is {"parts": {part: xml}}
or {"error": "…", "near": "…"}.
"""

import contextlib
import json
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shuzhi.confined import serve
from shuzhi.reports.markers import given

_FILTERS = ("join", "length", "first", "last", "list", "reject", "select", "map", "selectattr")
# XML 1.0, production 2: Char
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARAGRAPH = re.compile(r"<w:p([ >])")
_TAG = re.compile(r"<[^>]+>")


def sandbox() -> ImmutableSandboxedEnvironment:
    """Jinja with no globals, a handful of filters, and an error for whatever is undefined."""
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, finalize=_fit_for_xml
    )
    environment.globals.clear()
    filters = {name: environment.filters[name] for name in _FILTERS}
    environment.filters.clear()
    environment.filters.update(filters, given=given)
    return environment


def _fit_for_xml(printed: Any) -> Any:
    """What is printed, without the characters that XML cannot hold."""
    if isinstance(printed, str) and _NOT_IN_XML.search(printed):
        return type(printed)(_NOT_IN_XML.sub("", printed))
    return printed


def compile_parts(parts: Mapping[str, str]) -> dict[str, tuple[str, Template]]:
    """Each part as a template, one line a paragraph so that an error can name its place."""
    environment, patcher = sandbox(), DocxTemplate(BytesIO())
    compiled = {}
    for name, xml in parts.items():
        source = _PARAGRAPH.sub(r"\n<w:p\1", patcher.patch_xml(xml))
        try:
            compiled[name] = (source, environment.from_string(source))
        except TemplateError as error:
            raise _Failed(error, source) from None
    return compiled


class _Failed(Exception):
    """A template error with the paragraph it happened in."""

    def __init__(self, error: Exception, source: str) -> None:
        super().__init__(str(error))
        self.kind = type(error).__name__
        self.near = _paragraph(source, _line(error))


def render(
    compiled: Mapping[str, tuple[str, Template]], context: Mapping[str, Any]
) -> dict[str, str]:
    """Every part, filled."""
    rendered = {}
    for name, (source, template) in compiled.items():
        try:
            rendered[name] = template.render(context)
        except (TemplateError, SecurityError, TypeError, ArithmeticError) as error:
            raise _Failed(error, source) from None
    return rendered


def _line(error: Exception) -> int:
    line = getattr(error, "lineno", None)
    traceback = error.__traceback__
    while traceback is not None and line is None:
        if traceback.tb_frame.f_code.co_filename == "<template>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return int(line or 0)


def _paragraph(source: str, line: int) -> str:
    lines = source.split("\n")
    return _TAG.sub("", lines[line - 1]).strip()[:120] if 0 < line <= len(lines) else ""


def _answer(
    templates: dict[str, dict[str, tuple[str, Template]]], request: dict[str, Any]
) -> dict[str, Any]:
    try:
        if "template" in request:
            templates[request["key"]] = compile_parts(request["template"])
            return {"parts": {}}
        return {"parts": render(templates[request["key"]], request["context"])}
    except _Failed as failed:
        return {"error": str(failed), "kind": failed.kind, "near": failed.near}
    except (MemoryError, RecursionError, OverflowError) as error:
        return {"error": "takes more than a template may", "kind": type(error).__name__, "near": ""}


def main() -> None:
    # Whatever is imported late must be in before no file can be opened any more: errors' pages,
    # and the codec that Jinja reads string literals with.
    warm = compile_parts({"warm": "<w:p>{% for x in y %}{{ x|given ~ 'é' }}{% endfor %}</w:p>"})
    with contextlib.suppress(_Failed):
        render(warm, {})
    with contextlib.suppress(_Failed):
        compile_parts({"warm": "{% if %}"})
    templates: dict[str, dict[str, tuple[str, Template]]] = {}
    serve(lambda request: json.dumps(_answer(templates, json.loads(request))).encode())


if __name__ == "__main__":
    main()
