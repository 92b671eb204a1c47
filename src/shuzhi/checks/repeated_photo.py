"""One photo as evidence of several records: the same file, or the same picture saved anew."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import imagehash

from shuzhi.checks.likeness import clusters
from shuzhi.checks.photos import Use, look_at, photo_uses, read_photo
from shuzhi.checks.rule import Case, Check, Doubt, setting

_BITS = 64
# A picture without contrast (a blank page, a black frame) hashes to almost no or almost all bits
# and is like every other such picture: it says nothing.
_FEWEST_BITS = 8


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


def _find(case: Case, settings: RepeatedPhotoSettings) -> Iterator[Doubt]:
    if case.source is None:
        return
    photos = photo_uses(case, case.source)
    seen = {path: _fingerprint(path, settings) for path in photos}
    pairs = [*_same_files(seen), *_same_pictures(seen, settings.distance)]
    alone = [(path, path) for path, uses in photos.items() if len(uses) > 1]
    for group in clusters(pairs + alone):
        yield from _doubts([use for path in sorted(group) for use in photos[path]])


def _fingerprint(path: Path, settings: RepeatedPhotoSettings) -> tuple[str, int | None]:
    """SHA-256 of the file and perceptual hash of the picture.

    Missing: '' for a file that is too large or may not be read, None for what is no picture or
    says nothing.
    """
    content = read_photo(path, settings.max_bytes)
    if content is None:
        return "", None
    bits = look_at(content, settings.max_pixels, lambda p: int(str(imagehash.phash(p)), 16))
    says_something = bits and _FEWEST_BITS <= bits.bit_count() <= _BITS - _FEWEST_BITS
    return hashlib.sha256(content).hexdigest(), bits if says_something else None


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


def _doubts(uses: list[Use]) -> Iterator[Doubt]:
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
