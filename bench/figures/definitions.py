"""The indicators of an edition as plain data, for contenders that know nothing of Shuzhi.

Written beside the edition as definitions.json: a list of objects with

    name, table, kind   count, sum, average, median, distinct, last, share, stock
    column              what is measured; "" for count, share and stock
    unit, date, ends    the columns that say whose a row is, when it counts, when a stock's row ends
    where, share_of     conditions in SQL over the table's columns, as DuckDB reads it; "" for all

Products and quotients are cast to DOUBLE, as the rules of figures have it.
"""

import json
from pathlib import Path

from sqlglot import exp

from shuzhi.packs.load import load_pack
from shuzhi.packs.predicates import Predicate

FILE = "definitions.json"


def write_definitions(edition: Path) -> Path:
    """The path of the definitions of the edition's pack."""
    pack = load_pack(edition / "pack")
    found = []
    for indicator in pack.indicators.values():
        measure = indicator.measure
        if measure is None:
            raise ValueError(f"{indicator.name} is no measure")
        found.append(
            {
                "name": indicator.name,
                "table": measure.table,
                "kind": measure.kind.value,
                "column": measure.column,
                "unit": pack.tables[measure.table].unit_column.name,
                "date": measure.date,
                "ends": measure.ends,
                "where": _sql(measure.where),
                "share_of": _sql(measure.share_of),
            }
        )
    path = edition.parent / FILE
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _sql(predicate: Predicate | None) -> str:
    if predicate is None:
        return ""
    tree = predicate.tree.copy()
    for product in list(tree.find_all(exp.Mul, exp.Div)):
        for side in ("this", "expression"):
            product.set(side, exp.cast(product.args[side], "DOUBLE", copy=False))
    return tree.sql(dialect="duckdb")
