"""Previews opened to be looked at, kept at hand: pages ask of the same few again and again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.http import Http404

from shuzhi import pipeline
from shuzhi.errors import UserError
from shuzhi.figures.model import Proof
from shuzhi.packs.model import Pack
from shuzhi.periods import Period, PeriodKind, calendar_periods, parse_period
from shuzhi.reports.sources import Sources
from workplace.editions.models import Preview
from workplace.programme import pack_named
from workplace.web.texts import language


@dataclass(frozen=True)
class Look:
    """One preview, looked at for one period in the reader's language."""

    preview: Preview
    sources: Sources
    period: Period

    @property
    def pack(self) -> Pack:
        """The pack as it was when the preview was made."""
        return self.sources.pack

    def unit_name(self, code: str) -> str:
        """What a unit was called on the period's last day."""
        return self.sources.ledgers.units.name(code, self.sources.day)

    def names(self, codes: set[str]) -> Mapping[str, str]:
        """Those of several; one that the tree does not know keeps its code."""
        known = self.sources.ledgers.units.by_code
        return {code: self.unit_name(code) if code in known else code for code in codes}

    def periods(self) -> list[Period]:
        """What can be chosen: the year, its halves and its quarters."""
        year = parse_period(self.preview.period)
        kinds = (PeriodKind.YEAR, PeriodKind.HALF, PeriodKind.QUARTER)
        return [period for kind in kinds for period in calendar_periods(kind, year.start, year.end)]


def look(preview: Preview, period: str = "") -> Look:
    """The preview for a period; for all that it is of, where none is named.

    Raises: Http404 for a period that it has no figures of.
    """
    try:
        asked = parse_period(period or preview.period)
        return Look(preview, _sources(preview.folder, asked.name, language()), asked)
    except UserError as error:
        raise Http404 from error


@lru_cache(maxsize=4)
def opened(folder: str) -> pipeline.Source:
    """The preview in a folder, every file of it verified. Its pack was sealed here, and is as
    trusted as the one it is a copy of."""
    path = Preview(folder=folder).path
    source = pipeline.read(path, None)
    shipped = pack_named(source.pack.name).is_shipped
    return replace(source, pack=replace(source.pack, is_shipped=shipped))


@lru_cache(maxsize=32)
def _sources(folder: str, period: str, lang: str) -> Sources:
    return pipeline.look_at(opened(folder), parse_period(period), lang=lang)


@lru_cache(maxsize=64)
def proof_of(folder: str, indicator: str, unit: str, period: str) -> Proof:
    """The proof of one figure of a preview."""
    return pipeline.proof(opened(folder), indicator, unit, parse_period(period))


@lru_cache(maxsize=64)
def promises_in(folder: str, period: str, lang: str, unit: str) -> tuple:
    """What was promised for the period's year, each promise with its text."""
    sources = pipeline.with_promises_traced(_sources(folder, period, lang), unit)
    return tuple(pipeline.promises_of(sources, unit))
