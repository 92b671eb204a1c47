"""The middle of the values at every unit, exactly: equal values become one entry with a count,
entries are merged up the tree and over the periods, and running sums say which entry the middle
falls on."""

from collections.abc import Iterator

from sqlglot import exp

from shuzhi.engines.sql.nodes import (
    PLACED,
    Named,
    column,
    count,
    is_there,
    number,
    only_where,
    plain,
    select,
    whole_sum,
)  # fmt: skip
from shuzhi.engines.sql.over_periods import over_periods
from shuzhi.engines.sql.selection import Selection
from shuzhi.engines.sql.states import Columns
from shuzhi.engines.sql.up_the_tree import up_the_tree
from shuzhi.packs.model import Measure


def median_steps(
    selection: Selection, measures: dict[str, Measure], suffix: str
) -> Iterator[Named]:
    """The steps for the medians of one column; the last one has a column per measure."""
    entries, climbed, merged, running, middles = (
        f"{step}_{suffix}" for step in ("entries", "climbed", "merged", "running", "median")
    )
    names = list(measures)
    yield entries, _entries(selection, measures)
    sums = {name: whole_sum(column(name)) for name in names}
    yield climbed, up_the_tree(selection, entries, ["slot", "value"], sums)
    whose = tuple(key for key in selection.keys if key != "period")
    yield merged, over_periods(
        selection, climbed, ["value"],
        {name: whole_sum(column(name, climbed)) for name in names}, whose,
    )  # fmt: skip
    yield running, _running(selection, merged, names)
    yield middles, _middles(selection, running, names)


def _entries(selection: Selection, measures: dict[str, Measure]) -> exp.Select:
    """One row per unit, slot and value, with how many rows have it, for each measure."""
    first = next(iter(measures.values()))
    keys = plain([*selection.place, "slot"], PLACED) | {"value": selection.value(first)}
    counts = {
        name: count(*selection.taken_into_account(measure)[:-1])
        for name, measure in measures.items()
    }
    where = is_there(selection.value(first))
    return select(PLACED, keys | counts, grouped_by=len(keys), where=where)


def _running(selection: Selection, merged: str, names: list[str]) -> exp.Select:
    columns = plain([*selection.keys, "value"], merged)
    for name in names:
        columns[_up_to(name)] = exp.Window(
            this=exp.Sum(this=column(name, merged)),
            partition_by=list(plain(selection.keys, merged).values()),
            order=exp.Order(expressions=[exp.Ordered(this=column("value", merged))]),
            spec=exp.WindowSpec(
                kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"
            ),
        )
        columns[_of_all(name)] = exp.Window(
            this=exp.Sum(this=column(name, merged)),
            partition_by=list(plain(selection.keys, merged).values()),
        )
    return select(merged, columns)


def _middles(selection: Selection, running: str, names: list[str]) -> exp.Select:
    """Of n rows the lower middle is the first value up to which there are n / 2 rows or more, the
    upper one the first up to which there are more."""
    columns: Columns = dict(plain(selection.keys, running))
    for name in names:
        twice = exp.Mul(this=number(2), expression=column(_up_to(name), running))
        of_all = column(_of_all(name), running)
        value = column("value", running)
        lower, upper = (
            exp.cast(exp.Min(this=only_where(value.copy(), condition)), "DOUBLE")
            for condition in (twice >= of_all, twice > of_all)
        )
        middle = exp.Paren(this=exp.Add(this=lower, expression=upper))
        columns[name] = exp.Div(this=middle, expression=exp.cast(number(2), "DOUBLE"))
    return select(running, columns, grouped_by=len(selection.keys))


def _up_to(name: str) -> str:
    return f"up_to_{name}"


def _of_all(name: str) -> str:
    return f"of_all_{name}"
