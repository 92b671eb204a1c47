"""The packs that this workplace runs, loaded by the engine once and again after a change."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404

from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack


def packs() -> Mapping[str, Pack]:
    """Every pack by its name. Raises: PackRefused where one does not hold together."""
    found = (_loaded(folder, _stamp(folder)) for folder in settings.PACKS)
    return {pack.name: pack for pack in found}


def pack_named(name: str) -> Pack:
    """One pack. Raises: Http404 where this workplace does not run it."""
    found = packs().get(name)
    if found is None:
        raise Http404
    return found


@lru_cache(maxsize=8)
def _loaded(folder: Path, stamp: tuple[int, int]) -> Pack:
    return load_pack(folder)


def _stamp(folder: Path) -> tuple[int, int]:
    """Files and the newest change among them."""
    changes = [file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()]
    return len(changes), max(changes, default=0)
