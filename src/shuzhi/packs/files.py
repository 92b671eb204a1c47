"""The files of a pack as plain values; a file that cannot be read is a complaint."""

import json
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from shuzhi.packs.complaints import Complaint

# The largest file of the packs that ship with Shuzhi has 40 KB.
MAX_BYTES = 1_000_000
MAX_FILES = 500


def read_toml(pack: Path, name: str, complaints: list[Complaint]) -> Mapping[str, Any]:
    """What the file says; nothing where it is absent or not understood."""
    return _read(pack, name, tomllib.loads, complaints)


def read_json(pack: Path, name: str, complaints: list[Complaint]) -> Mapping[str, Any]:
    """What the file says; nothing where it is not understood or says a key twice."""
    return _read(pack, name, _loads_json, complaints)


def file_names(pack: Path, pattern: str, complaints: list[Complaint]) -> tuple[str, ...]:
    """Paths relative to the pack, sorted. Files linked from outside the pack are complaints."""
    inside = os.path.realpath(pack)
    names = []
    for path in sorted(pack.glob(pattern)):
        name = path.relative_to(pack).as_posix()
        if not Path(os.path.realpath(path)).is_relative_to(inside):
            complaints.append(Complaint(name, "", "it lies outside the pack", "copy it in"))
        elif not path.is_file():
            complaints.append(Complaint(name, "", "it is no file", "take it away"))
        else:
            names.append(name)
    if len(names) > MAX_FILES:
        complaints.append(
            Complaint(pattern, "", f"there are {len(names)} files", f"keep at most {MAX_FILES}")
        )
    return tuple(names[:MAX_FILES])


def _read(
    pack: Path, name: str, loads: Callable[[str], Any], complaints: list[Complaint]
) -> Mapping[str, Any]:
    path = pack / name
    if not path.is_file():
        return {}
    if path.stat().st_size > MAX_BYTES:
        complaints.append(Complaint(name, "", "it is larger than 1 MB", "divide it"))
        return {}
    try:
        values = loads(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError:
        complaints.append(Complaint(name, "", "it is not in UTF-8", "save it as UTF-8"))
        return {}
    except ValueError as error:  # json.JSONDecodeError and tomllib.TOMLDecodeError are both
        complaints.append(Complaint(name, "", f"it cannot be read: {error}", "correct it there"))
        return {}
    except RecursionError:
        complaints.append(Complaint(name, "", "it nests too deeply", "make it flatter"))
        return {}
    if not isinstance(values, dict):
        complaints.append(Complaint(name, "", "it is no group of keys", "begin it with {"))
        return {}
    return values


def _loads_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_refuse_twice)


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one group")
    return values
