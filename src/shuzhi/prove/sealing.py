"""Is an edition there whole or not at all, whatever happens while it is sealed?"""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.edition import Edition, open_edition, seal_edition
from shuzhi.prove.faults import (
    CallFault,
    ChildEnd,
    Fault,
    count_calls,
    refuse_without_strace,
    run_with_fault,
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class SealingProof:
    """What was tried and what came of it.

    `calls` is how many system calls one sealing makes, `possible` how many faults that allows
    (three a call), `tried` how many were. `absent` and `whole` count what was there afterwards;
    `failed` names every case that left something else, or hindered the next sealing. `hung` counts
    children that had to be killed. `rivals` is how many times two sealed at once, `rivals_clear`
    how often that gave one edition and one clear error.
    """

    calls: int
    possible: int
    tried: int
    absent: int
    whole: int
    hung: int
    failed: tuple[str, ...]
    rivals: int
    rivals_clear: int

    @property
    def holds(self) -> bool:
        return not self.failed and self.rivals_clear == self.rivals


def prove_sealing(
    edition_path: Path, *, n: int = 0, seed: int = 1, rivals: int = 5, progress: Progress
) -> SealingProof:
    """Seal the edition's content again and again, with one fault each time.

    `n` faults drawn by `seed` from all that are possible; 0 for every one of them.
    Raises: UserError where strace is missing or may not watch; InputRefused where there is no
    edition to begin with.
    """
    refuse_without_strace()
    edition = _read_whole(open_edition(edition_path))
    with TemporaryDirectory() as folder:
        out = Path(folder) / "edition"
        calls = count_calls(lambda: _seal(edition, out), Path(folder) / "calls")
        root = _root(out)
        faults = _choose(calls, n, seed)
        states: Counter[str] = Counter()
        failed: list[str] = []
        for done, fault in enumerate(faults, 1):
            _clear(out)
            end = run_with_fault(lambda: _seal(edition, out), fault)
            state = _state(out, root)
            states[state] += 1
            states["hung"] += end.hung
            if complaint := _complaint(edition, out, root, state, end):
                failed.append(f"{fault.name} {fault.when} {fault.fault}: {complaint}")
            progress(done, len(faults))
        clear = sum(_rivals_are_clear(edition, out, root) for _ in range(rivals))
    total = calls.total()
    return SealingProof(
        total, total * len(Fault), len(faults), states["absent"], states["whole"],
        states["hung"], tuple(failed), rivals, clear,
    )  # fmt: skip


def _choose(calls: Counter[str], n: int, seed: int) -> Sequence[CallFault]:
    every = [
        CallFault(name, when, fault)
        for name, number in sorted(calls.items())
        for when in range(1, number + 1)
        for fault in Fault
    ]
    if not n or n >= len(every):
        return every
    return sorted(random.Random(seed).sample(every, n))  # noqa: S311 repeatable on purpose


def _complaint(edition: Edition, out: Path, root: str, state: str, end: ChildEnd) -> str:
    """What is wrong after a fault; '' where all is as it should be."""
    if state not in ("absent", "whole"):
        return state
    if state == "absent" and end.code == 0:
        return "said done, and nothing is there"
    if state == "absent":
        _seal(edition, out)  # what was left by the fault must not hinder the next one
        if _state(out, root) != "whole":
            return "the next sealing did not succeed"
    return ""


def _rivals_are_clear(edition: Edition, out: Path, root: str) -> bool:
    """Two seal at once: one is done, the other told why not."""
    _clear(out)
    rival = os.fork()
    if rival == 0:
        os._exit(_seal_code(edition, out))
    own = _seal_code(edition, out)
    other = os.waitstatus_to_exitcode(os.waitpid(rival, 0)[1])
    return sorted((own, other)) == [0, 2] and _state(out, root) == "whole"


def _seal_code(edition: Edition, out: Path) -> int:
    """0 done, 2 refused with a message of ours, 1 anything else."""
    try:
        _seal(edition, out)
    except UserError:
        return 2
    except Exception:  # noqa: BLE001 counted, not handled
        return 1
    return 0


def _read_whole(edition: Edition) -> Edition:
    """The edition with its records in memory: what is tried is writing, not reading."""
    tables = dict(edition.ledgers.tables)
    return replace(edition, ledgers=replace(edition.ledgers, tables=tables))


def _seal(edition: Edition, out: Path) -> None:
    seal_edition(out, edition.pack, edition.ledgers, edition.extras)


def _state(out: Path, root: str) -> str:
    if not os.path.lexists(out):
        return "absent"
    try:
        return "whole" if _root(out) == root else "another edition"
    except InputRefused as refused:
        return f"broken: {refused}"


def _root(out: Path) -> str:
    return open_edition(out).manifest.root


def _clear(out: Path) -> None:
    """The edition only: what a killed sealing left beside it is for the next one to clear."""
    if out.exists():
        shutil.rmtree(out)
