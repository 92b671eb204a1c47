"""The child process that runs templates. Run as `python -m shuzhi.reports.template_worker`.

A template is code written by somebody. It runs here, where there is nothing to reach: after
start-up the process can open no file and no socket (its limit on descriptors is 0), write no file
(its limit on file size is 0), and take no more than MEMORY bytes and CPU_SECONDS a document; where
the kernel allows it, it also sits in a network namespace of its own. The parent kills it when it
does not answer in time.

It reads requests from standard input and answers on standard output, each one line of JSON:
{"template": {part: xml}, "key": "…"} once a template, then {"key": "…", "context": {…}}; the answer
is {"parts": {part: xml}} or {"error": "…", "near": "…"}.
"""

import contextlib
import ctypes
import json
import re
import resource
import sys
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shuzhi.reports.markers import given

MEMORY = 1_000_000_000  # bytes of address space
CPU_SECONDS = 10  # for one document
_FILTERS = ("join", "length", "first", "last", "list", "reject", "select", "map", "selectattr")
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000  # CLONE_NEWNET, CLONE_NEWUSER of <sched.h>
_PARAGRAPH = re.compile(r"<w:p([ >])")
_TAG = re.compile(r"<[^>]+>")


def sandbox() -> ImmutableSandboxedEnvironment:
    """Jinja with no globals, a handful of filters, and an error for whatever is undefined."""
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()
    filters = {name: environment.filters[name] for name in _FILTERS}
    environment.filters.clear()
    environment.filters.update(filters, given=given)
    return environment


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


def confine() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK) != 0:
        libc.unshare(_NEW_USER | _NEW_NETWORK)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _allow_seconds() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _serve() -> None:
    templates: dict[str, dict[str, tuple[str, Template]]] = {}
    for line in sys.stdin:
        _allow_seconds()
        sys.stdout.write(json.dumps(_answer(templates, json.loads(line))) + "\n")
        sys.stdout.flush()


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
    confine()
    _serve()


if __name__ == "__main__":
    main()
