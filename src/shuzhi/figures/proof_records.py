"""Rows as proofs list them: the file with its SHA-256, the sheet, the row and the cells."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from shuzhi.engines.plan import TracedRow
from shuzhi.figures.model import ProofRecord
from shuzhi.figures.reporting import Reporting
from shuzhi.ledgers.model import FILE, RECORD_ID, ROW, SHEET, Ledgers, Return, ReturnState
from shuzhi.ledgers.sealed_parts import SealedPart
from shuzhi.packs.model import Indicator, Measure, MeasureKind, Pack, Role
from shuzhi.periods import Period


class SentFiles:
    """What is known of the files that records came from."""

    def __init__(self, ledgers: Ledgers) -> None:
        self._ledgers = ledgers

    @cached_property
    def sums(self) -> Mapping[str, str]:
        """The SHA-256 of each file."""
        if isinstance(self._ledgers.sources, SealedPart):
            table = self._ledgers.sources.table
            columns = (table[name].to_pylist() for name in ("path", "sha256"))
            return dict(zip(*columns, strict=True))
        return {source.path: source.sha256 for source in self._ledgers.sources}

    @cached_property
    def letters(self) -> Mapping[tuple[str, str, str], Mapping[str, str]]:
        """The columns of each table, file and sheet, as letters."""
        return {(s.table, s.file, s.sheet): s.columns for s in self._ledgers.sheets}


class ProofRecords:
    """Makes the records of proofs; one that stands in several proofs of an indicator is shared."""

    def __init__(
        self, ledgers: Ledgers, pack: Pack, reporting: Reporting, files: "SentFiles"
    ) -> None:
        self._ledgers = ledgers
        self._files = files
        self._pack = pack
        self._reporting = reporting
        self._made: dict[tuple[str, str, bool], ProofRecord] = {}
        self._used: dict[Measure, tuple[str, ...]] = {}

    def of_rows(
        self, indicator: Indicator, measure: Measure, rows: Sequence[TracedRow]
    ) -> tuple[ProofRecord, ...]:
        if self._counts_persons(measure):
            return tuple(self._of_persons(measure, rows))
        return tuple(self._shared(indicator.name, measure, row) for row in rows)

    def of_returns(self, table: str, unit: str, period: Period) -> tuple[ProofRecord, ...]:
        """One record per return asked for: 1 if it came, None if it is missing. A sender all of
        whose returns say "not applicable" is left out, as it is from the rate."""
        asked = [
            (sender, part)
            for part in self._reporting.parts(table, period)
            for sender in self._reporting.senders(table, part, unit)
        ]
        found = {key: self._return(table, *key) for key in asked}
        applicable = {
            sender
            for (sender, _), answer in found.items()
            if answer is None or answer.state is not ReturnState.NOT_APPLICABLE
        }
        return tuple(
            self._of_return(table, sender, part, found[sender, part])
            for sender, part in sorted(asked, key=lambda key: (key[0], key[1].start))
            if sender in applicable
        )

    def of_units(self, codes: Sequence[str], day: date) -> tuple[ProofRecord, ...]:
        """One record per unit, with the row of the table of units that holds it on `day`."""
        return tuple(self._of_unit(code, day) for code in codes)

    def _counts_persons(self, measure: Measure) -> bool:
        if not measure.column:
            return False
        return self._pack.tables[measure.table].column(measure.column).role is Role.PERSON

    def _of_persons(self, measure: Measure, rows: Sequence[TracedRow]) -> Iterator[ProofRecord]:
        numbers: dict[object, int] = {}
        for row in rows:
            number = numbers.setdefault(row.value, len(numbers) + 1)
            yield self._record(measure, row, f"person {number}")

    def _shared(self, indicator: str, measure: Measure, row: TracedRow) -> ProofRecord:
        key = indicator, row.record, row.counted
        if key not in self._made:
            self._made[key] = self._record(measure, row, _contribution(measure.kind, row))
        return self._made[key]

    def _record(
        self, measure: Measure, row: TracedRow, contribution: float | str | None
    ) -> ProofRecord:
        return ProofRecord(
            measure.table, row.record, row.unit, row.day.isoformat(), contribution,
            row.file, self._sha256(row.file), row.sheet, row.row,
            self._cells(measure, row),
        )  # fmt: skip

    def _cells(self, measure: Measure, row: TracedRow) -> tuple[tuple[str, str], ...]:
        letters = self._files.letters.get((measure.table, row.file, row.sheet), {})
        if measure not in self._used:
            self._used[measure] = _columns_used(measure, self._pack)
        return tuple(
            (column, f"{letters[column]}{row.row}")
            for column in self._used[measure]
            if column in letters
        )

    def _of_return(
        self, table: str, sender: str, part: Period, answer: Return | None
    ) -> ProofRecord:
        file, sheet = (answer.file, answer.sheet) if answer else ("", "")
        received = answer.received_on if answer else ""
        return ProofRecord(
            table, f"return {sender} {part.name}", sender, received, 1.0 if answer else None,
            file, self._sha256(file), sheet, 0, (),
        )  # fmt: skip

    def _return(self, table: str, sender: str, part: Period) -> Return | None:
        """What the sender answered, rather with rows or nil than "not applicable"."""
        answers = self._reporting.returns.get((table, part.name, sender), ())
        applicable = (a for a in answers if a.state is not ReturnState.NOT_APPLICABLE)
        return next(applicable, next(iter(answers), None))

    def _of_unit(self, code: str, day: date) -> ProofRecord:
        row = next((r for r in self._unit_rows.get(code, ()) if _holds_on(r, day)), None)
        if row is None:
            return ProofRecord("units", code, code, day.isoformat(), 1.0, "", "", "", 0, ())
        return ProofRecord(
            self._pack.units_table.name, row[RECORD_ID], code, day.isoformat(), 1.0,
            row[FILE], self._sha256(row[FILE]), row[SHEET], row[ROW], (),
        )  # fmt: skip

    def _sha256(self, file: str) -> str:
        return self._files.sums.get(file, "")

    @cached_property
    def _unit_rows(self) -> Mapping[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for table in self._pack.tables.values():
            if table.is_units and table.name in self._ledgers.tables:
                for row in self._ledgers.tables[table.name].to_pylist():
                    found.setdefault(row["code"], []).append(row)
        return found


def _columns_used(measure: Measure, pack: Pack) -> tuple[str, ...]:
    predicates = [p for p in (measure.share_of, measure.where) if p is not None]
    used = [
        pack.tables[measure.table].unit_column.name, measure.date, measure.ends, measure.column,
        *(column for predicate in predicates for column in predicate.columns),
    ]  # fmt: skip
    return tuple(dict.fromkeys(column for column in used if column))


def _contribution(kind: MeasureKind, row: TracedRow) -> float | str | None:
    if kind in (MeasureKind.COUNT, MeasureKind.STOCK, MeasureKind.SHARE):
        return 1.0 if row.counted else None
    if kind is MeasureKind.DISTINCT:
        return str(row.value)
    return float(str(row.value))


def _holds_on(row: Mapping[str, Any], day: date) -> bool:
    begins, ends = row["valid_from"], row["valid_to"]
    return (begins is None or begins <= day) and (ends is None or day < ends)
