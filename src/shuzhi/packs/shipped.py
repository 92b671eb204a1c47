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
    return shipped is not None and _definitions(path) == _definitions(shipped)


def _find(name: str) -> Path | None:
    named = name and name == Path(name).name  # no way out of the folder of packs
    places = (place / name for place in _PLACES if named)
    return next((place for place in places if (place / "pack.toml").is_file()), None)


def _definitions(pack: Path) -> dict[str, bytes]:
    return {
        path.relative_to(pack).as_posix(): path.read_bytes()
        for pattern in _DEFINITIONS
        for path in sorted(pack.glob(pattern))
    }
