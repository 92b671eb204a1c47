"""The commands printed in README and tutorials, run as printed, one after the other."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import ROOT

# A block of commands, or of what a file should hold.
_BLOCK = re.compile(r"^```(?:console|\w+ file=(\S+))\n(.*?)^```", re.DOTALL | re.MULTILINE)
_ENDS_WITH = re.compile(r"# ends with (\d)")
README, TUTORIAL = "README.md", "docs/tutorials/first-report.md"
OWN_PROGRAMME = "docs/tutorials/your-own-programme.md"
SECTIONS = {README: "## Five minutes", "README.zh-CN.md": "## 五分钟上手"}


def printed_steps(document: str) -> Iterator[tuple[str, str]]:
    """In order: ("", command) for a line that begins with `$ `, or (file, what it should hold).

    Of a README, those of one section.
    """
    text = (ROOT / document).read_text(encoding="utf-8")
    if document in SECTIONS:
        text = text.partition(f"\n{SECTIONS[document]}\n")[2].partition("\n## ")[0]
    for file, block in _BLOCK.findall(text):
        if file:
            yield file, block
        else:
            yield from (("", line[2:]) for line in block.splitlines() if line.startswith("$ "))


def printed_commands(document: str) -> list[str]:
    """The commands alone."""
    return [text for file, text in printed_steps(document) if not file]


@pytest.mark.parametrize("document", [README, TUTORIAL, OWN_PROGRAMME])
def test_printed_commands_run(document, tmp_path):
    """From the project's root, with nothing there but what the document says to write."""
    (tmp_path / "packs").symlink_to(ROOT / "packs")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    ran = 0
    for file, command in printed_steps(document):
        if file:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(command, encoding="utf-8")
            continue
        if command.startswith((". .venv", "make ")):
            continue
        done = subprocess.run(
            ["/bin/bash", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        expected = _ENDS_WITH.search(command)
        assert done.returncode == (int(expected[1]) if expected else 0), (
            command + "\n" + done.stderr + done.stdout
        )
        assert "Traceback" not in done.stderr
        ran += 1
    assert ran >= 5


@pytest.mark.parametrize(
    ("document", "translated"),
    [(README, "README.zh-CN.md"), (TUTORIAL, "docs/tutorials/first-report.zh-CN.md")],
)
def test_the_translation_prints_the_same_commands(document, translated):
    """In the same order; it may leave one out, and what is said to readers of English."""

    def bare(command: str) -> str:
        return command.partition("#")[0].replace(" --lang en", "").strip()

    known = iter([bare(command) for command in printed_commands(document)])
    wanted = [bare(command) for command in printed_commands(translated)]
    assert len(wanted) >= 5
    assert all(command in known for command in wanted)
