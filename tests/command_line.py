"""The command line as tests run it: in a process of its own, or in this one."""

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from shuzhi.cli.app import run

ROOT = Path(__file__).parents[1]
PACK = ROOT / "packs" / "annual-duty"
SAFETY = ROOT / "packs" / "workplace-safety"
EXAMPLE = ROOT / "examples" / "workplace-safety"


@dataclass(frozen=True)
class Finished:
    """What a command did: exit code, what it printed, what it complained."""

    code: int
    out: str
    err: str


def run_shuzhi(*arguments: object) -> Finished:
    """Run the command line as a user does, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "shuzhi", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def call_shuzhi(*arguments: object) -> Finished:
    """Run the command line in this process, which has loaded everything: a second less.

    Any error that nobody foresaw, and any warning, ends the test.
    """
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = run([*map(str, arguments)])
    return Finished(code, out.getvalue(), err.getvalue())
