"""Cells of units become cells of all who stand above them.

Most units have nobody below them: their cells pass as they are, and only what is above the others
is added up.
"""

from collections.abc import Mapping

from sqlglot import exp

from shuzhi.engines.sql.nodes import REACH, column, equal, plain, select, table
from shuzhi.engines.sql.selection import Selection


def up_the_tree(
    selection: Selection, source: str, keys: list[str], merged: Mapping[str, exp.Expr]
) -> exp.Query:
    """From cells by unit, version and `keys` to cells by who is above, own unit if that is kept,
    and `keys`. Shape: several rows a cell where a unit moves meanwhile."""
    above: dict[str, exp.Expr] = {"above": column("above", REACH)}
    if selection.scan.by_own_unit:
        above["own"] = column("unit", REACH)
        return joined_with_reach(
            select(source, above | plain([*keys, *merged], source)), selection, source
        )
    above |= plain(keys, source)
    inner = column("is_inner", REACH)
    added = select(source, {**above, **merged}, grouped_by=len(above), where=inner)
    passing = select(source, above | plain(merged, source), where=exp.Not(this=inner.copy()))
    return exp.union(
        joined_with_reach(added, selection, source),
        joined_with_reach(passing, selection, source),
        distinct=False,
        copy=False,
    )


def joined_with_reach(query: exp.Select, selection: Selection, source: str) -> exp.Select:
    return query.join(table(REACH), on=equal(selection.place, source, REACH), copy=False)
