"""One photo as evidence of several records: the same file, or the same picture saved anew."""

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import imagehash
from PIL import Image

from shuzhi.checks.likeness import clusters
from shuzhi.checks.rows import key_columns
from shuzhi.checks.rule import Case, Check, Doubt, setting
from shuzhi.ledgers.evidence import find_evidence
from shuzhi.packs.model import Role, Table

_BITS = 64
# A picture without contrast (a blank page, a black frame) hashes to almost no or almost all bits
# and is like every other such picture: it says nothing.
_FEWEST_BITS = 8
# What cameras, phones and scanners write. Pillow hands some other formats to outside programs.
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")


@dataclass(frozen=True)
class RepeatedPhotoSettings:
    distance: int = setting(
        "Up to this many of 64 bits of the perceptual hash may differ between two copies.",
        lambda section, key: section.integer(key, least=0, most=12),
    )
    max_pixels: int = setting(
        "Larger pictures are not opened (only the same file is then noticed).",
        lambda section, key: section.integer(key, least=10_000, most=200_000_000),
    )
    max_bytes: int = setting(
        "Larger files are not read.",
        lambda section, key: section.integer(key, least=10_000, most=200_000_000),
    )


@dataclass(frozen=True)
class _Use:
    """A photo named by a record."""

    table: str
    record: str
    unit: str
    day: date | None
    name: str


def _find(case: Case, settings: RepeatedPhotoSettings) -> Iterator[Doubt]:
    if case.source is None:
        return
    photos = _photos(case, case.source)
    seen = {path: _fingerprint(path, settings) for path in photos}
    pairs = [*_same_files(seen), *_same_pictures(seen, settings.distance)]
    alone = [(path, path) for path, uses in photos.items() if len(uses) > 1]
    for group in clusters(pairs + alone):
        yield from _doubts([use for path in sorted(group) for use in photos[path]])


def _photos(case: Case, source: Path) -> dict[Path, list[_Use]]:
    """The files named in evidence columns that are there, with the records that name them."""
    photos: dict[Path, list[_Use]] = {}
    for table in case.pack.tables.values():
        columns = [column.name for column in table.columns if column.role is Role.EVIDENCE]
        if columns:
            for path, use in _uses(case, source, table, columns):
                photos.setdefault(path, []).append(use)
    return photos


def _uses(
    case: Case, source: Path, table: Table, columns: Sequence[str]
) -> Iterator[tuple[Path, _Use]]:
    names = (*key_columns(table), *columns)
    records = {row[0]: dict(zip(names, row, strict=True)) for row in case.rows(table.name, names)}
    _, unit, day = key_columns(table)
    for found in find_evidence(source, table, records.values()):
        if found.path is not None:
            record = records[found.record]
            yield found.path, _Use(table.name, found.record, record[unit], record[day], found.name)


def _fingerprint(path: Path, settings: RepeatedPhotoSettings) -> tuple[str, int | None]:
    """SHA-256 of the file and perceptual hash of the picture.

    Missing: '' for a file that is too large or may not be read, None for what is no picture or
    says nothing.
    """
    try:
        if path.stat().st_size > settings.max_bytes:
            return "", None
        content = path.read_bytes()
    except OSError:
        return "", None
    return hashlib.sha256(content).hexdigest(), _bits(content, settings.max_pixels)


def _bits(content: bytes, max_pixels: int) -> int | None:
    try:
        # Pillow warns of damage, and of sizes that `max_pixels` bounds.
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(BytesIO(content), formats=_FORMATS) as picture,
        ):
            if picture.width * picture.height > max_pixels:
                return None
            bits = int(str(imagehash.phash(picture)), 16)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return bits if _FEWEST_BITS <= bits.bit_count() <= _BITS - _FEWEST_BITS else None


def _same_files(seen: dict[Path, tuple[str, int | None]]) -> Iterator[tuple[Path, Path]]:
    first: dict[str, Path] = {}
    for path, (content_hash, _) in seen.items():
        if content_hash and first.setdefault(content_hash, path) != path:
            yield first[content_hash], path


def _same_pictures(
    seen: dict[Path, tuple[str, int | None]], distance: int
) -> Iterator[tuple[Path, Path]]:
    """Pairs whose hashes differ in at most `distance` bits.

    Of distance + 1 bands of bits two such hashes share at least one: only those are compared.
    """
    width = -(-_BITS // (distance + 1))
    bands: dict[tuple[int, int], list[tuple[Path, int]]] = {}
    for path, (_, bits) in seen.items():
        if bits is None:
            continue
        for start in range(0, _BITS, width):
            others = bands.setdefault((start, bits >> start & ((1 << width) - 1)), [])
            for other, other_bits in others:
                if (bits ^ other_bits).bit_count() <= distance:
                    yield other, path
            others.append((path, bits))


def _doubts(uses: list[_Use]) -> Iterator[Doubt]:
    """One doubt a table; a photo used in several tables is asked about in each of them."""
    if len({(use.table, use.record) for use in uses}) < 2:
        return
    for table in sorted({use.table for use in uses}):
        here = [use for use in uses if use.table == table]
        first = min(here, key=lambda use: (use.day or date.max, use.record))
        yield Doubt(
            table,
            first.unit,
            tuple(sorted({use.record for use in here})),
            day=first.day,
            values={
                "photo": first.name,
                "count": str(len({(use.table, use.record) for use in uses})),
            },
        )


CHECK = Check(
    name="repeated_photo",
    title={"zh": "照片重复使用", "en": "Repeated photo"},
    question={
        "zh": "{unit}“{table}”所附照片 {photo} 用于 {count} 条记录。是否为同一次活动的照片？",
        "en": "The photo {photo} in “{table}” of {unit} serves {count} records. Does it show "
        "each of them?",
    },
    explanation={
        "zh": "可能为同一天连续进行的几项活动，或误附了照片。",
        "en": "They may have taken place together, or the wrong photo was attached.",
    },
    settings=RepeatedPhotoSettings,
    find=_find,
    yields_to=("duplicate", "duplicate_across_units"),
)
