"""Begins a pack: a small one that already makes a report, to be changed file by file."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from shuzhi.errors import UserError
from shuzhi.packs.model import Text

STARTER = Path(__file__).parent / "starter"
# What its author is asked to say at once; the rest of the starter is changed by hand.
_NAME, _VERSION = 'name = "starter"', 'version = "2026.1"'
_TITLE = 'title = { zh = "年度工作", en = "Annual programme" }'
_YEAR = "collects = { from = 2026-01-01, until = 2027-01-01 }"
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_YEARS = range(1900, 2200)


def new_pack(folder: Path, title: Text, year: int) -> None:
    """Write a pack named as its folder, for one year.

    The folder must not exist yet; it is there whole or not at all.
    Raises: UserError where its name is none for a pack, or something is in the way.
    """
    if not _PLAIN_NAME.fullmatch(folder.name):
        raise UserError(
            f"{folder.name!r} cannot be the name of a pack; use small letters, digits and -, "
            "beginning with a letter"
        )
    if year not in _YEARS:
        raise UserError(f"{year} is no year; write one such as 2026")
    if folder.exists():
        raise UserError(f"{folder} is there already; choose another name, or take it away first")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        shutil.copytree(STARTER, partial)
        _name_it(partial / "pack.toml", {
            _NAME: f'name = "{folder.name}"',
            _VERSION: f'version = "{year}.1"',
            _TITLE: f"title = {{ zh = {_quoted(title['zh'])}, en = {_quoted(title['en'])} }}",
            _YEAR: f"collects = {{ from = {year}-01-01, until = {year + 1}-01-01 }}",
        })  # fmt: skip
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _name_it(file: Path, lines: Mapping[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in lines.items():
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8", newline="\n")


def _quoted(text: str) -> str:
    """A text as TOML writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'
