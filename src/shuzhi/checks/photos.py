"""The photos that records name as evidence, and a safe look at them."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from PIL import Image

from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case
from shuzhi.ledgers.evidence import find_evidence
from shuzhi.packs.model import Role, Table

T = TypeVar("T")

# What cameras, phones and scanners write. Pillow hands some other formats to outside programs.
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")


@dataclass(frozen=True)
class Use:
    """A photo named by a record."""

    table: str
    record: str
    unit: str
    day: date | None
    name: str


def photo_uses(case: Case, source: Path) -> dict[Path, list[Use]]:
    """The files named in evidence columns that are there, with the records that name them."""
    photos: dict[Path, list[Use]] = {}
    for table in case.pack.tables.values():
        columns = [column.name for column in table.columns if column.role is Role.EVIDENCE]
        if columns:
            for path, use in _uses(case, source, table, columns):
                photos.setdefault(path, []).append(use)
    return photos


def read_photo(path: Path, max_bytes: int) -> bytes | None:
    """The file's bytes. Missing: None for one that is larger or may not be read."""
    try:
        return path.read_bytes() if path.stat().st_size <= max_bytes else None
    except OSError:
        return None


def look_at(content: bytes, max_pixels: int, look: Callable[[Image.Image], T]) -> T | None:
    """What `look` makes of the picture. Missing: None for what is no picture, or too large."""
    try:
        # Pillow warns of damage, and of sizes that `max_pixels` bounds.
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(BytesIO(content), formats=_FORMATS) as picture,
        ):
            return look(picture) if picture.width * picture.height <= max_pixels else None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _uses(
    case: Case, source: Path, table: Table, columns: Sequence[str]
) -> Iterator[tuple[Path, Use]]:
    names = (*key_columns(table), *columns)
    records = {row[0]: dict(zip(names, row, strict=True)) for row in case.rows(table.name, names)}
    _, unit, day = key_columns(table)
    for found in find_evidence(source, table, records.values()):
        if found.path is not None:
            record = records[found.record]
            yield found.path, Use(table.name, found.record, record[unit], record[day], found.name)
