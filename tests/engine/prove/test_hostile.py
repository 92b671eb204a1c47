"""A sample of what `make prove-hostile` tries, and that the proof can fail."""

import json
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from command_line import run_shuzhi
from shuzhi.errors import UserError
from shuzhi.prove import hostile
from shuzhi.prove.bait import laid_bait
from shuzhi.prove.trial import Trial, try_attack


def test_nothing_hostile_gets_through(tmp_path: Path) -> None:
    out = tmp_path / "counts.json"
    done = run_shuzhi("prove", "hostile", "--n", "44", "--seed", "7", "--out", out)
    assert done.code == 0, done.out
    counts = json.loads(out.read_text())
    for stage, tried in {"workbooks": 44, "packs": 11, "templates": 3}.items():
        assert counts[stage]["tried"] == tried
        assert counts[stage]["refused"] + counts[stage]["harmless"] == tried
        assert counts[stage]["refused"] > 0
        assert 0 < counts[stage]["peak"] < 1e9
    assert counts["workbooks"]["harmless"] > 0
    assert counts["predicates"] == 220
    assert counts["connections"] == 0


def test_what_gets_through_is_told(tmp_path: Path) -> None:
    """Bait that is taken, an error nobody foresaw, a child that dies: each is a complaint."""
    with laid_bait(tmp_path) as bait:
        assert not bait.is_taken
        socket.create_connection(("127.0.0.1", bait.port)).close()
        until = time.monotonic() + 5
        while not bait.is_taken and time.monotonic() < until:
            time.sleep(0.01)
    assert len(bait.connections) == 1

    def refused() -> str:
        raise UserError("the file is too large")

    def killed() -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return ""

    assert try_attack(lambda: "").complaint == ""
    assert try_attack(refused).complaint == ""
    assert "the secret" in try_attack(lambda: "the secret").complaint
    assert "ZeroDivisionError" in try_attack(lambda: str(1 // 0)).complaint
    assert "died" in try_attack(killed).complaint
    assert "bytes" in Trial("refused", "because of its size", 1.0, 2_000_000_000).complaint
    assert "s" in Trial("refused", "because of its size", 16.0, 1).complaint


def test_a_reader_that_refuses_all_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One honest workbook, pack and template must come through."""

    def refuse(_: Path) -> str:
        raise UserError("all files are refused")

    monkeypatch.setattr(hostile, "_read", refuse)
    proof = hostile.prove_hostile(n=1, seed=1, progress=lambda *_: None)
    assert not proof.holds
    assert "an honest one was refused" in proof.workbooks.failed[0]
