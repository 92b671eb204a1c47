"""Fills templates in a child process that is confined and killed when it takes too long."""

import hashlib
import json
import selectors
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from shuzhi.errors import PackRefused
from shuzhi.packs.model import Pack
from shuzhi.reports.markers import has_markers
from shuzhi.reports.package import DOCUMENT, open_package, refuse_active_parts

WALL_SECONDS = 15.0  # for one document
MAX_ANSWER = 64_000_000  # bytes
_FULL_WIDTH = str.maketrans({"｛": "{", "｝": "}", "％": "%", "＃": "#"})
_RENDERED = ("header", "footer", "footnotes")
_HINTS = {
    "UndefinedError": "write a field that exists (docs/how-to/edit-the-template.md lists them)",
    "TemplateSyntaxError": "correct the braces or the end of the if or for",
    "SecurityError": "a template may only print and choose",
}


class Template:
    """A .docx template, opened, found harmless, ready to be filled.

    Raises: PackRefused, naming everything in it that acts or fetches.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.parts = open_package(path)
        refuse_active_parts(self.name, self.parts)
        self.sources = {
            name: normalise_braces(data.decode("utf-8"))
            for name, data in self.parts.items()
            if _is_rendered(name)
        }
        for name, source in self.sources.items():
            if has_markers(source):
                raise PackRefused(
                    [f"report/{self.name}: {name} holds private-use characters; delete them"]
                )
        self.key = hashlib.sha256("\0".join(self.sources.values()).encode()).hexdigest()


def open_template(pack: Pack, name: str) -> Template:
    """A template of the pack.

    Raises: PackRefused where it is missing or carries anything that acts or fetches.
    """
    path = pack.path / "report" / name
    if not path.is_file():
        raise PackRefused([f"report/{name}: is missing; report.toml names it as the template"])
    return Template(path)


def normalise_braces(xml: str) -> str:
    """Full-width ｛｛ ｝｝ ｛％ ％｝, as Chinese keyboards give them, as Jinja's own."""
    if "｛" not in xml:
        return xml
    pieces = []
    for piece in xml.split("｛"):
        head, closing, tail = piece.rpartition("｝")
        pieces.append((head + closing).translate(_FULL_WIDTH) + tail)
    return "{".join(pieces)


class TemplateRenderer:
    """One confined child that fills many documents; a child that misbehaves is replaced."""

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._known: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def fill(self, template: Template, context: Mapping[str, Any]) -> dict[str, str]:
        """The template's rendered parts: name → XML with markers.

        Raises: PackRefused, saying near which words the template goes wrong.
        """
        if self._child is None:
            self._start()
        if template.key not in self._known:
            self._ask(template, {"key": template.key, "template": template.sources})
            self._known.add(template.key)
        answer = self._ask(template, {"key": template.key, "context": context})
        return {str(name): str(xml) for name, xml in answer["parts"].items()}

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None
            self._known.clear()

    def _start(self) -> None:
        # The environment is empty: a template must find no setting and no secret in it.
        self._child = subprocess.Popen(
            [sys.executable, "-m", "shuzhi.reports.template_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )

    def _ask(self, template: Template, request: Mapping[str, Any]) -> dict[str, Any]:
        line = self._exchange(json.dumps(request).encode() + b"\n")
        if line is None:
            self.close()
            raise PackRefused(
                [
                    f"report/{template.name}: takes more time or memory than a template may "
                    f"({self._wall_seconds:g} s); simplify its loops"
                ]
            )
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            near = f" near “{answer['near']}”" if answer["near"] else ""
            hint = _HINTS.get(answer["kind"], "correct it")
            raise PackRefused([f"report/{template.name}{near}: {answer['error']}; {hint}"])
        return answer

    def _exchange(self, request: bytes) -> bytes | None:
        """The child's answer. Missing: None where it died or did not answer in time."""
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            return None
        try:
            child.stdin.write(request)
            child.stdin.flush()
        except BrokenPipeError:
            return None
        return self._read_line(child.stdout)

    def _read_line(self, stream: Any) -> bytes | None:
        deadline = time.monotonic() + self._wall_seconds
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while selector.select(max(0.0, deadline - time.monotonic())):
                chunk = stream.read1(1 << 20)
                received += chunk
                if not chunk or len(received) > MAX_ANSWER:
                    return None
                if received.endswith(b"\n"):
                    return bytes(received)
        return None


def _is_rendered(part: str) -> bool:
    name = part.removeprefix("word/")
    return part == DOCUMENT or (name != part and name.startswith(_RENDERED) and "/" not in name)
