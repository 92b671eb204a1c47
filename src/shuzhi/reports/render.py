"""Fills templates in a child process that is confined and killed when it takes too long."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from shuzhi.confined import WALL_SECONDS, ConfinedWorker, OverLimit
from shuzhi.errors import PackRefused
from shuzhi.packs.model import Pack
from shuzhi.reports.markers import has_markers
from shuzhi.reports.package import DOCUMENT, open_package, refuse_active_parts

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
        self._worker = ConfinedWorker("shuzhi.reports.template_worker", wall_seconds=wall_seconds)
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
        if template.key not in self._known:
            self._ask(template, {"key": template.key, "template": template.sources})
            self._known.add(template.key)
        answer = self._ask(template, {"key": template.key, "context": context})
        return {str(name): str(xml) for name, xml in answer["parts"].items()}

    def close(self) -> None:
        """End the child."""
        self._worker.close()
        self._known.clear()

    def _ask(self, template: Template, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = json.loads(self._worker.ask(json.dumps(request).encode()))
        except OverLimit:
            self._known.clear()
            raise PackRefused(
                [
                    f"report/{template.name}: takes more time or memory than a template may "
                    f"({self._worker.wall_seconds:g} s); simplify its loops"
                ]
            ) from None
        if "error" in answer:
            near = f" near “{answer['near']}”" if answer["near"] else ""
            hint = _HINTS.get(answer["kind"], "correct it")
            raise PackRefused([f"report/{template.name}{near}: {answer['error']}; {hint}"])
        return answer


def _is_rendered(part: str) -> bool:
    name = part.removeprefix("word/")
    return part == DOCUMENT or (name != part and name.startswith(_RENDERED) and "/" not in name)
