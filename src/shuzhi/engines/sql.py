"""A scan as SQL trees. Nothing is printed here that was not built or allowed node by node."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from shuzhi.engines.atoms import word_of
from shuzhi.engines.plan import Scan
from shuzhi.ledgers.model import FILE, RECORD_ID, ROW, SHEET
from shuzhi.packs.model import ColumnType, Measure, MeasureKind, Table
from shuzhi.packs.predicates import Predicate

# The tables a query reads: the ledger, the periods, and `closure.reach_table`.
LEDGER, PERIODS, REACH = "ledger", "periods", "reach"
_PLACED = "placed"
_PROVENANCE = {"record": RECORD_ID, "file": FILE, "sheet": SHEET, "line": ROW}
# Wide enough for every 64-bit integer, so that no sum of two columns overflows.
_WHOLE_NUMBER = "DECIMAL(19, 0)"
_EXACT_ARITHMETIC = (exp.Add, exp.Sub, exp.Neg, exp.Abs)


@dataclass(frozen=True)
class Selection:
    """A scan's rows within its periods, each with the answers to all its predicates.

    `answers` and `values` say under which name an answer or a measured column is selected.
    """

    scan: Scan
    table: Table
    answers: Mapping[Predicate, str]
    values: Mapping[str, str]


def selection_of(scan: Scan, table: Table) -> Selection:
    measures = scan.measures.values()
    predicates = [p for m in measures for p in (m.where, m.share_of) if p is not None]
    columns = [measure.column for measure in measures if measure.column]
    return Selection(
        scan, table,
        {p: f"answer_{n}" for n, p in enumerate(dict.fromkeys(predicates))},
        {c: f"value_{n}" for n, c in enumerate(dict.fromkeys(columns))},
    )  # fmt: skip


def measure_query(selection: Selection) -> exp.Select:
    """One row per unit, own unit and period: then value and number of records a measure."""
    columns = keys = _keys(selection)
    for measure in selection.scan.measures.values():
        counted = taken_into_account(selection, measure)
        columns = [*columns, _aggregate(selection, measure, counted), _count(counted)]
    query = _reached(selection).select(*columns, copy=False)
    return query.group_by(*(exp.Literal.number(n + 1) for n in range(len(keys))), copy=False)


def atoms_query(table: Table, words: Sequence[Sequence[exp.Expr]]) -> exp.Select:
    """One row per row of the ledger: the answers to the atoms of each word."""
    selected = [
        _named(exp.cast(word_of([_located_in(exp.Paren(this=a), table) for a in word]), "BIGINT"),
               f"word_{place}")
        for place, word in enumerate(words)
    ]  # fmt: skip
    return exp.Select(expressions=selected).from_(exp.to_table(LEDGER), copy=False)


def trace_query(selection: Selection) -> exp.Select:
    """One row per unit, own unit, period and record: then every answer and measured column."""
    counted = [taken_into_account(selection, m) for m in selection.scan.measures.values()]
    return (
        _reached(selection)
        .select(*_keys(selection), copy=False)
        .select(*(_of(_PLACED, name) for name in trace_columns(selection)), copy=False)
        .where(exp.or_(*counted, copy=False), copy=False)
        .order_by(_of(_PLACED, "day"), _of(_PLACED, "record"), copy=False)
    )


def trace_columns(selection: Selection) -> list[str]:
    """What `trace_query` selects behind the three keys."""
    fixed = ["record", "unit", "day", "file", "sheet", "line"]
    return [*fixed, *selection.answers.values(), *selection.values.values()]


def taken_into_account(selection: Selection, measure: Measure) -> exp.Expr:
    """The condition under which a measure counts a row among its records."""
    chosen = measure.share_of if measure.kind is MeasureKind.SHARE else measure.where
    condition = _answer(selection, chosen)
    if not measure.column:
        return condition
    present = exp.Not(this=exp.Is(this=_value(selection, measure), expression=exp.Null()))
    return exp.and_(condition, present, copy=False)


def _placed(selection: Selection) -> exp.Select:
    scan, table = selection.scan, selection.table
    columns = {
        "unit": _of(LEDGER, table.unit_column.name),
        "day": _of(LEDGER, scan.date),
        "period": _of(PERIODS, "name"),
        **{alias: _of(LEDGER, column) for alias, column in _PROVENANCE.items()},
        **{alias: _of(LEDGER, column) for column, alias in selection.values.items()},
        **{alias: _printable(p, table) for p, alias in selection.answers.items()},
    }
    return (
        exp.Select(expressions=[_named(c, alias) for alias, c in columns.items()])
        .from_(exp.to_table(LEDGER), copy=False)
        .join(exp.to_table(PERIODS), on=_counts_in(scan), copy=False)
    )


def _counts_in(scan: Scan) -> exp.Expr:
    day, last_day = _of(LEDGER, scan.date), _of(PERIODS, "last_day")
    if not scan.ends:
        return exp.and_(day >= _of(PERIODS, "start"), day <= last_day)
    end = _of(LEDGER, scan.ends)
    return exp.and_(day <= last_day, exp.or_(end.is_(exp.Null()), end > last_day))


def _reached(selection: Selection) -> exp.Select:
    day = _of(_PLACED, "day")
    belongs = exp.and_(
        _of(_PLACED, "unit").eq(_of(REACH, "unit")),
        day >= _of(REACH, "since"),
        day < _of(REACH, "until"),
    )
    return (
        exp.Select()
        .with_(_PLACED, as_=_placed(selection), copy=False)
        .from_(exp.to_table(_PLACED), copy=False)
        .join(exp.to_table(REACH), on=belongs, copy=False)
    )


def _keys(selection: Selection) -> list[exp.Expr]:
    own = _of(REACH, "own") if selection.scan.by_own_unit else exp.Literal.string("")
    return [_of(REACH, "above"), own, _of(_PLACED, "period")]


def _aggregate(selection: Selection, measure: Measure, counted: exp.Expr) -> exp.Expr:
    """Averages and shares are divided by the records afterwards."""
    if not measure.column:
        return _count(exp.and_(counted, _answer(selection, measure.where)))
    value = _value(selection, measure)
    newest = exp.Anonymous(this="row", expressions=[_of(_PLACED, "day"), _of(_PLACED, "record")])
    functions = {
        MeasureKind.MEDIAN: exp.Median(this=exp.cast(value, "DOUBLE")),
        MeasureKind.MIN: exp.Min(this=value),
        MeasureKind.MAX: exp.Max(this=value),
        MeasureKind.DISTINCT: exp.Count(this=exp.Distinct(expressions=[value])),
        MeasureKind.LAST: exp.ArgMax(this=value, expression=newest),
    }
    if measure.kind in (MeasureKind.SUM, MeasureKind.AVERAGE):
        return exp.Sum(this=_only_where(value, counted))
    return _filtered(functions[measure.kind], counted)


def _count(condition: exp.Expr) -> exp.Expr:
    """CASE in place of FILTER: DuckDB then adds up a column of all rows, which is faster."""
    return exp.Count(this=_only_where(exp.Literal.number(1), condition))


def _only_where(value: exp.Expr, condition: exp.Expr) -> exp.Expr:
    """The value where the condition holds, null elsewhere."""
    return exp.Case(ifs=[exp.If(this=condition.copy(), true=value)])


def _filtered(function: exp.Expr, condition: exp.Expr) -> exp.Expr:
    return exp.Filter(this=function, expression=exp.Where(this=condition.copy()))


def _answer(selection: Selection, predicate: Predicate | None) -> exp.Expr:
    return exp.true() if predicate is None else _of(_PLACED, selection.answers[predicate])


def _value(selection: Selection, measure: Measure) -> exp.Column:
    return _of(_PLACED, selection.values[measure.column])


def _named(column: exp.Expr, name: str) -> exp.Expr:
    return exp.Alias(this=column, alias=exp.to_identifier(name, quoted=True))


def _of(table: str, column: str) -> exp.Column:
    return exp.column(column, table=table, quoted=True)


def _printable(predicate: Predicate, table: Table) -> exp.Expr:
    """The predicate over the ledger and the periods, with arithmetic that cannot overflow."""
    return _located_in(exp.Paren(this=predicate.tree), table)


def _located_in(tree: exp.Expr, table: Table) -> exp.Expr:
    whole = {c.name for c in table.columns if c.type is ColumnType.INTEGER}
    tree = tree.copy()
    for product in list(tree.find_all(exp.Mul, exp.Div)):
        for side in ("this", "expression"):
            product.set(side, exp.cast(product.args[side], "DOUBLE", copy=False))
    for column in list(tree.find_all(exp.Column)):
        placed: exp.Expr = _located(column.name)
        if column.name in whole and column.find_ancestor(*_EXACT_ARITHMETIC):
            placed = exp.cast(placed, _WHOLE_NUMBER)
        column.replace(placed)
    return tree


def _located(name: str) -> exp.Column:
    periods = {"period_start": "start", "period_last_day": "last_day"}
    return _of(PERIODS, periods[name]) if name in periods else _of(LEDGER, name)
