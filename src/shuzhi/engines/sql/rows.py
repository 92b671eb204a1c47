"""The rows of a ledger for the kernel, with what all predicates say of each."""

from collections.abc import Sequence

from sqlglot import exp

from shuzhi.engines.plan import Scan
from shuzhi.engines.signatures import word_of
from shuzhi.engines.sql.nodes import LEDGER, column, select
from shuzhi.engines.sql.selection import located
from shuzhi.ledgers.model import RECORD_ID
from shuzhi.packs.model import MeasureKind, Table


def rows_query(
    scan: Scan, table: Table, columns: Sequence[str], words: Sequence[Sequence[exp.Expr]]
) -> exp.Select:
    """One row per row of the ledger: `unit`, `day`, of a stock `end`, where a last value is
    measured `record`; then the columns, as `value_0` and on, and the answers to the atoms of each
    word, as `word_0` and on."""
    names = {"unit": table.unit_column.name, "day": scan.date}
    if scan.ends:
        names["end"] = scan.ends
    if any(measure.kind is MeasureKind.LAST for measure in scan.measures.values()):
        names["record"] = RECORD_ID
    names |= {f"value_{place}": name for place, name in enumerate(columns)}
    selected: dict[str, exp.Expr] = {alias: column(name, LEDGER) for alias, name in names.items()}
    for place, word in enumerate(words):
        atoms = [located(atom, table) for atom in word]
        selected[f"word_{place}"] = exp.cast(word_of(atoms), "BIGINT")
    return select(LEDGER, selected)
