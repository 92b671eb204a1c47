"""Proofs on screen: the way from a figure down, a step at a time, to the rows it was counted from.

`at` names a step below a figure's proof by its place among its siblings: "1.0" is the first step of
the second.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from shuzhi import pipeline
from shuzhi.errors import UserError
from shuzhi.figures.model import Proof, ProofRecord
from shuzhi.periods import parse_period
from workplace.accounts.models import User
from workplace.editions.opened import Look, language, opened, proof_of
from workplace.records.access import visible_records
from workplace.web.numbers import whole_number
from workplace.web.texts import text_in

ON_A_PAGE = 50
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
# Above so many rows a measured figure's rows are read as columns: no object is made a row.
AS_COLUMNS = 5_000


@dataclass(frozen=True)
class ShownStep:
    """One step below: where it leads. `url_args` is set where it is a figure with a page of its
    own; else `at` leads to it."""

    title: str
    text: str
    unit: str
    records: int
    url_args: tuple[str, str, str] | None
    at: str


@dataclass(frozen=True)
class ShownRow:
    """One record behind a figure. `record` is its page's number; None where it is not kept here."""

    table: str
    key: str
    unit: str
    day: str
    counted: str
    file: str
    sheet: str
    row: int
    cells: str
    sha256: str
    record: int | None
    upload: int | None


@dataclass(frozen=True)
class ShownProof:
    """One proof, or one step of it, with a page of its rows."""

    title: str
    text: str
    how: str
    rule: str
    steps: list[ShownStep]
    rows: list[ShownRow]
    page: Page
    trail: list[tuple[str, str]]  # the steps above: title and `at`


def shown_proof(
    user: User, look: Look, indicator: str, unit: str, at: str, page: str
) -> ShownProof:
    """The proof of a figure, or the step `at` below it, with the pages of those rows that the
    person may open. Raises: Http404 where there is none."""
    if indicator not in look.pack.indicators:
        raise Http404
    figure = look.sources.figure(indicator, unit)
    if figure is None:
        raise Http404
    if figure.records > AS_COLUMNS and not at:
        try:
            return _as_columns(user, look, indicator, unit, page)
        except UserError:
            pass  # put together from other figures: its steps are few
    proof = proof_of(look.preview.folder, indicator, unit, look.period.name)
    trail = [(_title(look, proof), "")]
    for depth, place in enumerate(places := _places(at)):
        if place >= len(proof.steps):
            raise Http404
        proof = proof.steps[place]
        trail.append((_title(look, proof), ".".join(map(str, places[: depth + 1]))))
    return _shown(user, look, proof, at, page, trail[:-1])


def _places(at: str) -> list[int]:
    places = [whole_number(part) for part in at.split(".")] if at else []
    if None in places:
        raise Http404
    return [place for place in places if place is not None]


def _shown(
    user: User, look: Look, proof: Proof, at: str, page: str, trail: list[tuple[str, str]]
) -> ShownProof:
    records = Paginator(proof.records, ON_A_PAGE).get_page(page)
    return ShownProof(
        _title(look, proof), _text(look, proof), _how(look, proof), proof.rule,
        [_step(look, step, f"{at}.{n}" if at else str(n)) for n, step in enumerate(proof.steps)],
        list(_rows(user, look, proof.records, records)), records, trail,
    )  # fmt: skip


def _as_columns(user: User, look: Look, indicator: str, unit: str, page: str) -> ShownProof:
    table = pipeline.proof_rows(opened(look.preview.folder), indicator, unit, look.period)
    pages = Paginator(range(len(table)), ON_A_PAGE).get_page(page)
    part = table.slice(pages.object_list.start, len(pages.object_list)).to_pylist()
    measure = look.pack.indicators[indicator].measure
    assert measure is not None
    sums = {file.path: file.sha256 for file in look.sources.ledgers.sources}
    records = tuple(
        ProofRecord(
            measure.table, row["record"], row["unit"], row["day"].isoformat(),
            row.get("value", 1 if row["counted"] else None), row["file"],
            sums.get(row["file"], ""), row["sheet"], row["row"], (),
        )
        for row in part
    )  # fmt: skip
    line = pipeline.line_of(look.sources, indicator, unit)
    assert line is not None
    title, how = text_in(line.indicator.label), measure.kind.value
    return ShownProof(title, line.text, how, how, [], _linked(user, look, records), pages, [])


def _step(look: Look, step: Proof, at: str) -> ShownStep:
    figure = step.figure
    own = look.sources.figures.get((figure.indicator, figure.unit, figure.period))
    args = (figure.indicator, figure.unit, figure.period) if own == figure else None
    names = look.names({figure.unit})
    return ShownStep(
        _title(look, step), _text(look, step), names[figure.unit], figure.records, args, at
    )  # fmt: skip


