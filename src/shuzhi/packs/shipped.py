"""The packs that come with Shuzhi."""

from pathlib import Path

from shuzhi.errors import UserError

_PACKAGE = Path(__file__).parents[1]
# Installed, packs lie inside the package; in a checkout, beside src.
_PLACES = (_PACKAGE / "_packs", _PACKAGE.parents[1] / "packs")
_DEFINITIONS = ("pack.toml", "tables/*.json", "indicators/*.toml")


def shipped_pack(name: str) -> Path:
    """The folder of a pack that comes with Shuzhi.

    Raises: UserError where this installation has none of that name.
    """
    found = _find(name)
    if found is None:
        raise UserError(
            f"the pack {name} is not part of this installation; name a folder by --pack"
        )
    return found


def is_shipped(path: Path, name: str) -> bool:
    """Whether the pack in `path` defines what the pack of that name defines that came with Shuzhi.

    Compared are the files that queries are made from, byte by byte.
    """
    shipped = _find(name)
    if shipped is None or _definitions(path) != _definitions(shipped):
        return False
    return all(_is_equal(path / file, shipped / file) for file in _definitions(shipped))


def _find(name: str) -> Path | None:
    named = name and name == Path(name).name  # no way out of the folder of packs
    places = (place / name for place in _PLACES if named)
    return next((place for place in places if (place / "pack.toml").is_file()), None)


def _definitions(pack: Path) -> set[str]:
    return {p.relative_to(pack).as_posix() for name in _DEFINITIONS for p in pack.glob(name)}


def _is_equal(file: Path, shipped: Path) -> bool:
    """Whether a file has the bytes of the shipped one; what is no file or longer is not read."""
    same_size = file.is_file() and file.stat().st_size == shipped.stat().st_size
    return same_size and file.read_bytes() == shipped.read_bytes()
