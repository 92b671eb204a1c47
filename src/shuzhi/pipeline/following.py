"""This record held against earlier editions: answers are kept, no promise is dropped in silence."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from shuzhi.checks.outcomes import Answer, answers_given
from shuzhi.checks.output import flags_from_arrow
from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.edition import open_edition
from shuzhi.periods import Period, previous_year
from shuzhi.pipeline.counting import count
from shuzhi.pipeline.reporting import press_for
from shuzhi.pipeline.sealing import sealed_period
from shuzhi.pipeline.source import Source
from shuzhi.reports.outcomes import find_indicator
from shuzhi.reports.promises import draft_promises, promise_rows
from shuzhi.reports.rules import PromiseTable
from shuzhi.reports.sources import Sources


def keep_answers(source: Source, *editions: Path | None) -> Source:
    """The source with what became of flags in the editions named; of two answers the last holds.

    Raises: UserError where one of them is of another programme.
    """
    answers: dict[str, Answer] = {}
    for path in filter(None, editions):
        edition = open_edition(path)
        if edition.pack.name != source.pack.name:
            raise UserError(
                f"{path} is of the programme {edition.pack.name!r}, not of {source.pack.name!r}"
            )
        if "flags" in edition.extras:
            answers |= answers_given(flags_from_arrow(edition.extras["flags"]))
    return replace(source, answers=answers)


def refuse_dropped_promises(
    source: Source, period: Period, previous: Path, *, lang: str = "zh"
) -> None:
    """Nothing, where every promise of last year's edition stands in this year's table.

    Those are the records the edition holds for this year already, found again by their number; and
    what its report promised, found again by owner and indicator, for staff may put it better.
    Raises: InputRefused, naming each one that is missing; UserError where `previous` is not of the
    year before.
    """
    edition = open_edition(previous)
    last = sealed_period(edition)
    if last != previous_year(period):
        raise UserError(
            f"{previous} is of {last.name}; name the edition of {previous_year(period).name}"
        )
    old = Source(previous, edition.pack, edition.ledgers, edition)
    work = count(old, last, lang=lang)
    root = edition.ledgers.units.root
    with press_for(old, work, [root], lang=lang) as press:
        sources = press.sources
        table = sources.rules.promises
        if table is None:
            return
        missing = [
            *_missing_records(sources, source, table, period),
            *_missing_drafts(sources, source, table, period, root),
        ]
    if missing:
        raise InputRefused(
            f"{len(missing)} promised in {last.name} and not answered for in {period.name}: "
            f"{'; '.join(missing)}. Put each into the table {table.table!r}, as withdrawn and with "
            "the reason where it no longer holds"
        )


def _missing_records(
    sources: Sources, source: Source, table: PromiseTable, period: Period
) -> Iterator[str]:
    standing = set(source.ledgers.tables[table.table]["_id"].to_pylist())
    year = period.last_day.year
    for row in sources.ledgers.tables[table.table].to_pylist():
        if row[table.year] == year and row["_id"] not in standing:
            yield f"{row['_id']} {row[table.text]}"


def _missing_drafts(
    sources: Sources, source: Source, table: PromiseTable, period: Period, root: str
) -> Iterator[str]:
    unit_column = source.pack.tables[table.table].unit_column.name
    year = period.last_day.year
    standing = Counter(
        (row[unit_column], find_indicator(sources, str(row[table.indicator] or "")))
        for row in source.ledgers.tables[table.table].to_pylist()
        if row[table.year] == year
    )
    tree = source.ledgers.units
    drafts = draft_promises(sources, root)
    for draft, row in zip(drafts, promise_rows(sources, drafts).to_pylist(), strict=True):
        owner = tree.heir(draft.unit, period.last_day)
        key = next((k for k in ((draft.unit, draft.indicator), (owner, draft.indicator))
                    if standing[k]), None)  # fmt: skip
        if key is None:
            yield f"{draft.unit} {draft.indicator} {row[table.text]}"
        else:
            standing[key] -= 1
