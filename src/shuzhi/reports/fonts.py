"""Which characters the fonts at hand can show."""

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

# The first font of a collection is enough: the fonts of one share their characters.
_SUFFIXES = (".otf", ".ttf", ".ttc")


def missing_characters(characters: frozenset[str], folder: Path) -> tuple[str, ...]:
    """Those of `characters`, sorted, that no font in `folder` has; `()` without the folder."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(char for char in characters if ord(char) not in _covered(folder)))


@lru_cache(maxsize=2)
def _covered(folder: Path) -> frozenset[int]:
    codes: set[int] = set()
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in _SUFFIXES:
            continue
        with path.open("rb") as file:
            font = (
                TTCollection(file, lazy=True).fonts[0]
                if path.suffix == ".ttc"
                else TTFont(file, lazy=True)
            )
            codes.update(font.getBestCmap())
    return frozenset(codes)
