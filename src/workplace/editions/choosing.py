"""Of which pack the figures are that a page shows: the choice stands in its address."""

from collections.abc import Mapping

from shuzhi import pipeline
from workplace.editions.models import Preview
from workplace.editions.opened import Look, look
from workplace.editions.previews import latest_preview
from workplace.programme import pack_named, packs


def packs_to_choose() -> list[tuple[str, Mapping[str, str]]]:
    """Name and title of each pack that has figures to show, in the order they are set up in."""
    return [(pack.name, pack.title) for pack in packs().values() if _newest(pack.name)]


def newest_look(asked: Mapping[str, str], period: str = "") -> Look | None:
    """The newest preview of the pack asked for, else of the first that has one; None where there
    is no preview yet.

    Raises: Http404 for a pack that is not run here, and a period without figures.
    """
    wanted = [pack_named(name).name] if (name := asked.get("pack", "")) else packs()
    preview = next(filter(None, map(_newest, wanted)), None)
    return look(preview, period or asked.get("period", "")) if preview else None


def _newest(name: str) -> Preview | None:
    return latest_preview(name, pipeline.last_year_collected(pack_named(name)).name)
