"""Spark counts what DuckDB counts, cell by cell."""

import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from case import Case
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from java_here import needs_java
from random_counties import PACK, TEXT, ledgers, measures, packs
from reference import MODULES
from small_county import UNITS, small_ledgers, small_pack
from what_engines_read_otherwise import DEFINITIONS, FEW_ROWS, MEETINGS

from shuzhi.engines.spark import SparkEngine
from shuzhi.engines.spark_session import Cluster, open_session
from shuzhi.figures.compute import Opening, compute_figures
from shuzhi.figures.trace import trace_figures
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Indicator, Pack
from shuzhi.periods import parse_period
from shuzhi.prove.spark import write_tables
from shuzhi.units import UnitSpan, UnitTree

restated = st.none() | st.dates(date(2022, 12, 1), date(2024, 1, 31))
PERIODS = [parse_period(name) for name in ("2023", "2023-Q2", "2023-06-15/2023-08-02")]


@pytest.fixture(scope="module")
def session() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pyspark's own
        opened, _ = open_session("local[1]")
        for name, value in FEW_ROWS.items():
            opened.conf.set(name, value)
        yield
        opened.stop()


def _on_spark(found: Ledgers, folder: Path) -> Opening:
    write_tables(found, folder / "tables")
    cluster = Cluster("local[1]", (folder / "tables").as_uri(), folder.as_uri())
    return partial(SparkEngine, cluster=cluster)


@pytest.fixture(scope="module")
def all_cases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledgers, Pack]:
    """Every case of tests/spec as a county of its own, and every measure of theirs in one pack."""
    counties = [
        _county(number, case, tmp_path_factory.mktemp("case"))
        for number, case in enumerate(case for module in MODULES for case in module.CASES)
    ]
    tables = {
        name: pa.concat_tables([found.tables[name] for found, _ in counties])
        for name in counties[0][0].tables
    }
    spans = [span for found, _ in counties for span in found.units.spans]
    measured = {}
    for number, (_, pack) in enumerate(counties):
        for indicator in pack.indicators.values():
            if indicator.measure is not None:
                name = f"i{number}_{indicator.name}"
                plain = replace(indicator, name=name, target=None, shift="")
                measured.setdefault(_what(plain), plain)
    indicators = {indicator.name: indicator for indicator in measured.values()}
    pack = replace(PACK, indicators=indicators)
    return Ledgers(tables, UnitTree(spans), (), (), (), ()), pack


def _what(indicator: Indicator) -> object:
    return repr(replace(indicator, name="", label=TEXT, uom=TEXT))


def _county(number: int, case: Case, folder: Path) -> tuple[Ledgers, Pack]:
    pack = small_pack(folder / "pack", case.whole_definition)
    found = small_ledgers(pack, case.meetings, case.venues, case.units, case.returns)
    tables = {
        name: _prefixed(table, PACK.tables[name].unit_column.name, f"{number}.")
        for name, table in found.tables.items()
        if not PACK.tables[name].is_units
    }
    spans = [_moved(span, f"{number}.") for span in found.units.spans]
    return replace(found, tables=tables, units=UnitTree(spans)), pack


def _prefixed(table: pa.Table, column: str, prefix: str) -> pa.Table:
    longer = [code and prefix + code for code in table[column].to_pylist()]
    place = table.column_names.index(column)
    return table.set_column(place, table.schema.field(column), pa.array(longer, pa.string()))


def _moved(span: UnitSpan, prefix: str) -> UnitSpan:
    def longer(code: str) -> str:
        return code and prefix + code

    return replace(
        span, code=longer(span.code), parent=longer(span.parent), successor=longer(span.successor)
    )


@needs_java
@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("tree_as_of", [None, date(2023, 12, 31)])
def test_every_measure_of_the_cases_is_the_same_on_spark(
    all_cases: tuple[Ledgers, Pack], tree_as_of: date | None, tmp_path: Path
) -> None:
    """Each measure in tests/spec, over the rows of all of them together."""
    found, pack = all_cases
    expected, spark = (
        compute_figures(found, pack, periods=PERIODS, tree_as_of=tree_as_of, engine=engine)
        for engine in ("duckdb", _on_spark(found, tmp_path))
    )
    assert spark == expected
    assert not list(tmp_path.glob(".shuzhi-*")), "what was kept between steps is gone"


@st.composite
def many_measures(draw: st.DrawFn) -> Pack:
    found = [
        Indicator(f"m{n}", TEXT, TEXT, measure)
        for n, measure in enumerate(draw(st.lists(measures(), min_size=12, max_size=12)))
    ]
    pack = draw(packs())
    return replace(pack, indicators={**pack.indicators, **{i.name: i for i in found}})


@needs_java
@pytest.mark.usefixtures("session")
@settings(
    max_examples=3, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(ledgers(), many_measures(), restated)
def test_spark_agrees_on_random_counties(
    tmp_path_factory: pytest.TempPathFactory, found: Ledgers, pack: Pack, tree_as_of: date | None
) -> None:
    """On any ledger, tree and definition."""
    expected, spark = (
        compute_figures(found, pack, periods=PERIODS, tree_as_of=tree_as_of, engine=engine)
        for engine in ("duckdb", _on_spark(found, tmp_path_factory.mktemp("county")))
    )
    assert spark == expected


@needs_java
@pytest.mark.usefixtures("session")
def test_what_spark_reads_otherwise_is_rewritten(tmp_path: Path) -> None:
    """Rounding, days less days, quotes and backslashes, division by nothing, sums past 64 bits;
    and the records behind each."""
    pack = small_pack(tmp_path / "pack", DEFINITIONS)
    found = small_ledgers(pack, MEETINGS, "", UNITS, "")
    engine = _on_spark(found, tmp_path)
    expected = compute_figures(found, pack, periods=PERIODS)
    assert compute_figures(found, pack, periods=PERIODS, engine=engine) == expected
    at_the_top = {f.indicator: f.value for f in expected if (f.unit, f.period) == ("C", "2023")}
    assert at_the_top == {
        "rounded": 2, "days": 2, "quoted": 2, "halved": 1, "large": float(2**64 + 10),
        "hours": 8.0150, "newest": 0.0001, "usual": 2.66995,
    }  # fmt: skip
    wanted = [(f.indicator, f.unit, PERIODS[0]) for f in expected if f.unit in ("C", "A1")]
    assert trace_figures(found, pack, wanted, engine=engine) == trace_figures(found, pack, wanted)
