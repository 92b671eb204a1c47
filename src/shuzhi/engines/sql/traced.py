"""The rows behind the cells of a scan."""

from sqlglot import exp

from shuzhi.engines.sql.at_once import joined, keys_of_rows
from shuzhi.engines.sql.nodes import LEDGER, PLACED, column, plain, select
from shuzhi.engines.sql.placement import asked_of_rows, join_places, place_columns
from shuzhi.engines.sql.selection import Selection
from shuzhi.engines.sql.steps import Step
from shuzhi.ledgers.model import FILE, RECORD_ID, ROW, SHEET

_PROVENANCE = {"record": RECORD_ID, "file": FILE, "sheet": SHEET, "line": ROW}


def trace_steps(selection: Selection) -> tuple[Step, ...]:
    """At the end one row per unit (own unit), period and record, by day and record: the keys, then
    `trace_columns`."""
    scan = selection.scan
    columns = place_columns(selection, scan.date) | {
        "code": column(selection.table.unit_column.name, LEDGER),
        "day": column(scan.date, LEDGER),
        **{alias: column(name, LEDGER) for alias, name in _PROVENANCE.items()},
        **asked_of_rows(selection),
    }
    placed = join_places(select(LEDGER, columns), selection, scan.date)
    counted = (
        exp.and_(exp.true(), *selection.taken_into_account(measure), copy=False)
        for measure in scan.measures.values()
    )
    traced = select(
        PLACED, keys_of_rows(selection) | plain(trace_columns(selection), PLACED),
        where=exp.or_(*counted, copy=False),
    )  # fmt: skip
    by = column("day", PLACED), column("record", PLACED)
    traced = joined(traced, selection).order_by(*by, copy=False)
    return Step(PLACED, placed), Step("traced", traced)


def trace_columns(selection: Selection) -> list[str]:
    fixed = ["record", "code", "day", "file", "sheet", "line"]
    return [*fixed, *selection.answers.values(), *selection.values.values()]
