"""Sections 6 and 7: last year's promises answered for, next year's drafted."""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from shuzhi.figures.model import Figure
from shuzhi.ledgers.model import PROVENANCE, arrow_schema
from shuzhi.reports.markers import TOKEN, given
from shuzhi.reports.outcomes import JudgedPromise, PromiseOutcome, promise_outcomes
from shuzhi.reports.phrases import bound, figure_fields, fill, named, records_behind, unit_name
from shuzhi.reports.rules import DraftRule, PromiseTable
from shuzhi.reports.sources import Sources
from shuzhi.reports.wording import date_text, plain_number

_OUTCOMES: Mapping[str, Mapping[PromiseOutcome, str]] = {
    "zh": {
        PromiseOutcome.KEPT: "已兑现",
        PromiseOutcome.LATE: "逾期兑现",
        PromiseOutcome.PARTLY: "部分兑现",
        PromiseOutcome.NOT: "未兑现",
        PromiseOutcome.WITHDRAWN: "已撤回",
        PromiseOutcome.UNKNOWN: "无法核定",
    },
    "en": {
        PromiseOutcome.KEPT: "kept",
        PromiseOutcome.LATE: "kept late",
        PromiseOutcome.PARTLY: "kept in part",
        PromiseOutcome.NOT: "not kept",
        PromiseOutcome.WITHDRAWN: "withdrawn",
        PromiseOutcome.UNKNOWN: "cannot be judged",
    },
}


@dataclass(frozen=True)
class DraftPromise:
    """A promise drafted for next year. `text` is as printed in the report, with its markers;
    `cause` the figure or record it comes from."""

    unit: str
    due: date
    indicator: str
    target: float
    text: str
    target_text: str
    cause: str


def answer_promises(sources: Sources, unit: str) -> list[dict[str, Any]]:
    """Last year's promises, as the template prints them.

    Shape: one a promise: `unit`, `text`, `due`, `indicator`, `target`, `value`, `uom`, `known`
    (the value is one), `years` (for how many it has been promised, '' for the first), `reason` (of
    a withdrawal), `outcome` (a word) and `code` (kept, late, partly, not, withdrawn,
    unknown).
    """
    return [_answer(sources, promise) for promise in promise_outcomes(sources, unit)]


def count_outcomes(sources: Sources, unit: str) -> dict[str, str]:
    """How many promises came to what, as tokens; only what occurs. `all` is their sum."""
    found = {promise.outcome.value for promise in promise_outcomes(sources, unit)}
    counts = {code: bound(sources, f"promises.{unit}:{code}") for code in sorted(found)}
    return counts | ({"all": bound(sources, f"promises.{unit}")} if found else {})


def draft_promises(sources: Sources, unit: str) -> tuple[DraftPromise, ...]:
    """Next year's promises of the unit, by the rules of report.toml."""
    drafts: list[DraftPromise] = []
    for rule in sources.rules.drafts:
        figure = sources.figure(rule.indicator, unit)
        if figure is not None:
            found = _from_records if rule.from_records else _from_target
            drafts.extend(found(sources, rule, figure))
    return tuple(drafts)


def print_drafts(sources: Sources, drafts: tuple[DraftPromise, ...]) -> list[dict[str, Any]]:
    """Drafts as the template prints them: `unit`, `text`, `due`, `indicator`, `target`, `uom`."""
    return [
        {
            "unit": unit_name(sources, draft.unit),
            "text": draft.text,
            "due": given(date_text(draft.due, sources.lang)),
            "indicator": named(sources.pack.indicators[draft.indicator].label[sources.lang]),
            "target": draft.target_text,
            **_uom(sources, draft.indicator),
        }
        for draft in drafts
    ]


def promise_rows(sources: Sources, drafts: tuple[DraftPromise, ...]) -> pa.Table:
    """Drafts as rows of the pack's table of promises, ready for next year's ledger.

    Shape: one row a draft. Missing: every column the draft says nothing of is null.
    """
    table = sources.rules.promises
    if table is None:
        return pa.table({})
    definition = sources.pack.tables[table.table]
    schema = pa.schema([f for f in arrow_schema(definition) if f.name not in PROVENANCE])
    year = sources.period.last_day.year
    rows = [
        {
            definition.unit_column.name: draft.unit,
            table.year: year + 1,
            table.text: TOKEN.sub(lambda match: match[2], draft.text),
            table.due: draft.due,
            table.indicator: draft.indicator,
            table.target: Decimal(repr(draft.target)).quantize(Decimal("0.0001")),
        }
        | ({table.from_year: year} if table.from_year else {})
        for draft in drafts
    ]
    return pa.Table.from_pylist(rows, schema=schema)


