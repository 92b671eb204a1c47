"""Figures corrected by what was sent again are those that all records give, cell by cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from random_counties import MEETINGS, PACK, ledgers, packs, returns, rows
from small_county import ledger_of
from test_kernel_on_trees import draw_ledgers, draw_measures

from shuzhi.figures.amending import amended_figures
from shuzhi.figures.balances import take_balances
from shuzhi.figures.compute import compute_columns
from shuzhi.ledgers.amended_tables import AmendedTables, RowChanges
from shuzhi.ledgers.model import RECORD_ID, Ledgers
from shuzhi.ledgers.sealed_tables import Places, StoredTables, with_dictionaries
from shuzhi.packs.model import Indicator, Measure, Pack
from shuzhi.periods import Period, parse_period

PERIODS = [parse_period(name) for name in ("2023", "2023-Q2", "2023-06-15/2023-08-02")]
TEXT = {"zh": "", "en": ""}
restated = st.none() | st.dates(date(2022, 12, 1), date(2024, 1, 31))
many = settings(
    max_examples=150, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


class TablesInMemory(StoredTables):
    """What a sealed edition answers, from tables in memory."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = tables

    def __getitem__(self, name: str) -> pa.Table:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def rows(self, name: str) -> int:
        return len(self._tables[name])

    def batches(
        self, name: str, columns: Sequence[str], plain: Sequence[str] = ()
    ) -> Iterator[pa.Table]:
        whole = self._tables[name].select(list(columns))
        for begin in range(0, len(whole), 8):
            yield with_dictionaries(whole.slice(begin, 8), plain)

    def at(self, name: str, places: Places, columns: Sequence[str]) -> pa.Table:
        return self._tables[name].select(list(columns)).take(pa.array(places))

    def of_units(
        self, name: str, unit_column: str, units: Sequence[str], columns: Sequence[str]
    ) -> pa.Table:
        found = self.holding(name, unit_column, pa.array(units, pa.string()), columns, 10**9)
        assert found is not None
        return found

    def holding(
        self, name: str, column: str, values: pa.Array, columns: Sequence[str], at_most: int
    ) -> pa.Table | None:
        whole = self._tables[name]
        found = whole.filter(pc.is_in(whole[column], values)).select(list(columns))
        return found if len(found) <= at_most else None


def amended(earlier: Ledgers, gone: list[int], came: pa.Table, chance: Random) -> Ledgers:
    """Some rows gone, others there, anywhere between those that stay."""
    length = earlier.tables.rows("meetings")  # type: ignore[attr-defined]
    before = np.array(sorted(chance.randrange(length + 1) for _ in range(len(came))), np.int64)
    changes = RowChanges(np.array(gone, dtype=np.int64), came, before)
    tables = AmendedTables(earlier.tables, {"meetings": changes})  # type: ignore[arg-type]
    return replace(earlier, tables=tables)


def renamed(came: pa.Table, kept: set[str], chance: Random) -> pa.Table:
    """With ids of their own; some of those that went."""
    free = sorted(kept)
    ids = [free.pop() if free and chance.random() < 0.5 else f"new{n}" for n in range(len(came))]
    return came.set_column(
        came.schema.get_field_index(RECORD_ID), RECORD_ID, pa.array(ids, pa.string())
    )


@st.composite
def amendments(draw: DrawFn) -> tuple[Ledgers, Ledgers]:
    found = draw(ledgers())
    earlier = replace(found, tables=TablesInMemory(found.tables))
    length = len(found.tables["meetings"])
    gone = sorted(draw(st.sets(st.integers(0, max(length - 1, 0)), max_size=length)))
    chance = Random(draw(st.integers(0, 99)))  # noqa: S311 chance that repeats
    came = ledger_of(MEETINGS, draw(st.lists(rows, max_size=5)))
    ids = found.tables["meetings"][RECORD_ID].take(pa.array(gone, pa.int64())).to_pylist()
    now = amended(earlier, gone, renamed(came, set(ids), chance), chance)
    if draw(st.booleans()):
        now = replace(now, returns=tuple(sorted(draw(returns(now.units)))))
        earlier = replace(earlier, returns=tuple(sorted(earlier.returns)))
    return earlier, now


def hold_to(
    earlier: Ledgers, now: Ledgers, pack: Pack, periods: Sequence[Period],
    large: Sequence[str], tree_as_of: date | None,
) -> None:  # fmt: skip
    """The figures found are those of the whole, and none that is not found has changed."""
    kept = take_balances(earlier, pack, periods, large, engine="kernel")
    found = amended_figures(
        earlier, now, pack, periods=periods, balances=kept, tree_as_of=tree_as_of
    )
    whole = [
        {(row["indicator"], row["unit"], row["period"]): row for row in table.to_pylist()}
        for table in (
            compute_columns(each, pack, periods=periods, tree_as_of=tree_as_of, engine="in_memory")
            for each in (earlier, now)
        )
    ]
    named = set()
    for table, expected in zip((found.before, found.after), whole, strict=True):
        for row in table.to_pylist():
            key = row["indicator"], row["unit"], row["period"]
            named.add(key)
            assert row == expected[key]
    assert whole[0].keys() == whole[1].keys() >= named
    for key in whole[0].keys() - named:
        assert whole[0][key] == whole[1][key]
    moved = {(r["indicator"], r["unit"], r["period"]) for r in found.moved()[1].to_pylist()}
    assert moved == {key for key in whole[0] if whole[0][key] != whole[1][key]}


@many
@given(amendments(), packs(), restated, st.sets(st.sampled_from(("C", "A", "B", "A1"))))
def test_amended_figures_are_those_of_all_records(
    found: tuple[Ledgers, Ledgers], pack: Pack, tree_as_of: date | None, large: set[str]
) -> None:
    """Any county, definitions and returns; whichever units are large; as it was, or restated."""
    hold_to(*found, pack, PERIODS, sorted(large), tree_as_of)


@pytest.mark.parametrize("stock", [False, True])
@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**9), changed=st.sampled_from((1, 4, 30)), share=st.floats(0, 1))
def test_on_deep_trees_whose_units_move(stock: bool, seed: int, changed: int, share: float) -> None:
    """Every kind of measure, many rows, few or many of them sent again."""
    chance = Random(seed)  # noqa: S311 chance that repeats
    whole = draw_ledgers(chance, 120)
    earlier = replace(whole, tables=TablesInMemory(whole.tables))
    gone = sorted(chance.sample(range(120), changed))
    came = draw_ledgers(chance, changed).tables["meetings"]
    units = pa.array([chance.choice(whole.units.codes) for _ in range(changed)], pa.string())
    came = came.set_column(came.schema.get_field_index("unit"), "unit", units)
    now = amended(earlier, gone, renamed(came, set(), chance), chance)
    measures: dict[str, Measure] = draw_measures(chance, stock=stock)
    pack = replace(PACK, indicators={n: Indicator(n, TEXT, TEXT, m) for n, m in measures.items()})
    large = [code for code in whole.units.codes if chance.random() < share]
    names = ("2023", "2023-Q1", "2023-05", "2023-03-10/2023-06-20")
    hold_to(earlier, now, pack, [parse_period(name) for name in names], large, None)
