"""Contenders, each declared by a file contenders/NAME.toml (see README.md)."""

import json
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "contenders"
_KEYS = {"title", "run", "prepare", "requirements", "kinds", "each_kind"}
THREADS = 2
_UNAVAILABLE = 69  # how a `prepare` ends for lack of something on the machine (sysexits.h)


class UnavailableError(Exception):
    """A contender cannot take part on this machine, for the reason given."""


@dataclass(frozen=True)
class Contender:
    """`run` and `prepare` are commands with placeholders; `requirements` a file of packages for an
    environment of its own. Missing: `kinds` () is all of them, `each_kind` 0 all of each."""

    name: str
    title: str
    run: tuple[str, ...]
    prepare: tuple[str, ...] = ()
    requirements: str = ""
    kinds: tuple[str, ...] = ()
    each_kind: int = 0

    def choose(self, definitions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The definitions it runs: all, or of each kind so many, spread over all of them."""
        by_kind: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for each in definitions:
            if not self.kinds or each["kind"] in self.kinds:
                by_kind[each["kind"]].append(each)
        chosen = []
        for group in by_kind.values():
            count = min(self.each_kind or len(group), len(group))
            chosen += [group[place * len(group) // count] for place in range(count)]
        return chosen


def read_contender(name: str) -> Contender:
    """The contender declared as `name`. Raises: SystemExit, naming those there are."""
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        raise SystemExit(f"there is no contender {name}; there are {', '.join(contender_names())}")
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    if values.keys() - _KEYS:
        raise SystemExit(f"{path}: {', '.join(sorted(values.keys() - _KEYS))} is not known")
    return Contender(name, **{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


def contender_names() -> list[str]:
    """All that are declared; ours first."""
    return sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda n: (n != "ours", n))


class Stand:
    """A contender made ready for one edition: its environment, its definitions, its preparation."""

    def __init__(self, contender: Contender, edition: Path, definitions: Path, work: Path) -> None:
        self.contender = contender
        everything = json.loads(definitions.read_text(encoding="utf-8"))
        chosen = contender.choose(everything)
        self.figures, self.of = len(chosen), len(everything)
        self.names = {each["name"] for each in chosen}
        self.folder = work / contender.name
        self.folder.mkdir(parents=True, exist_ok=True)
        mine = self.folder / "definitions.json"
        mine.write_text(json.dumps(chosen, ensure_ascii=False, indent=1), encoding="utf-8")
        self._places = {
            "python": str(self._python(work.parents[1])),
            "here": str(FOLDER),
            "edition": str(edition),
            "definitions": str(mine),
            "work": str(self.folder),
            "threads": str(THREADS),
        }

    def prepare(self) -> None:
        """What is not measured, such as loading tables into a server.

        Raises: UnavailableError where it says so; subprocess.CalledProcessError where it fails.
        """
        if not self.contender.prepare:
            return
        command = self._filled(self.contender.prepare, Path())
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
        if done.returncode == _UNAVAILABLE:
            raise UnavailableError(done.stderr.strip().splitlines()[-1])
        sys.stderr.write(done.stderr)
        done.check_returncode()

    def command(self, out: Path) -> list[str]:
        return self._filled(self.contender.run, out)

    def _filled(self, command: Sequence[str], out: Path) -> list[str]:
        return [word.format(**self._places, out=out) for word in command]

    def _python(self, build: Path) -> Path:
        """The project's own, or one of an environment with the contender's requirements."""
        own = Path(sys.executable)
        if not self.contender.requirements:
            return own
        requirements = FOLDER / self.contender.requirements
        venv = build / "environments" / requirements.stem
        installed, wanted = venv / "complete", requirements.read_text(encoding="utf-8")
        if not installed.exists() or installed.read_text(encoding="utf-8") != wanted:
            uv = own.parent / "uv"
            subprocess.run([uv, "-q", "venv", "--allow-existing", venv], check=True)
            install = [uv, "-q", "pip", "install", "--python", venv / "bin" / "python"]
            subprocess.run([*install, "-r", requirements], check=True)
            installed.write_text(wanted, encoding="utf-8")
        return venv / "bin" / "python"
