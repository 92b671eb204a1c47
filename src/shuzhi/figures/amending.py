"""The figures that records sent again can move, from those records and what was counted before.

Units with few records below them are counted anew. For large ones, whose measures are at hand as
balances, what adds up is corrected: less the records that went, and those that came. Distinct
values are corrected by all records that hold one of the values concerned, extremes where what went
was none. Only middles, last values and extremes that went are taken from all records again, for
the few units concerned.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from shuzhi.engines.plan import Cell, CellKey, Counts, Floats, Grid, Scan, empty_grid
from shuzhi.figures.balances import NO_BALANCES, Balances
from shuzhi.figures.columns import FiguresBuilder
from shuzhi.figures.compute import known, open_engine, units_of
from shuzhi.figures.derive import Census, Derivation
from shuzhi.figures.narrowing import narrowed, units_concerned
from shuzhi.figures.operands import operand_figure, plan_scans
from shuzhi.figures.reporting import Reporting
from shuzhi.figures.side_by_side import Rows, measure_side_by_side
from shuzhi.figures.touched import units_of_returns, units_of_rows
from shuzhi.ledgers.amended_tables import AmendedTables
from shuzhi.ledgers.model import DECIMAL, RECORD_ID, Ledgers, arrow_schema
from shuzhi.packs.formulas import ReportingRate
from shuzhi.packs.model import ColumnType, Measure, MeasureKind, Pack
from shuzhi.periods import Period

_ADDITIVE = frozenset(
    {
        MeasureKind.COUNT, MeasureKind.STOCK, MeasureKind.SHARE, MeasureKind.SUM,
        MeasureKind.AVERAGE,
    }
)  # fmt: skip
_SCALE = 10.0**DECIMAL.scale
# Below it a sum is found again, to the last digit, from the float64 that was made of it.
_EXACT = 2.0**50
# Where more rows than these hold one of the values concerned, distinct values are counted anew.
_HELD = 500_000
# Sets of records: of small units, and of those that went and came.
_BEFORE, _AFTER, _WENT, _CAME = "before", "after", "went", "came"
_EACH = "each that"
Grids = dict[str, Grid]


@dataclass(frozen=True)
class AmendedFigures:
    """The figures of the units and indicators that an amendment can move, before and after.

    Shape: both of `FIGURES_SCHEMA`, the same figures in the same order. `anew` names the measures
    that were taken from all records again.
    """

    before: pa.Table
    after: pa.Table
    anew: tuple[str, ...]

    def moved(self) -> tuple[pa.Table, pa.Table]:
        """Those of which anything differs."""
        is_same = np.ones(len(self.before), dtype=np.bool_)
        for name in ("value", "state", "records", "asked", "reported"):
            was, now = self.before[name], self.after[name]
            same = pc.fill_null(pc.equal(was, now), False).to_numpy()
            is_same &= same | (was.is_null().to_numpy() & now.is_null().to_numpy())
        differs = pa.array(~is_same)
        return self.before.filter(differs), self.after.filter(differs)


def amended_figures(
    earlier: Ledgers,
    now: Ledgers,
    pack: Pack,
    *,
    periods: Sequence[Period],
    indicators: Sequence[str] | None = None,
    balances: Balances | None = None,
    tree_as_of: date | None = None,
) -> AmendedFigures:
    """The figures of `compute_figures` that differ between two states of ledgers, and some that
    do not; every other one is the same in both.

    `now.tables` amends `earlier.tables`. `balances` are those of `earlier`, as it was.
    Raises: UserError on an unknown indicator.
    """
    names = known(indicators, pack.indicators, "indicator")
    asked = list({period.name: period for period in periods}.values())
    answered, tables = units_of_returns(earlier, now, tree_as_of)
    touched = sorted(units_of_rows(now, pack, tree_as_of) | answered)
    assert isinstance(now.tables, AmendedTables)
    tables |= frozenset(now.tables.changes)
    names = tuple(
        name for name in names if touched and asked and _looks_at(pack, name, asked[0], tables)
    )
    kept = balances if balances is not None and tree_as_of is None else NO_BALANCES
    count = _Count(earlier, now, pack, touched, kept, tree_as_of)
    wanted = [(name, period) for name in names for period in asked]
    before, after = count.derivations(wanted)
    places = [
        np.array([p for p, code in enumerate(touched) if code in there], dtype=np.intp)
        for there in (
            frozenset(units_of(now.units, touched, period, tree_as_of)) for period in asked
        )
    ]
    found = []
    for derivation in (before, after):
        builder = FiguresBuilder()
        for name in names:
            for period, there in zip(asked, places, strict=True):
                units = pa.array([touched[place] for place in there], pa.string())
                builder.add(name, period.name, units, there, derivation.outcomes(name, period))
        found.append(builder.table())
    return AmendedFigures(found[0], found[1], tuple(sorted(count.anew)))


def _looks_at(pack: Pack, name: str, period: Period, tables: frozenset[str]) -> bool:
    """Whether an indicator is made of anything on one of the tables."""
    seen: set[str] = set()
    pending = [name]
    while pending:
        indicator = pack.indicators[pending.pop()]
        if indicator.name in seen:
            continue
        seen.add(indicator.name)
        if indicator.measure is not None and indicator.measure.table in tables:
            return True
        for operand in indicator.formula.operands if indicator.formula else ():
            if isinstance(operand, ReportingRate) and operand.table in tables:
                return True
            figure = operand_figure(operand, period, pack)
            if figure is not None:
                pending.append(figure[0])
    return False


class _Count:
    """Measures the touched units before and after, in the least work."""

    def __init__(
        self, earlier: Ledgers, now: Ledgers, pack: Pack, touched: Sequence[str],
        balances: Balances, tree_as_of: date | None,
    ) -> None:  # fmt: skip
        self._earlier = earlier
        self._now = now
        self._pack = pack
        self._touched = touched
        self._balances = balances
        self._tree_as_of = tree_as_of
        self._large = tuple(unit for unit in touched if unit in balances.units)
        self._small = tuple(unit for unit in touched if unit not in balances.units)
        self.anew: set[str] = set()

    def derivations(self, wanted: Sequence[tuple[str, Period]]) -> Iterator[Derivation]:
        """What figures are worked out from, before and after."""
        grids: tuple[Grids, Grids] = {}, {}
        cells: tuple[dict[str, Mapping[CellKey, Cell]], ...] = {}, {}
        for scan in plan_scans(self._pack, wanted, self._touched, self._tree_as_of):
            if scan.by_own_unit:
                for place, ledgers in enumerate((self._earlier, self._now)):
                    few = narrowed(ledgers, self._pack, self._touched, self._tree_as_of)
                    with open_engine("duckdb", few, self._pack) as engine:
                        cells[place].update(engine.cells(scan))
            else:
                for place, found in enumerate(self._grids(scan)):
                    grids[place].update(found)
        census = Census(self._now.units, self._tree_as_of)
        reporting = None
        for place, ledgers in enumerate((self._earlier, self._now)):
            if reporting is None or ledgers.returns is not self._earlier.returns:
                reporting = Reporting(ledgers, self._pack, self._tree_as_of)
            yield Derivation(
                self._pack, self._touched, grids[place], cells[place], reporting, census
            )

    def _grids(self, scan: Scan) -> tuple[Grids, Grids]:
        """The grids of a scan before and after, for all that is touched."""
        of_large = _Large(
            self._earlier, self._now, self._pack, replace(scan, units=self._large), self._balances
        )
        sets = {**self._of_small(scan), **of_large.sets()}
        measured = measure_side_by_side(self._now, self._pack, scan, sets) if sets else {}
        after = measured.get(_AFTER, {})
        few = measured.get(_BEFORE, after), after
        many = of_large.grids(measured)
        self.anew |= of_large.anew
        order = np.argsort([self._touched.index(u) for u in (*self._small, *self._large)])
        found = [
            {name: _stacked(small.get(name), large[name], order) for name in scan.measures}
            for small, large in zip(few, many, strict=True)
        ]
        return found[0], found[1]

    def _of_small(self, scan: Scan) -> dict[str, Rows]:
        """The records of the units below the small ones, as they are and as they were."""
        if not self._small:
            return {}
        assert isinstance(self._now.tables, AmendedTables)
        unit = self._pack.tables[scan.table].unit_column.name
        columns = arrow_schema(self._pack.tables[scan.table]).names
        after = self._now.tables.of_units(scan.table, unit, self._concerned, columns)
        if scan.table not in self._now.tables.changes:
            return {_AFTER: Rows(after, self._small)}
        changes = self._now.tables.changes[scan.table]
        came = pc.is_in(after[RECORD_ID], changes.came[RECORD_ID].combine_chunks())
        gone = self._now.tables.rows_gone(scan.table, columns)
        gone = gone.filter(pc.is_in(gone[unit], pa.array(self._concerned, pa.string())))
        before = pa.concat_tables([after.filter(pc.invert(came)), gone.cast(after.schema)])
        return {_BEFORE: Rows(before, self._small), _AFTER: Rows(after, self._small)}

    @cached_property
    def _concerned(self) -> list[str]:
        return units_concerned(self._now.units, self._small, self._tree_as_of)


class _Large:
    """One scan for units with many records below them."""

    def __init__(
        self, earlier: Ledgers, now: Ledgers, pack: Pack, scan: Scan, balances: Balances
    ) -> None:
        assert isinstance(now.tables, AmendedTables)
        self._earlier = earlier
        self._now = now
        self._pack = pack
        self._scan = scan
        self._tables = now.tables
        self._balances = balances
        self._is_changed = scan.table in now.tables.changes
        self._columns = arrow_schema(pack.tables[scan.table]).names
        self._decimals = {
            c.name for c in pack.tables[scan.table].columns if c.type is ColumnType.NUMBER
        }
        periods = [period.name for period in scan.periods]
        self._kept = {
            name: grid
            for name in scan.measures
            if scan.units and (grid := balances.grid(name, scan.units, periods)) is not None
        }
        self.anew: set[str] = set()

    def sets(self) -> dict[str, Rows]:
        """The records that it needs: those that went and came, and for each column of which
        distinct values are counted all that hold one of the values concerned."""
        if not self._is_changed or not self._kept:
            return {}
        units = self._scan.units
        came = self._tables.changes[self._scan.table].came
        gone = self._tables.rows_gone(self._scan.table, self._columns).cast(came.schema)
        found = {_WENT: Rows(gone, units), _CAME: Rows(came, units)}
        if any(self._scan.measures[name].kind is MeasureKind.MEDIAN for name in self._kept):
            found |= {f"{_EACH} {_WENT}": Rows(gone, None), f"{_EACH} {_CAME}": Rows(came, None)}
        earlier = self._tables.earlier
        for column, measures in self._distinct_measures.items():
            both = pa.concat_tables([gone.select([column]), came.select([column])])
            values = pc.unique(both[column]).drop_null()
            read = self._columns_of(measures)
            before = earlier.holding(self._scan.table, column, values, read, at_most=_HELD)
            if before is None:
                continue
            went = pc.is_in(before[RECORD_ID], gone[RECORD_ID].combine_chunks())
            after = pa.concat_tables([before.filter(pc.invert(went)), came.select(read)])
            found[f"{column} {_WENT}"] = Rows(_widened(before, came.schema), units)
            found[f"{column} {_CAME}"] = Rows(_widened(after, came.schema), units)
        return found

    @property
    def _distinct_measures(self) -> Mapping[str, list[Measure]]:
        """Those that count distinct values, by column."""
        found: dict[str, list[Measure]] = {}
        for name in self._kept:
            measure = self._scan.measures[name]
            if measure.kind is MeasureKind.DISTINCT:
                found.setdefault(measure.column, []).append(measure)
        return found

    def _columns_of(self, measures: Sequence[Measure]) -> list[str]:
        """The columns that the measures read, in the order of the table."""
        unit = self._pack.tables[self._scan.table].unit_column.name
        read = {unit, self._scan.date, self._scan.ends, RECORD_ID}
        for measure in measures:
            read.add(measure.column)
            for predicate in (measure.where, measure.share_of):
                if predicate is not None:
                    read |= {column.name for column in predicate.tree.find_all(exp.Column)}
        return [column for column in self._columns if column in read]

    def grids(self, measured: Mapping[str, Grids]) -> tuple[Grids, Grids]:
        """Before and after, from the sets measured."""
        before = dict(self._kept)
        missing = {n: m for n, m in self._scan.measures.items() if n not in self._kept}
        before |= self._from_all(self._earlier, missing)
        if not self._is_changed:
            return before, before
        after = dict(self._corrected(measured))
        rest = {n: m for n, m in self._scan.measures.items() if n not in after}
        after |= self._from_all(self._now, rest)
        return before, after

    def _from_all(self, ledgers: Ledgers, measures: Mapping[str, Measure]) -> Grids:
        if not measures or not self._scan.units:
            return {name: empty_grid(self._scan) for name in measures}
        self.anew |= measures.keys()
        with open_engine("duckdb", ledgers, self._pack) as engine:
            return dict(engine.grids(replace(self._scan, measures=measures)))

    def _corrected(self, measured: Mapping[str, Grids]) -> Iterator[tuple[str, Grid]]:
        """The measures that need no other records than those concerned."""
        for name, base in self._kept.items():
            measure = self._scan.measures[name]
            went, came = measured[_WENT][name], measured[_CAME][name]
            records = base.records - went.records + came.records
            corrected: Grid | None = base
            if measure.kind is MeasureKind.DISTINCT:
                if f"{measure.column} {_WENT}" not in measured:
                    continue
                held = (measured[f"{measure.column} {which}"][name] for which in (_WENT, _CAME))
                less, more = (grid.values for grid in held)
                corrected = Grid(base.periods, base.values - less + more, records)
            elif (went.records > 0).any() or (came.records > 0).any():
                if measure.kind is MeasureKind.MEDIAN:
                    corrected = self._middle(name, base, records, measured)
                else:
                    corrected = self._add_up(measure, base, went, came)
            if corrected is not None:
                yield name, corrected

    def _middle(
        self, name: str, base: Grid, records: Counts, measured: Mapping[str, Grids]
    ) -> Grid | None:
        """By the values of the rows that went and came, among those near the middle."""
        values = base.values.copy()
        each = [measured[f"{_EACH} {which}"][name] for which in (_WENT, _CAME)]
        for place, unit in enumerate(self._scan.units):
            near = self._balances.near.get((name, unit))
            if near is None:
                return None
            for number, period in enumerate(base.periods):
                there = [
                    grid.values[(grid.records[:, number] > 0) & is_of[place], number]
                    for grid, is_of in zip(each, self._belongs, strict=True)
                ]
                if not any(map(len, there)):
                    continue
                middle = near[period].changed(*there)
                if middle is None:
                    return None
                values[place, number] = middle
        return Grid(base.periods, values, records)

    @cached_property
    def _belongs(self) -> Sequence[npt.NDArray[np.bool_]]:
        """Which of the rows that went, and that came, belong to which unit. Shape: units, rows."""
        tree = self._now.units
        unit = self._pack.tables[self._scan.table].unit_column.name
        gone = self._tables.rows_gone(self._scan.table, self._columns)
        found = []
        for rows in (gone, self._tables.changes[self._scan.table].came):
            paths = [
                tree.ancestors(code, day) if code in tree.by_code and day is not None else ()
                for code, day in zip(
                    rows[unit].to_pylist(), rows[self._scan.date].to_pylist(), strict=True
                )
            ]
            found.append(
                np.array([[code in path for path in paths] for code in self._scan.units], np.bool_)
            )
        return found

    def _add_up(self, measure: Measure, base: Grid, went: Grid, came: Grid) -> Grid | None:
        records = base.records - went.records + came.records
        if measure.kind in _ADDITIVE:
            sums = [self._numerators(measure, grid) for grid in (base, went, came)]
            known = [numerators for numerators in sums if numerators is not None]
            if len(known) < len(sums):
                return None
            values = self._values(measure, known[0] - known[1] + known[2], records)
            return Grid(base.periods, values, records)
        if measure.kind in (MeasureKind.MIN, MeasureKind.MAX):
            return self._extreme(measure.kind, base, went, came, records)
        return None

    def _extreme(
        self, kind: MeasureKind, base: Grid, went: Grid, came: Grid, records: Counts
    ) -> Grid | None:
        """Where what went was not the extreme, or nothing else was there."""
        sign = -1.0 if kind is MeasureKind.MIN else 1.0
        left = base.records - went.records
        stays = (went.records == 0) | (sign * went.values < sign * base.values)
        if ((left > 0) & ~stays).any():
            return None
        highest = [
            np.where(there > 0, sign * grid.values, -np.inf)
            for there, grid in ((left, base), (came.records, came))
        ]
        values = np.where(records > 0, sign * np.maximum(*highest), 0.0)
        return Grid(base.periods, values + 0.0, records)

    def _numerators(self, measure: Measure, grid: Grid) -> Floats | None:
        """The whole numbers that the values were made of. Missing: None, they cannot be told."""
        records = np.where(grid.records > 0, grid.records, 1)
        values = np.where(grid.records > 0, grid.values, 0.0)
        if measure.kind is MeasureKind.SHARE:
            found = values * records / 100.0
        elif measure.kind is MeasureKind.AVERAGE:
            found = values * records * self._scale(measure)
        else:
            found = values * self._scale(measure)
        found = np.rint(found)
        is_told = np.abs(found).max(initial=0.0) < _EXACT
        again = self._values(measure, found, grid.records)
        return found if is_told and np.array_equal(again, values) else None

    def _values(self, measure: Measure, numerators: Floats, records: Counts) -> Floats:
        values: Floats = numerators / self._scale(measure)
        if measure.kind is MeasureKind.AVERAGE:
            return values / np.maximum(records, 1)
        if measure.kind is MeasureKind.SHARE:
            return 100.0 * values / np.maximum(records, 1)
        return values

    def _scale(self, measure: Measure) -> float:
        return _SCALE if measure.column in self._decimals else 1.0


def _widened(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """With all columns of the table, empty where they were not read: no measure that is asked of
    these rows reads them."""
    columns = [
        rows[field.name] if field.name in rows.column_names else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _stacked(few: Grid | None, many: Grid, order: npt.NDArray[np.intp]) -> Grid:
    if few is None:
        return many
    return Grid(
        few.periods,
        np.concatenate([few.values, many.values])[order],
        np.concatenate([few.records, many.records])[order],
    )
