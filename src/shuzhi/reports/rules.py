"""What report/report.toml says, as shapes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shuzhi.packs.model import Text


class When(StrEnum):
    """When a gap is one."""

    MISSED = "missed"  # the figure misses its target
    POSITIVE = "positive"  # the figure is above zero
    EXCEEDS = "exceeds"  # the figure is above that of another indicator


@dataclass(frozen=True)
class RecordList:
    """The records behind a figure, named in a sentence: `most` of them, by `column`."""

    indicator: str
    column: str
    most: int


@dataclass(frozen=True)
class GapRule:
    """One gap. `text` is the sentence; `units_text` follows where units of `levels` miss the
    target too, `records_text` where `records` finds any. `other` is the indicator a figure must
    not exceed, and the one whose figure {other} prints."""

    name: str
    indicator: str
    when: When
    title: Text
    text: Text
    other: str = ""
    levels: tuple[str, ...] = ()
    units_text: Text | None = None
    records: RecordList | None = None
    records_text: Text | None = None


@dataclass(frozen=True)
class PromiseTable:
    """Which table holds the promises, and which of its columns says what."""

    table: str
    year: str
    text: str
    due: str
    indicator: str
    target: str
    withdrawn: str
    from_year: str
    reason: str
    partly_from: float


@dataclass(frozen=True)
class DraftRule:
    """How a promise for next year is drafted.

    From a missed target where `records` is None; else one from each record behind `indicator`,
    owned by the unit in `owner`. `due` is a day of next year, "06-30". `target` is the number to
    reach where the indicator has no target of its own.
    """

    indicator: str
    measured_by: str
    text: Text
    due: str
    target: float | None = None
    owner: str = ""
    column: str = ""
    most: int = 0
    from_records: bool = False


class ChartBy(StrEnum):
    """What the bars of a chart are."""

    UNITS = "units"  # the units right below
    QUARTERS = "quarters"  # the quarters of the period


@dataclass(frozen=True)
class ChartRule:
    """A chart of one indicator on the page."""

    indicator: str
    by: ChartBy


@dataclass(frozen=True)
class AnnexSection:
    """A section of the annex: the indicators that carry its name."""

    name: str
    title: Text


@dataclass(frozen=True)
class UnitRows:
    """A table's rows: the units of these levels below the one reported on, and their figures."""

    levels: tuple[str, ...]
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Bulletin:
    """A document of its own; its annex has the figures it prints and no others.

    Units named in its draft may object for `objection_days` after the day it bears.
    """

    title: Text
    templates: Mapping[str, str]  # language → file name
    objection_days: int


@dataclass(frozen=True)
class PublicRules:
    """What is printed for the public.

    Numbers above zero and below `least` are withheld, but for the indicators `shown`, whose small
    values tell nothing about persons.
    """

    least: int = 10
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ReportRules:
    """All of report.toml."""

    title: Text
    signed_days_after: int
    proof_rows: int
    given_words: tuple[str, ...]
    templates: Mapping[str, str]  # language → file name
    sections: tuple[AnnexSection, ...]
    lists: Mapping[str, RecordList]
    gaps: tuple[GapRule, ...]
    promises: PromiseTable | None
    drafts: tuple[DraftRule, ...]
    charts: tuple[ChartRule, ...] = ()
    rows: UnitRows | None = None
    public: PublicRules = PublicRules()
    verified_by: tuple[str, ...] = ()  # a record is verified where no open flag of these doubts it
    printed_only: bool = (
        False  # the annex has no scorecards, and no figures the text does not print
    )
    bulletin: str = ""  # the name of the bulletin these rules are of; '' for the report
    is_draft: bool = False
    bulletins: Mapping[str, Bulletin] = field(default_factory=dict)
