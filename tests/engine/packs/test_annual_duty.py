"""The pack that ships with Shuzhi, as its users get it."""

import json
from pathlib import Path

import pytest
from frictionless import Schema

from shuzhi.packs.lint import lint_pack
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import MeasureKind, Role

PACK = Path(__file__).parents[3] / "packs" / "annual-duty"


@pytest.fixture(scope="module")
def pack():
    return load_pack(PACK)


def test_it_loads_without_a_complaint():
    """Lint has nothing to complain of."""
    assert [str(complaint) for complaint in lint_pack(PACK).complaints] == []


def test_it_has_at_least_eighty_indicators_of_every_type(pack):
    """Every measure, formulas, shifts, aggregates over time and units, and both kinds of target."""
    indicators = pack.indicators.values()
    assert len(indicators) >= 80
    assert {i.measure.kind for i in indicators if i.measure} == set(MeasureKind)
    operands = {type(o).__name__ for i in indicators if i.formula for o in i.formula.operands}
    assert {"IndicatorRef", "LastYear", "ReportingRate", "UnitsBelow"} <= operands
    assert {"previous_year", "year_to_date"} <= {i.shift for i in indicators}
    assert any(i.over_time and i.over_units for i in indicators)
    assert {float, int} & {type(i.target) for i in indicators}
    assert str in {type(i.target) for i in indicators}


def test_every_asked_column_feeds_something():
    """Nothing is asked that no indicator, check or page uses."""
    warnings = lint_pack(PACK).warnings
    assert [str(w) for w in warnings if "uses it" in w.what or "about a person" in w.what] == []


def test_persons_are_counted_and_nothing_else(pack):
    """A column about persons stands only in counts and distinct counts."""
    for indicator in pack.indicators.values():
        measure = indicator.measure
        if measure and measure.column:
            role = pack.tables[measure.table].column(measure.column).role
            assert role is not Role.PERSON or measure.kind is MeasureKind.DISTINCT


@pytest.mark.parametrize("file", sorted((PACK / "tables").glob("*.json")), ids=lambda p: p.stem)
def test_each_table_is_a_valid_table_schema(file):
    """Somebody else's reader of Data Package accepts the file and finds the same columns."""
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    schema = Schema.from_descriptor(descriptor)
    assert [field.name for field in schema.fields] == [f["name"] for f in descriptor["fields"]]
    assert [field.type for field in schema.fields] == [f["type"] for f in descriptor["fields"]]
    assert set(schema.primary_key) <= set(schema.field_names)
