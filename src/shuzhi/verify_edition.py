#!/usr/bin/env python3
"""Is this edition whole, and who sealed it? Needs Python 3.11 and nothing else: read it, then run

    python3 verify_edition.py EDITION [--key PUBLIC_KEY] [--supersedes OLDER_EDITION]

It re-computes the SHA-256 of every file, the root over them, and the Ed25519 signature. With --key
it insists on that signer (a file of 64 hexadecimal digits, or the digits); with --supersedes, on
that earlier edition. An amendment holds only what was sent again; with --supersedes the edition
that it amends is examined too. It prints what it found and ends with 0, or names what is wrong: 1.

It does not count: `shuzhi verify DOCUMENT EDITION` counts every number of a report again.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

MANIFEST, SIGNATURE = "manifest.json", "signature.json"
AMENDMENT = "shuzhi-amendment/1"  # the format of an edition that holds only what was sent again

# Ed25519 as RFC 8032, section 5.1, describes it: the curve -x² + y² = 1 + d·x²·y² modulo _P.
_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, x·y = T/Z
_NEUTRAL: _Point = (0, 1, 1, 0)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Is this edition whole, and who sealed it?")
    parser.add_argument("edition", type=Path)
    parser.add_argument("--key", default="", help="the public key it must be signed with")
    parser.add_argument("--supersedes", type=Path, help="the edition it must supersede")
    asked = parser.parse_args(arguments)
    try:
        wrong = list(examine(asked.edition, asked.key, asked.supersedes))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        wrong = [f"{asked.edition} cannot be read as an edition: {error}"]
    for sentence in wrong:
        print(sentence)
    if not wrong:
        manifest = json.loads((asked.edition / MANIFEST).read_bytes())
        print(f"whole: {len(manifest['files'])} files, root {manifest['root']}")
        print(f"signed by {_signer(asked.edition)}" if _signer(asked.edition) else "not signed")
        if "supersedes" in manifest:
            print("supersedes {root}: {reason}".format(**manifest["supersedes"]))
        for root in _unchecked(asked.edition, asked.supersedes):
            print(f"not checked: the edition {root}, which holds what is not here; --supersedes it")
    return 1 if wrong else 0


def examine(edition: Path, key: str = "", older: Path | None = None) -> Iterator[str]:
    """What is wrong with the edition, a sentence each; nothing where it is whole."""
    manifest = json.loads((edition / MANIFEST).read_bytes())
    root = manifest.pop("root")
    if hashlib.sha256(_canonical(manifest)).hexdigest() != root:
        yield f"{MANIFEST} was changed: it does not agree with its root"
    found = dict(_sums(edition))
    for path in sorted(found.keys() | manifest["files"].keys()):
        if path not in found:
            yield f"{path} is missing"
        elif path not in manifest["files"]:
            yield f"{path} was added"
        elif found[path] != manifest["files"][path]:
            yield f"{path} was changed"
    signer = _signer(edition)
    if signer and not _is_signature_good(edition):
        yield f"{SIGNATURE} does not hold"
    wanted = _key_digits(key)
    if wanted and signer != wanted:
        yield f"signed by {signer or 'nobody'}, not by {wanted}"
    if older is not None:
        superseded = manifest.get("supersedes", {}).get("root", "")
        if superseded != json.loads((older / MANIFEST).read_bytes())["root"]:
            yield f"it supersedes {superseded or 'nothing'}, not {older}"
        elif manifest["format"] == AMENDMENT:
            yield from (f"{older}: {sentence}" for sentence in examine(older))


def _unchecked(*editions: Path | None) -> Iterator[str]:
    """The root of the edition that the last of these amends."""
    manifest = json.loads((list(filter(None, editions))[-1] / MANIFEST).read_bytes())
    if manifest["format"] == AMENDMENT:
        yield manifest["supersedes"]["root"]


def _canonical(content: object) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


def _sums(edition: Path) -> Iterator[tuple[str, dict[str, object]]]:
    for path in sorted(edition.rglob("*")):
        inside = path.relative_to(edition).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise ValueError(f"{inside} is no ordinary file")
        if path.is_file() and inside not in (MANIFEST, SIGNATURE):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256")
            yield inside, {"sha256": digest.hexdigest(), "bytes": path.stat().st_size}


def _signer(edition: Path) -> str:
    """The public key in the signature. Missing: '', the edition is not signed."""
    path = edition / SIGNATURE
    return str(json.loads(path.read_bytes())["public_key"]).lower() if path.exists() else ""


def _key_digits(key: str) -> str:
    if not key:
        return ""
    path = Path(key)
    return (path.read_text("ascii") if path.is_file() else key).strip().lower()


def _is_signature_good(edition: Path) -> bool:
    written = json.loads((edition / SIGNATURE).read_bytes())
    message = (edition / MANIFEST).read_bytes()
    return is_signed(
        bytes.fromhex(written["public_key"]), message, bytes.fromhex(written["signature"])
    )


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of `public` (32 bytes) signed `message` with `signature` (64 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = _decode(public), _decode(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= _ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    return _equal(_times(scalar, _BASE), _add(commitment, _times(challenge, key)))


def _decode(encoded: bytes) -> _Point | None:
    """The point of 32 bytes: y, and the sign of x in the last bit. Missing: None, no point."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


def _add(left: _Point, right: _Point) -> _Point:
    a = (left[1] - left[0]) * (right[1] - right[0]) % _P
    b = (left[1] + left[0]) * (right[1] + right[0]) % _P
    c = 2 * left[3] * right[3] * _D % _P
    d = 2 * left[2] * right[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: _Point) -> _Point:
    total = _NEUTRAL
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point, scalar = _add(point, point), scalar >> 1
    return total


def _equal(left: _Point, right: _Point) -> bool:
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % _P == 0


_BASE = _decode((4 * pow(5, -1, _P) % _P).to_bytes(32, "little")) or _NEUTRAL


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
