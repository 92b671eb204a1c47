"""The kernel against the engine that goes row by row: deep trees whose units move, many rows."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_county import PACK_FOLDER, ledger_of

from shuzhi.engines.plan import Scan
from shuzhi.figures.compute import open_engine
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Measure, MeasureKind
from shuzhi.packs.predicates import parse_predicate
from shuzhi.periods import parse_period
from shuzhi.units import UnitSpan, UnitTree

PACK = load_pack(PACK_FOLDER)
MEETINGS = PACK.tables["meetings"]
TYPES = {column.name: column.type for column in MEETINGS.columns}
BEGIN, YEAR = date(2000, 1, 1), date(2023, 1, 1)
PERIODS = ("2023", "2023-Q1", "2023-Q2", "2023-05", "2023-06", "2023-03-10/2023-06-20", "2022")
PREDICATES = (
    "kind = 'work'", "chaired and (attended > 3 or kind is null)", "not (attended < seats)",
    "topic like '防%' or hours > 2", "attended between 1 and 4 and not chaired",
)  # fmt: skip
COLUMNS = {
    MeasureKind.SUM: "hours", MeasureKind.AVERAGE: "attended", MeasureKind.MEDIAN: "hours",
    MeasureKind.MIN: "attended", MeasureKind.MAX: "hours", MeasureKind.LAST: "attended",
    MeasureKind.DISTINCT: "speaker",
}  # fmt: skip


def draw_tree(chance: Random) -> UnitTree:
    """Some twenty units, five deep; a few of them, inner ones too, stand elsewhere for a while."""
    level = {0: "county", 1: "township"}
    depths, spans = [0], [UnitSpan("u00", "u00", "county", "", BEGIN)]
    for place in range(1, 20):
        above = [p for p in range(place) if depths[p] < 4]
        first, second = chance.choice(above), chance.choice(above)
        depths.append(max(depths[first], depths[second]) + 1)
        code = f"u{place:02}"
        kind = level.get(depths[place], "village")
        fate = chance.random()
        days = sorted(YEAR + timedelta(days=chance.randrange(1, 364)) for _ in range(2))
        parents = [f"u{first:02}", f"u{second:02}"]
        if fate < 0.6 or days[0] == days[1]:
            spans.append(UnitSpan(code, code, kind, parents[0], BEGIN))
        elif fate < 0.85:  # away and back again
            spans.append(UnitSpan(code, code, kind, parents[0], BEGIN, days[0]))
            spans.append(UnitSpan(code, code, kind, parents[1], days[0], days[1]))
            spans.append(UnitSpan(code, code, kind, parents[0], days[1]))
        else:
            spans.append(UnitSpan(code, code, kind, parents[0], BEGIN, days[0], "u00"))
    return UnitTree(spans)


def draw_ledgers(chance: Random, rows: int) -> Ledgers:
    tree = draw_tree(chance)

    def maybe(value: object) -> object:
        return None if chance.random() < 0.15 else value

    def day() -> date:
        return date(2022, 10, 1) + timedelta(days=chance.randrange(500))

    found: list[dict[str, object]] = [
        {
            "unit": maybe(chance.choice(tree.codes)),
            "held_on": maybe(day()),
            "closed_on": maybe(day()),
            "kind": maybe(chance.choice(("work", "study"))),
            "topic": maybe(chance.choice(("防火", "防汛", "a"))),
            "attended": maybe(chance.randrange(-2, 7)),
            "seats": maybe(chance.randrange(6)),
            "hours": maybe(Decimal(chance.randrange(-9, 60)) / 8),
            "chaired": maybe(chance.random() < 0.5),
            "speaker": maybe(f"p{chance.randrange(9)}"),
        }
        for _ in range(rows)
    ]
    tables = {name: ledger_of(table, []) for name, table in PACK.tables.items()}
    tables["meetings"] = ledger_of(MEETINGS, found)
    return Ledgers(tables, tree, (), (), (), ())


def draw_measures(chance: Random, *, stock: bool) -> dict[str, Measure]:
    """Two of each kind that places rows alike, more than fit into one byte of bits."""
    kinds = [MeasureKind.STOCK] * 10 if stock else [*COLUMNS, MeasureKind.COUNT] * 2
    found = {}
    for place, kind in enumerate([*kinds, MeasureKind.SHARE] if not stock else kinds):
        where, base = (
            parse_predicate(chance.choice(PREDICATES), TYPES, ["speaker"]) for _ in range(2)
        )
        found[f"m{place:02}"] = Measure(
            kind, "meetings", "held_on", COLUMNS.get(kind, ""),
            where if chance.random() < 0.8 or kind is MeasureKind.SHARE else None,
            base if kind is MeasureKind.SHARE else None, "closed_on" if stock else "",
        )  # fmt: skip
    return found


@pytest.mark.parametrize("stock", [False, True])
@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**9), rows=st.sampled_from((0, 7, 120)), few=st.booleans(),
       restated=st.booleans())  # fmt: skip
def test_every_cell_is_that_of_the_rows(
    stock: bool, seed: int, rows: int, few: bool, restated: bool
) -> None:
    """All units, or a few of them anywhere in the tree; as it was, or restated."""
    chance = Random(seed)  # noqa: S311 chance that repeats
    ledgers = draw_ledgers(chance, rows)
    codes = ledgers.units.codes
    scan = Scan(
        "meetings", "held_on", "closed_on" if stock else "", draw_measures(chance, stock=stock),
        tuple(sorted(parse_period(name) for name in PERIODS)),
        tuple(chance.sample(codes, 4)) if few else codes,
        tree_as_of=date(2023, 7, 1) if restated else None,
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch, open_engine("kernel", ledgers, PACK) as kernel:
        patch.setattr("shuzhi.engines.medians._ROWS_AT_ONCE", 40)  # as if there were many more
        patch.setattr("shuzhi.engines.distinct._AT_ONCE", 50)
        found = dict(kernel.grids(scan))
    with open_engine("in_memory", ledgers, PACK) as in_memory:
        expected = dict(in_memory.grids(scan))
    for name, grid in expected.items():
        assert found[name].records.tolist() == grid.records.tolist(), scan.measures[name]
        assert found[name].values.tolist() == grid.values.tolist(), scan.measures[name]
