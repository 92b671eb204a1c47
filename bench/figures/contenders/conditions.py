"""Conditions as whole numbers: each literal a column of 0 and 1, each condition their & and |.

DuckDB adds up what is computed by & and | of whole numbers in half the time it takes for CASE over
conditions, because no rows are picked out for that. Unknown is not selected: `not` is moved inwards
to what stands between `and` and `or`, and what is unknown there, negated or not, becomes 0.
"""

from sqlglot import exp, parse_one


class Literals:
    """The literals of all conditions over one table, each with a short name."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, bool], str] = {}

    def bits(self, condition: str) -> str:
        """The condition as an expression over the literals that is 0 or 1; '' is always 1."""
        return (
            self._bits(parse_one(condition, dialect="duckdb"), negated=False) if condition else "1"
        )

    @property
    def named(self) -> dict[str, tuple[str, bool]]:
        """The name of each literal, with its text and whether it is negated."""
        return {name: literal for literal, name in self._names.items()}

    def columns(self) -> list[str]:
        """What defines the literals in a SELECT over the table."""
        return [
            f"coalesce({'NOT ' if negated else ''}({text}), false)::INTEGER AS {name}"
            for (text, negated), name in self._names.items()
        ]

    def _bits(self, tree: exp.Expr, *, negated: bool) -> str:
        if isinstance(tree, exp.Paren):
            return self._bits(tree.this, negated=negated)
        if isinstance(tree, exp.Not):
            return self._bits(tree.this, negated=not negated)
        if isinstance(tree, exp.And | exp.Or):
            operator = "&" if isinstance(tree, exp.And) != negated else "|"
            sides = [self._bits(s, negated=negated) for s in (tree.this, tree.expression)]
            return f"({sides[0]} {operator} {sides[1]})"
        key = tree.sql(dialect="duckdb"), negated
        return self._names.setdefault(key, f"l{len(self._names)}")