def _title(look: Look, proof: Proof) -> str:
    """What a step is called, with its period: a target and last year's figure are told apart."""
    figure = proof.figure
    definition = look.pack.indicators.get(figure.indicator)
    if definition is not None:
        period = pipeline.say_period(parse_period(figure.period), language())
        return f"{text_in(definition.label)} · {period}"
    kind, _open, rest = figure.indicator.partition("(")
    about = rest.removesuffix(")")
    table = look.pack.tables.get(about)
    level = next((each.label for each in look.pack.levels if each.code == about), None)
    words = {
        "reporting_rate": _("Reporting rate: %(about)s"),
        "units_below": _("Units below: %(about)s"),
        "target": _("Target: %(about)s"),
    }
    indicator = look.pack.indicators.get(about)
    named = table.label if table else level or (indicator.label if indicator else about)
    return words.get(kind, "%(about)s") % {"about": text_in(named)}


def _how(look: Look, proof: Proof) -> str:
    """How it is worked out, with the labels of indicators in the place of their names."""
    known = look.pack.indicators
    return _NAME.sub(
        lambda name: text_in(known[name[0]].label) if name[0] in known else name[0], proof.how
    )


def _text(look: Look, proof: Proof) -> str:
    figure = proof.figure
    definition = look.pack.indicators.get(figure.indicator)
    if definition is not None:
        text = pipeline.figure_text(look.sources, figure)
        return f"{text} {text_in(definition.uom)}" if figure.value is not None else text
    return "" if figure.value is None else f"{figure.value:g}"


def _rows(
    user: User, look: Look, all_records: Sequence[ProofRecord], page: Page
) -> Iterator[ShownRow]:
    """The rows of a page; a person met before is said to be counted already."""
    start = page.start_index() - 1
    first: dict[str, int] = {}
    for place, record in enumerate(all_records[: start + len(page.object_list)]):
        if isinstance(record.contribution, str):
            first.setdefault(record.contribution, place)
    for place, shown in enumerate(_linked(user, look, tuple(page.object_list)), start=start):
        contribution = all_records[place].contribution
        if isinstance(contribution, str) and contribution.startswith("person "):
            is_first = first[contribution] == place
            text = _("1 person") if is_first else _("a person counted already")
            yield ShownRow(**{**vars(shown), "counted": text})
        else:
            yield shown


def _linked(user: User, look: Look, records: tuple[ProofRecord, ...]) -> list[ShownRow]:
    """The records as rows, with the pages of those that are kept here."""
    found = _kept(user, look, records)
    names = look.names({record.unit for record in records})
    return [_row(look, record, names, found) for record in records]


def _row(
    look: Look, record: ProofRecord, names: Any, found: dict[tuple[str, str], tuple[int, int]]
) -> ShownRow:
    table = look.pack.tables.get(record.table)
    pk, upload = found.get((record.table, record.record), (None, None))
    return ShownRow(
        text_in(table.label) if table else record.table, record.record, names[record.unit],
        record.date, _counted(record.contribution), record.file, record.sheet, record.row,
        " ".join(address for _column, address in record.cells), record.sha256, pk, upload,
    )  # fmt: skip


def _counted(contribution: float | str | None) -> str:
    if contribution is None:
        return _("not counted")
    return f"{contribution:g}" if isinstance(contribution, float | int) else contribution


def _kept(
    user: User, look: Look, records: tuple[ProofRecord, ...]
) -> dict[tuple[str, str], tuple[int, int | None]]:
    """The page and the upload of each record that is kept here and that the person may open, by
    table and id: one that is being mended since has no page for those above. Of several with one
    id the one that was written in the same place."""
    wanted = Q(pk=None)
    for table in {record.table for record in records}:
        keys = [record.record for record in records if record.table == table]
        wanted |= Q(table=table, key__in=keys)
    places = {(r.table, r.record): (r.file.rpartition("/")[2], r.sheet, r.row) for r in records}
    found: dict[tuple[str, str], tuple[int, int | None]] = {}
    fields = ("pk", "upload_id", "table", "key", "file_name", "sheet", "row")
    kept = visible_records(user).filter(wanted, pack=look.pack.name)
    for pk, upload, table, key, file, sheet, row in kept.values_list(*fields):
        at = (file.rpartition("/")[2], sheet, row)
        if (table, key) not in found or places.get((table, key)) == at:
            found[table, key] = pk, upload
    return found
