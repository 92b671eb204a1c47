"""The manifest of a sealed edition: the SHA-256 of every file, under one root hash.

It holds no clock, no absolute path and no name of a user, so that equal content gives equal bytes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shuzhi.errors import InputRefused

MANIFEST = "manifest.json"
SIGNATURE = "signature.json"  # of the manifest; not in it
FORMAT = "shuzhi-edition/1"
AMENDMENT_FORMAT = "shuzhi-amendment/1"
_NAMED = 5  # how many differing files one message names


@dataclass(frozen=True)
class FileSum:
    """What a file must be: its SHA-256 (hexadecimal) and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Supersession:
    """The edition that a correction replaces, by its root hash, and why."""

    root: str
    reason: str


@dataclass(frozen=True)
class Manifest:
    """What a sealed edition consists of. `files` maps paths inside the edition to their sums.

    `is_amendment` where only what changed lies in it; the rest is in the edition it supersedes.
    Missing: `supersedes` is None for the first edition of a period.
    """

    pack_name: str
    pack_version: str
    shuzhi_version: str
    files: Mapping[str, FileSum]
    supersedes: Supersession | None = None
    is_amendment: bool = False

    @property
    def root(self) -> str:
        """The SHA-256 that stands for the whole edition: of the manifest without this line."""
        return hashlib.sha256(canonical_json(self._content())).hexdigest()

    def to_bytes(self) -> bytes:
        return canonical_json({**self._content(), "root": self.root})

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "format": AMENDMENT_FORMAT if self.is_amendment else FORMAT,
            "pack": {"name": self.pack_name, "version": self.pack_version},
            "shuzhi": self.shuzhi_version,
            "files": {
                path: {"sha256": file.sha256, "bytes": file.size}
                for path, file in self.files.items()
            },
        }
        if self.supersedes:
            content["supersedes"] = asdict(self.supersedes)
        return content


def canonical_json(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no blanks; one line feed at the end.

    Source: RFC 8785, for values without fractions.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


def sum_file(path: Path) -> FileSum:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return FileSum(digest.hexdigest(), path.stat().st_size)


def sum_files(folder: Path) -> dict[str, FileSum]:
    """The sums of all files below `folder` but the manifest and its signature, by path inside it.

    Raises: InputRefused where something is neither a file nor a folder (a link, a device).
    """
    sums = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise InputRefused(f"{folder}: {inside} is no ordinary file; take it out")
        if path.is_file() and inside not in (MANIFEST, SIGNATURE):
            sums[inside] = sum_file(path)
    return sums


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the edition in `folder`, found to agree with its own root hash.

    Raises: InputRefused.
    """
    path = folder / MANIFEST
    try:
        written = path.read_bytes()
    except OSError as error:
        raise InputRefused(
            f"{folder} is no edition: {MANIFEST} cannot be read ({error.strerror}); "
            "name the folder that `shuzhi seal` wrote"
        ) from error
    try:
        manifest = _parse(json.loads(written))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputRefused(
            f"{path} is no manifest this version reads ({FORMAT}); take the edition from a copy"
        ) from error
    if manifest.to_bytes() != written:
        raise InputRefused(
            f"{path} was changed: it does not agree with its root hash; "
            "take the edition from a copy"
        )
    return manifest


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Nothing, where the files in `folder` are exactly those of the manifest.

    Raises: InputRefused, naming the files that are missing, changed or added.
    """
    found, expected = sum_files(folder), manifest.files
    differing = {
        "missing": sorted(expected.keys() - found.keys()),
        "changed": sorted(p for p in expected.keys() & found.keys() if found[p] != expected[p]),
        "added": sorted(found.keys() - expected.keys()),
    }
    if any(differing.values()):
        named = "; ".join(f"{what}: {_list(paths)}" for what, paths in differing.items() if paths)
        raise InputRefused(
            f"{folder} is not the edition that was sealed: {named}; take it from a copy"
        )


def _parse(content: Any) -> Manifest:
    if content["format"] not in (FORMAT, AMENDMENT_FORMAT):
        raise ValueError(content["format"])
    is_amendment = content["format"] == AMENDMENT_FORMAT
    if is_amendment and "supersedes" not in content:
        raise LookupError("supersedes")
    return Manifest(
        content["pack"]["name"],
        content["pack"]["version"],
        content["shuzhi"],
        {path: FileSum(f["sha256"], f["bytes"]) for path, f in content["files"].items()},
        Supersession(**content["supersedes"]) if "supersedes" in content else None,
        is_amendment,
    )


def _list(paths: list[str]) -> str:
    rest = len(paths) - _NAMED
    return ", ".join(paths[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