def _answer(sources: Sources, promise: JudgedPromise) -> dict[str, Any]:
    table = sources.rules.promises
    if table is None:
        raise ValueError("a promise was judged without a table of promises")
    record = f"record:{table.table}/{promise.record}"
    indicator = sources.pack.indicators.get(promise.indicator)
    has_target = promise.target is not None
    return {
        "unit": unit_name(sources, promise.unit),
        "text": bound(sources, f"{record}/{table.text}"),
        "due": bound(sources, f"{record}/{table.due}"),
        "indicator": named(indicator.label[sources.lang]) if indicator else "",
        **_uom(sources, promise.indicator),
        "target": bound(sources, f"{record}/{table.target}") if has_target else "",
        "value": bound(sources, promise.figure.figure_id) if promise.figure else "",
        "known": promise.figure is not None and promise.figure.value is not None,
        "years": _years(sources, table, promise),
        "outcome": _OUTCOMES[sources.lang][promise.outcome],
        "code": promise.outcome.value,
        "reason": bound(sources, f"{record}/{table.reason}")
        if table.reason and promise.outcome is PromiseOutcome.WITHDRAWN
        else "",
    }


def _years(sources: Sources, table: PromiseTable, promise: JudgedPromise) -> str:
    if promise.years < 2 or not table.from_year:
        return ""
    return bound(sources, f"record:{table.table}/{promise.record}/{table.from_year}:years")


def _uom(sources: Sources, indicator: str) -> dict[str, str]:
    """The unit of measure, and what stands between it and its number."""
    definition = sources.pack.indicators.get(indicator)
    uom = definition.uom[sources.lang] if definition else ""
    return {"uom": uom, "gap": " " if sources.lang == "en" and uom not in ("", "%") else ""}


def _from_target(sources: Sources, rule: DraftRule, figure: Figure) -> Iterator[DraftPromise]:
    target = rule.target if rule.target is not None else sources.target(figure)
    if target is None or not (sources.misses(figure) or _above(rule, figure)):
        return
    yield DraftPromise(
        unit=figure.unit,
        due=_due(sources, rule),
        indicator=rule.measured_by,
        target=target,
        text=fill(rule.text[sources.lang], figure_fields(sources, figure)),
        target_text=_target_text(sources, rule, figure),
        cause=figure.figure_id,
    )


def _from_records(sources: Sources, rule: DraftRule, figure: Figure) -> Iterator[DraftPromise]:
    records = records_behind(sources, figure)
    for record in records[: rule.most or len(records)]:
        name = bound(sources, f"record:{record.table}/{record.record}/{rule.column}")
        owner = sources.records.unit(record.table, record.record)
        if rule.owner:
            value = sources.records.value(record.table, record.record, rule.owner)
            owner = owner if value is None else str(value)
        yield DraftPromise(
            unit=owner,
            due=_due(sources, rule),
            indicator=rule.measured_by,
            target=rule.target or 0.0,
            text=fill(rule.text[sources.lang], {"record": lambda name=name: name}),  # type: ignore[misc]
            target_text=_target_text(sources, rule, figure),
            cause=f"record:{record.table}/{record.record}",
        )


def _above(rule: DraftRule, figure: Figure) -> bool:
    """A rule with a target of its own speaks where the figure is above it: 0 overdue."""
    return rule.target is not None and figure.value is not None and figure.value > rule.target


def _target_text(sources: Sources, rule: DraftRule, figure: Figure) -> str:
    if rule.target is not None:
        return given(plain_number(rule.target, sources.lang))
    return bound(sources, f"{figure.figure_id}:target")


def _due(sources: Sources, rule: DraftRule) -> date:
    month, _, day = rule.due.partition("-")
    year = sources.period.last_day.year + 1
    return date(year, int(month), min(int(day), calendar.monthrange(year, int(month))[1]))
