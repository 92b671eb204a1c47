"""What report/report.toml says, read into shapes and found to fit the pack."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shuzhi.errors import PackRefused
from shuzhi.packs.model import Pack, Role, Text

_FIELD = re.compile(r"\{(\w+)\}")


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


@dataclass(frozen=True)
class Section:
    """A section of the annex: the indicators that carry its name."""

    name: str
    title: Text


@dataclass(frozen=True)
class ReportRules:
    """All of report.toml."""

    title: Text
    signed_days_after: int
    proof_rows: int
    given_words: tuple[str, ...]
    templates: Mapping[str, str]  # language → file name
    sections: tuple[Section, ...]
    lists: Mapping[str, RecordList]
    gaps: tuple[GapRule, ...]
    promises: PromiseTable | None
    drafts: tuple[DraftRule, ...]


def read_rules(pack: Pack) -> ReportRules:
    """The rules of the pack's report.

    Raises: PackRefused, naming every key that is missing or names nothing in the pack.
    """
    reader = _Reader(pack)
    rules = reader.read(pack.report)
    if reader.complaints:
        raise PackRefused(reader.complaints)
    return rules


class _Reader:
    """Reads and complains; the complaints are raised together."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.complaints: list[str] = []

    def read(self, data: Mapping[str, Any]) -> ReportRules:
        report = data.get("report", {})
        return ReportRules(
            title=self._text(report, "title", "[report]"),
            signed_days_after=int(report.get("signed_days_after", 10)),
            proof_rows=int(report.get("proof_rows", 10)),
            given_words=tuple(report.get("given_words", ())),
            templates=report.get("templates", {"zh": "report.zh.docx", "en": "report.en.docx"}),
            sections=tuple(
                Section(item["name"], self._text(item, "title", "[[sections]]"))
                for item in data.get("sections", ())
            ),
            lists={
                name: self._records(item, f"[lists.{name}]")
                for name, item in data.get("lists", {}).items()
            },
            gaps=tuple(self._gap(item) for item in data.get("gaps", ())),
            promises=self._promises(data["promises"]) if "promises" in data else None,
            drafts=tuple(self._draft(item) for item in data.get("drafts", ())),
        )

    def _gap(self, item: Mapping[str, Any]) -> GapRule:
        where = f"[[gaps]] {item.get('name', '?')}"
        records = item.get("records")
        units = item.get("units", {})
        rule = GapRule(
            name=str(item.get("name", "")),
            indicator=self._indicator(item.get("indicator"), where),
            when=When(item.get("when", "missed")),
            title=self._text(item, "title", where),
            text=self._text(item, "text", where),
            other=self._indicator(item["other"], where) if "other" in item else "",
            levels=tuple(units.get("levels", ())),
            units_text=self._text(units, "text", f"{where} units") if units else None,
            records=self._records(records, f"{where} records") if records else None,
            records_text=self._text(records, "text", f"{where} records") if records else None,
        )
        known = {"value", "target", "short", "last", "other", "reported", "asked"}
        self._fields(rule.text, known, where)
        return rule

    def _promises(self, item: Mapping[str, Any]) -> PromiseTable | None:
        where = "[promises]"
        table = self.pack.tables.get(item.get("table", ""))
        if table is None:
            self._complain(where, f"table {item.get('table')!r} is not in the pack", "name one")
            return None
        names = {column.name for column in table.columns}
        columns = {
            key: str(item.get(key, ""))
            for key in ("year", "from_year", "text", "due", "indicator", "target", "withdrawn")
        }
        for key, column in columns.items():
            if (column or key not in ("withdrawn", "from_year")) and column not in names:
                what = f"{key} = {column!r} is no column of {table.name}"
                self._complain(where, what, "name one")
        return PromiseTable(
            table=table.name, partly_from=float(item.get("partly_from", 0.5)), **columns
        )

    def _draft(self, item: Mapping[str, Any]) -> DraftRule:
        where = f"[[drafts]] {item.get('indicator', '?')}"
        indicator = self._indicator(item.get("indicator"), where)
        from_records = bool(item.get("from_records", False))
        if from_records:
            self._column(indicator, str(item.get("column", "")), where)
        rule = DraftRule(
            indicator=indicator,
            measured_by=self._indicator(item.get("measured_by", indicator), where),
            text=self._text(item, "text", where),
            due=str(item.get("due", "12-31")),
            target=item.get("target"),
            owner=str(item.get("owner", "")),
            column=str(item.get("column", "")),
            most=int(item.get("most", 0)),
            from_records=from_records,
        )
        self._fields(rule.text, {"value", "target", "short", "record"}, where)
        return rule

    def _records(self, item: Mapping[str, Any], where: str) -> RecordList:
        indicator = self._indicator(item.get("indicator"), where)
        column = str(item.get("column", ""))
        self._column(indicator, column, where)
        return RecordList(indicator, column, int(item.get("most", 6)))

    def _column(self, indicator: str, column: str, where: str) -> None:
        definition = self.pack.indicators.get(indicator)
        if definition is None or definition.measure is None:
            if definition is not None:
                self._complain(
                    where,
                    f"{indicator} is derived and has no records of its own",
                    "name one with a table",
                )
            return
        table = self.pack.tables[definition.measure.table]
        found = next((c for c in table.columns if c.name == column), None)
        if found is None:
            self._complain(where, f"column {column!r} is not in {table.name}", "name one that is")
        elif found.role is Role.PERSON:
            self._complain(where, f"column {column} holds persons", "persons are never listed")

    def _indicator(self, name: object, where: str) -> str:
        if name not in self.pack.indicators:
            self._complain(where, f"indicator {name!r} is not in the pack", "name one that is")
        return str(name)

    def _text(self, item: Mapping[str, Any], key: str, where: str) -> Text:
        text = item.get(key, {})
        if not isinstance(text, Mapping) or {"zh", "en"} - set(text):
            self._complain(where, f"{key} lacks zh or en", "write both")
            return {"zh": "", "en": ""}
        return text

    def _fields(self, text: Text, known: Iterable[str], where: str) -> None:
        for lang, sentence in text.items():
            for name in set(_FIELD.findall(sentence)) - set(known):
                self._complain(
                    where, f"{lang}: {{{name}}} is unknown", f"write one of {sorted(known)}"
                )

    def _complain(self, where: str, what: str, remedy: str) -> None:
        self.complaints.append(f"report/report.toml {where}: {what}; {remedy}")
