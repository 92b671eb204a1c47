"""Figures as Arrow and Parquet, JSON, CSV, and a table to read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shuzhi.figures.columns import figures_from_arrow
from shuzhi.figures.explain import PlanCost
from shuzhi.figures.model import Figure, FigureState
from shuzhi.packs.model import Pack, Text
from shuzhi.periods import parse_period
from shuzhi.text_tables import as_table, columns_as_csv
from shuzhi.units import UnitTree

STATE_WORDS: Mapping[FigureState, Text] = {
    FigureState.VALUE: {"zh": "有值", "en": "value"},
    FigureState.NOT_REPORTED: {"zh": "未报送", "en": "not reported"},
    FigureState.NOT_ASKED: {"zh": "未要求报送", "en": "not asked"},
    FigureState.NOT_APPLICABLE: {"zh": "不适用", "en": "not applicable"},
    FigureState.WITHHELD: {"zh": "隐去", "en": "withheld"},
}
_HEADERS: Mapping[str, Sequence[str]] = {
    "zh": ("指标", "单位", "期间", "数值", "计量单位", "记录数", "已报/应报"),
    "en": ("Indicator", "Unit", "Period", "Value", "Measured in", "Records", "Reported/asked"),
}


def write_parquet(table: pa.Table, path: Path) -> None:
    """Figures, or the rows behind one."""
    pq.write_table(table, path)


def figures_to_json(figures: pa.Table) -> str:
    """A list of objects, one a line; whole numbers without a decimal point."""
    rows = figures.to_pylist()
    numbers = [name for name in figures.column_names if name.startswith("value")]
    lines = (
        json.dumps(row | {name: plain(row[name]) for name in numbers}, ensure_ascii=False)
        for row in rows
    )
    return "[\n" + ",\n".join(lines) + "\n]\n"


def figures_to_csv(figures: pa.Table) -> str:
    """The columns of JSON. Missing: an empty cell."""
    if not len(figures):
        return ""
    return columns_as_csv(
        {
            name: (
                ["" if v is None else repr(plain(v)) for v in column.to_pylist()]
                if name.startswith("value")
                else column
            )
            for name, column in zip(figures.column_names, figures.columns, strict=True)
        }
    )


def figures_to_table(figures: pa.Table, pack: Pack, units: UnitTree, *, lang: str = "zh") -> str:
    """A table with the names of indicators and units and, for no value, which kind of nothing."""
    return as_table(
        [_labelled(figure, pack, units, lang) for figure in figures_from_arrow(figures)]
    )


def with_what_was(before: pa.Table, after: pa.Table) -> pa.Table:
    """Figures, each with the value, state and records that it had."""
    found = after
    for name in ("value", "state", "records"):
        found = found.append_column(f"{name}_before", before[name])
    return found


def moves_to_table(
    before: pa.Table, after: pa.Table, pack: Pack, units: UnitTree, lang: str = "zh"
) -> str:
    """A line a figure that moved: what it was, what it is, and how many records stand behind it."""
    words = {"zh": ("原值", "现值"), "en": ("Before", "Now")}[lang]
    rows: list[dict[str, object]] = []
    pairs = zip(figures_from_arrow(before), figures_from_arrow(after), strict=True)
    for was, now in pairs:
        indicator, unit, period, _, uom, records, answers = _labelled(
            now, pack, units, lang
        ).items()
        values = zip(words, (value_text(f, pack, lang) for f in (was, now)), strict=True)
        rows.append(dict([indicator, unit, period, *values, uom, records, answers]))
    return as_table(rows)


def plan_to_table(cost: PlanCost) -> str:
    """A line a pass over a table, slowest first, then what needs no row."""
    rows: list[dict[str, object]] = [
        {
            "table": scan.table,
            "rows": scan.rows,
            "placed by": scan.placed_by + (", by own unit" if scan.by_own_unit else ""),
            "measures": ", ".join(f"{count} {kind}" for kind, count in scan.measures.items()),
            "periods": scan.periods,
            "cells": scan.cells,
            "ms": f"{1000 * scan.seconds:.1f}",
            "steps": ", ".join(scan.steps),
        }
        for scan in sorted(cost.scans, key=lambda scan: -scan.seconds)
    ]
    derived = dict.fromkeys(rows[0] if rows else ("table", "measures", "ms"), "")
    measures, taken = f"{cost.derived} formulas, states", f"{1000 * cost.derive_seconds:.1f}"
    rows.append({**derived, "table": "(derived)", "measures": measures, "ms": taken})
    return as_table(rows)


def plan_to_json(cost: PlanCost) -> str:
    """The same as an object, with the query of each pass."""
    return json.dumps(asdict(cost), ensure_ascii=False, indent=1) + "\n"


def plain(value: float | str | None) -> int | float | str | None:
    """A whole number as int, so that it prints without a decimal point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def value_text(figure: Figure, pack: Pack, lang: str) -> str:
    """The value with the indicator's decimals, or the words for its absence."""
    if figure.value is None:
        return STATE_WORDS[figure.state][lang]
    indicator = pack.indicators.get(figure.indicator)
    return f"{figure.value:,.{indicator.decimals}f}" if indicator else f"{plain(figure.value)}"


def _labelled(figure: Figure, pack: Pack, units: UnitTree, lang: str) -> dict[str, object]:
    indicator = pack.indicators[figure.indicator]
    day = parse_period(figure.period).last_day
    cells = (
        indicator.label[lang],
        f"{figure.unit} {units.name(figure.unit, day)}",
        figure.period,
        value_text(figure, pack, lang),
        indicator.uom[lang] if figure.value is not None else "",
        figure.records,
        f"{figure.reported}/{figure.asked}",
    )
    return dict(zip(_HEADERS[lang], cells, strict=True))
