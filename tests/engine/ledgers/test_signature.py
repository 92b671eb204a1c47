"""Who sealed an edition, told by the library and by the single file that needs none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sealed_county import small_extras, small_ledgers, small_pack

from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.edition import SealTerms, open_edition, seal_edition
from shuzhi.ledgers.manifest import Supersession
from shuzhi.ledgers.signature import refuse_other_signer, write_key_pair
from shuzhi.verify_edition import is_signed

SCRIPT = Path(__file__).parents[3] / "src" / "shuzhi" / "verify_edition.py"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    write_key_pair(tmp_path / "office.key")
    return tmp_path / "office.key"


@pytest.fixture
def signed(tmp_path: Path, key: Path) -> Path:
    pack = small_pack()
    first = tmp_path / "first"
    seal_edition(first, pack, small_ledgers(pack), small_extras())
    terms = SealTerms(Supersession(open_edition(first).manifest.root, "two meetings doubled"), key)
    seal_edition(tmp_path / "signed", pack, small_ledgers(pack), small_extras(), terms)
    return tmp_path / "signed"


def _examine(*arguments: str | Path) -> tuple[int, str]:
    """Without site packages and without the project: only what comes with Python."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", SCRIPT, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.returncode, done.stdout


def test_an_edition_says_who_signed_it_and_what_it_supersedes(signed: Path, key: Path) -> None:
    edition = open_edition(signed)
    assert edition.signer == Path(f"{key}.pub").read_text().strip()
    assert edition.manifest.supersedes is not None
    assert edition.manifest.supersedes.reason == "two meetings doubled"
    refuse_other_signer(signed, Path(f"{key}.pub"))


def test_the_single_file_finds_the_edition_whole(signed: Path, key: Path, tmp_path: Path) -> None:
    code, said = _examine(signed, "--key", f"{key}.pub", "--supersedes", tmp_path / "first")
    assert code == 0
    assert f"signed by {open_edition(signed).signer}" in said
    assert "supersedes" in said
    assert "two meetings doubled" in said


def test_the_single_file_is_short() -> None:
    assert len(SCRIPT.read_text("utf-8").splitlines()) < 200


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda e: (e / "problems.parquet").write_bytes(b"x"), "problems.parquet was changed"),
        (lambda e: (e / "problems.parquet").unlink(), "problems.parquet is missing"),
        (lambda e: (e / "more.txt").write_text("x"), "more.txt was added"),
        (lambda e: (e / "manifest.json").write_text("{}"), "cannot be read as an edition"),
        (lambda e: _set(e / "manifest.json", "shuzhi", "9"), "does not agree with its root"),
        (lambda e: _set(e / "signature.json", "signature", "00" * 64), "does not hold"),
        (lambda e: (e / "signature.json").unlink(), "signed by nobody"),
    ],
)
def test_every_damage_is_named(signed: Path, key: Path, damage, said: str) -> None:  # type: ignore[no-untyped-def]
    damage(signed)
    code, out = _examine(signed, "--key", f"{key}.pub")
    assert code == 1
    assert said in out
    with pytest.raises(InputRefused):
        open_edition(signed)
        refuse_other_signer(signed, Path(f"{key}.pub"))


def _set(path: Path, name: str, value: str) -> None:
    path.write_text(json.dumps({**json.loads(path.read_bytes()), name: value}))


def test_another_signer_is_refused(signed: Path, tmp_path: Path) -> None:
    other = write_key_pair(tmp_path / "other.key")
    with pytest.raises(InputRefused, match="not by the key"):
        refuse_other_signer(signed, other)
    assert _examine(signed, "--key", other)[0] == 1


def test_a_key_is_never_written_over(key: Path) -> None:
    with pytest.raises(UserError, match="is there already"):
        write_key_pair(key)
    assert key.stat().st_mode & 0o077 == 0


@settings(max_examples=20, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(), flip=st.integers(0, 511))
def test_both_agree_on_every_signature(seed: bytes, message: bytes, flip: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert is_signed(public, message, signature)
    bent = bytearray(signature)
    bent[flip // 8] ^= 1 << (flip % 8)
    assert not is_signed(public, message, bytes(bent))
    assert not is_signed(public, message + b"0", signature)
