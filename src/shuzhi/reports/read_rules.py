"""Reads report/report.toml and finds it to fit the pack."""

import re
from collections.abc import Iterable

from shuzhi.errors import PackRefused
from shuzhi.packs.model import Pack, Role, Text
from shuzhi.packs.section import Section
from shuzhi.packs.suggestions import suggest
from shuzhi.reports.rules import (
    AnnexSection,
    Bulletin,
    ChartBy,
    ChartRule,
    DraftRule,
    GapRule,
    PromiseTable,
    PublicRules,
    RecordList,
    ReportRules,
    UnitRows,
    When,
)

FILE_NAME = "report/report.toml"
_PARTS = (
    "report", "sections", "lists", "gaps", "promises", "drafts", "charts", "rows", "bulletins",
    "public", "verified",
)  # fmt: skip
_REPORT = (
    "title", "templates", "signed_days_after", "proof_rows", "given_words", "printed_only",
    "bulletin", "is_draft",
)  # fmt: skip
_FIELD = re.compile(r"\{(\w+)\}")
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_MAX = 1_000_000
_GAP_FIELDS = ("value", "target", "short", "last", "other", "reported", "asked")
_DRAFT_FIELDS = ("value", "target", "short", "record")


def read_rules(pack: Pack) -> ReportRules:
    """The rules of the pack's report.

    Raises: PackRefused, naming every key that is missing, unknown, or names nothing in the pack.
    """
    whole = Section(FILE_NAME, "", pack.report, [], pack)
    rules = _rules(whole)
    if whole.complaints:
        raise PackRefused([str(complaint) for complaint in whole.complaints])
    return rules


def _rules(whole: Section) -> ReportRules:
    whole.refuse_unknown(_PARTS)
    report, lists, bulletins = (whole.part(name) for name in ("report", "lists", "bulletins"))
    report.refuse_unknown(_REPORT)
    return ReportRules(
        title=report.translations("title"),
        signed_days_after=report.whole("signed_days_after", default=10, most=366),
        proof_rows=report.whole("proof_rows", default=10, most=_MAX),
        given_words=report.texts("given_words"),
        templates=(
            report.translations("templates")
            if "templates" in report.values
            else {"zh": "report.zh.docx", "en": "report.en.docx"}
        ),
        sections=tuple(_annex_section(part) for part in whole.parts("sections")),
        lists={name: _records(lists.part(name)) for name in lists.values},
        gaps=tuple(_gap(part) for part in whole.parts("gaps")),
        promises=_promises(whole.part("promises")) if "promises" in whole.values else None,
        drafts=tuple(_draft(part) for part in whole.parts("drafts")),
        charts=tuple(_chart(part) for part in whole.parts("charts")),
        printed_only=report.flag("printed_only"),
        bulletin=report.text("bulletin", default=""),
        is_draft=report.flag("is_draft"),
        rows=_unit_rows(whole.part("rows")) if "rows" in whole.values else None,
        public=_public(whole.part("public")),
        verified_by=_verified_by(whole.part("verified")),
        bulletins={name: _bulletin(bulletins.part(name)) for name in bulletins.values},
    )


def _unit_rows(section: Section) -> UnitRows:
    section.refuse_unknown(("levels", "indicators"))
    names = section.texts("indicators")
    for name in names:
        if name not in section.pack.indicators:
            remedy = suggest(name, section.pack.indicators)
            section.complain("indicators", f"{name!r} is no indicator", remedy)
    return UnitRows(section.texts("levels"), names)


def _public(section: Section) -> PublicRules:
    section.refuse_unknown(("least", "shown"))
    names = section.texts("shown")
    for name in names:
        if name not in section.pack.indicators:
            remedy = suggest(name, section.pack.indicators)
            section.complain("shown", f"{name!r} is no indicator", remedy)
    return PublicRules(section.whole("least", default=10, most=_MAX), frozenset(names))


def _verified_by(section: Section) -> tuple[str, ...]:
    section.refuse_unknown(("checks",))
    names = section.texts("checks")
    for name in names:
        if name not in section.pack.checks:
            remedy = suggest(name, section.pack.checks)
            section.complain("checks", f"{name!r} is no check of the pack", remedy)
    return names


def _bulletin(section: Section) -> Bulletin:
    section.refuse_unknown(("title", "templates", "proof_rows", "rows", "objection_days"))
    section.whole("proof_rows", default=0, most=_MAX)
    if "rows" in section.values:
        _unit_rows(section.part("rows"))
    return Bulletin(
        section.translations("title"),
        section.translations("templates"),
        section.whole("objection_days", default=10, most=366),
    )


