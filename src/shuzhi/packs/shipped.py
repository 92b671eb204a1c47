"""The packs that come with Shuzhi."""

from pathlib import Path

from shuzhi.errors import UserError

_PACKAGE = Path(__file__).parents[1]
# Installed, packs lie inside the package; in a checkout, beside src.
_PLACES = (_PACKAGE / "_packs", _PACKAGE.parents[1] / "packs")


def shipped_pack(name: str) -> Path:
    """The folder of a pack that comes with Shuzhi.

    Raises: UserError where this installation has none of that name.
    """
    for place in _PLACES:
        if (place / name / "pack.toml").is_file():
            return place / name
    raise UserError(f"the pack {name} is not part of this installation; name a folder by --pack")
