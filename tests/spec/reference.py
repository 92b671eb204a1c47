"""The reference page of indicators, made from the cases that every engine is tested with."""

from collections.abc import Iterator
from types import ModuleType

import cases_formulas
import cases_measures
import cases_nothing
import cases_predicates
import cases_tree
from case import Case
from small_county import UNITS, text_table

MODULES = (cases_measures, cases_predicates, cases_nothing, cases_formulas, cases_tree)
_INTRODUCTION = """# Indicators

Generated from the tests in tests/spec, which run on every engine; `make docs` renews it.

Each part shows the rows of a table, a definition, and the figures it gives. Labels and units of
measure (`label`, `uom`), which every indicator has, are left out. Unless a part shows others, the
units are these, townships are asked for meetings every quarter from 2022 to 2023, nobody is asked
for venues, and every return is in."""


def indicator_reference() -> str:
    """docs/reference/indicators.md"""
    lines = [_INTRODUCTION, "", *_markdown(UNITS)]
    for module in MODULES:
        lines += ["", f"## {_heading(module)}"]
        for case in module.CASES:
            lines += _case(case)
    return "\n".join(lines) + "\n"


def _heading(module: ModuleType) -> str:
    return (module.__doc__ or "").strip()


def _case(case: Case) -> Iterator[str]:
    yield from ("", f"### {case.title}", "", case.text, "")
    if case.units != UNITS:
        yield from ("units", "", *_markdown(case.units), "")
    for name in ("meetings", "venues", "returns"):
        if text := getattr(case, name):
            yield from (name, "", *_markdown(text), "")
    yield from ("```toml", case.definition.strip(), "```", "")
    if case.tree_as_of:
        yield from (f"on the tree of {case.tree_as_of}", "")
    yield from _markdown(case.figures)


def _markdown(text: str) -> Iterator[str]:
    rows = text_table(text)
    names = list(rows[0])
    yield _line(names)
    yield _line(["---"] * len(names))
    for row in rows:
        yield _line([cell.replace("|", "\\|") for cell in row.values()])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