def _annex_section(section: Section) -> AnnexSection:
    section.refuse_unknown(("name", "title"))
    return AnnexSection(section.name("name"), section.translations("title"))


def _chart(section: Section) -> ChartRule:
    section.refuse_unknown(("indicator", "by"))
    by = section.choice("by", ChartBy, default=ChartBy.UNITS)
    return ChartRule(_indicator(section, "indicator"), ChartBy(by))


def _gap(section: Section) -> GapRule:
    section.refuse_unknown(
        ("name", "indicator", "when", "title", "text", "other", "units", "records")
    )
    units, records = section.part("units"), section.part("records")
    units.refuse_unknown(("levels", "text"))
    when = When(section.choice("when", When, default=When.MISSED))
    other = ""
    if when is When.EXCEEDS or "other" in section.values:
        other = _indicator(section, "other")
    return GapRule(
        name=section.name("name"),
        indicator=_indicator(section, "indicator"),
        when=when,
        title=section.translations("title"),
        text=_sentence(section, _GAP_FIELDS),
        other=other,
        levels=units.texts("levels"),
        units_text=_sentence(units, ("units",)) if units.values else None,
        records=_records(records) if records.values else None,
        records_text=_sentence(records, ("records",)) if records.values else None,
    )


_OPTIONAL = ("from_year", "withdrawn", "reason")  # columns a table of promises may lack


def _promises(section: Section) -> PromiseTable | None:
    columns = ("year", "text", "due", "indicator", "target", *_OPTIONAL)
    section.refuse_unknown(("table", "partly_from", *columns))
    table = section.table("table")
    if not table:
        return None
    return PromiseTable(
        table=table,
        partly_from=section.number("partly_from", default=0.5, least=0, most=1),
        **{
            key: ""
            if key in _OPTIONAL and key not in section.values
            else section.column_of(key, table)
            for key in columns
        },
    )


def _draft(section: Section) -> DraftRule:
    section.refuse_unknown(
        (
            "indicator", "measured_by", "text", "due", "target", "owner", "column", "most",
            "from_records",
        )
    )  # fmt: skip
    indicator = _indicator(section, "indicator")
    from_records = section.flag("from_records")
    due = section.text("due", default="12-31")
    if not _DAY.fullmatch(due):
        section.complain("due", f"{due!r} is no day of a year", 'write month and day: "06-30"')
    return DraftRule(
        indicator=indicator,
        measured_by=(
            _indicator(section, "measured_by") if "measured_by" in section.values else indicator
        ),
        text=_sentence(section, _DRAFT_FIELDS),
        due=due,
        target=section.number("target", default=0) if "target" in section.values else None,
        owner=_column(section, "owner", indicator) if "owner" in section.values else "",
        column=_column(section, "column", indicator) if from_records else "",
        most=section.whole("most", default=0, most=_MAX),
        from_records=from_records,
    )


def _records(section: Section) -> RecordList:
    section.refuse_unknown(("indicator", "column", "most", "text"))
    indicator = _indicator(section, "indicator")
    column = _column(section, "column", indicator)
    return RecordList(indicator, column, section.whole("most", default=6, most=_MAX))


def _indicator(section: Section, key: str) -> str:
    """An indicator's name; '' after a complaint."""
    name = section.text(key)
    if not name or name in section.pack.indicators:
        return name
    remedy = suggest(name, section.pack.indicators)
    section.complain(key, f"the pack has no indicator {name!r}", remedy)
    return ""


def _column(section: Section, key: str, indicator: str) -> str:
    """A column of the records behind `indicator`; persons are never listed."""
    found = section.pack.indicators.get(indicator)
    if found is None:
        return ""
    if found.measure is None:
        what = f"{indicator} is derived and has no records of its own"
        section.complain("indicator", what, "name one with a table")
        return ""
    name = section.text(key)
    table = section.pack.tables[found.measure.table]
    if any(column.name == name and column.role is Role.PERSON for column in table.columns):
        section.complain(key, f"{table.name}.{name} holds persons", "persons are never listed")
        return ""
    return section.column_of(key, table.name)


def _sentence(section: Section, known: Iterable[str]) -> Text:
    """A sentence in every language, with no field but those `known`."""
    known = tuple(known)
    sentence = section.translations("text")
    for lang, words in sentence.items():
        for name in sorted(set(_FIELD.findall(words)) - set(known)):
            section.complain(f"text.{lang}", f"{{{name}}} is no field", suggest(name, known))
    return sentence
