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
    missing = characters
    for path in sorted(folder.iterdir()):
        if missing and path.suffix.lower() in _SUFFIXES:
            covered = _covered(path)
            missing = frozenset(char for char in missing if ord(char) not in covered)
    return tuple(sorted(missing))


@lru_cache(maxsize=64)
def _covered(path: Path) -> frozenset[int]:
    with path.open("rb") as file:
        is_collection = path.suffix.lower() == ".ttc"
        font = TTCollection(file, lazy=True).fonts[0] if is_collection else TTFont(file, lazy=True)
        # Numbers do for the glyphs: their names take longer to read than all the rest.
        font.setGlyphOrder(range(font["maxp"].numGlyphs))
        return frozenset(font.getBestCmap())
