"""How well the rules do on a source whose planted errors are known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shuzhi.checks.model import Flag
from shuzhi.checks.run import CHECKS
from shuzhi.ledgers.model import FILE, RECORD_ID, ROW, SHEET, Ledgers

Place = tuple[str, ...]
_PLACE_COLUMNS = (RECORD_ID, FILE, SHEET, ROW)


@dataclass(frozen=True)
class Accuracy:
    """One rule against the truth.

    `planted` errors of which `found` are behind a flag; `flags` raised of which `right` stand on
    a planted error; `wrong_records` stand in the others. Missing: None where nothing was planted
    (recall) or flagged (precision).
    """

    check: str
    planted: int
    found: int
    flags: int
    right: int
    wrong_records: int = 0

    @property
    def recall(self) -> float | None:
        return self.found / self.planted if self.planted else None

    @property
    def precision(self) -> float | None:
        return self.right / self.flags if self.flags else None


def precision_recall(
    flags: Sequence[Flag], ledgers: Ledgers, truth_errors: Iterable[Mapping[str, Any]]
) -> list[Accuracy]:
    """Shape: one row a rule that was planted or flagged, in the order of CHECKS.

    `truth_errors` are objects with `code` (a rule's name; others are left aside) and either
    `file, sheet, row` or, for returns, `unit, table, period`. A flag meets an error if any of
    its records stands there.
    """
    errors: dict[str, set[Place]] = {}
    for error in truth_errors:
        errors.setdefault(error["code"], set()).add(_error_place(error))
    written = _places_of_records(ledgers, {(f.table, r) for f in flags for r in f.records})
    rows = []
    for check in CHECKS:
        planted = errors.get(check.name, set())
        places = [_flag_places(flag, written) for flag in flags if flag.check == check.name]
        if planted or places:
            found = planted.intersection(set[Place]().union(*places))
            right = sum(1 for some in places if some & planted)
            wrong = set[Place]().union(*(some for some in places if not some & planted))
            rows.append(
                Accuracy(check.name, len(planted), len(found), len(places), right, len(wrong))
            )
    return rows


def _error_place(error: Mapping[str, Any]) -> Place:
    if "period" in error:
        return error["unit"], error["table"], error["period"]
    return error["file"], error["sheet"], str(error["row"])


def _flag_places(flag: Flag, written: Mapping[tuple[str, str], Place]) -> set[Place]:
    if not flag.records:
        return {(flag.unit, flag.table, flag.period)}
    return {written[flag.table, record] for record in flag.records}


def _places_of_records(
    ledgers: Ledgers, wanted: set[tuple[str, str]]
) -> dict[tuple[str, str], Place]:
    places: dict[tuple[str, str], Place] = {}
    for table in {table for table, _ in wanted}:
        columns = (ledgers.tables[table].column(n).to_pylist() for n in _PLACE_COLUMNS)
        for record, file, sheet, row in zip(*columns, strict=True):
            if (table, record) in wanted:
                places[table, record] = file, sheet, str(row)
    return places
