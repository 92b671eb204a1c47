"""The definitions: so many of each measure, each with a predicate of its own."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from tables import TABLES, TableSpec

# Of 200 indicators; other numbers in proportion.
_MIX = {
    "count": 63, "share": 33, "sum": 29, "average": 26, "distinct": 22, "median": 15, "stock": 8,
    "last": 4,
}  # fmt: skip
_LEAST, _MOST = 0.05, 0.40  # of the rows meet a predicate
_LEAST_BASE, _MOST_BASE = 0.2, 0.8  # … and the base of a share
_POPULAR = 0.6  # the r-th atom of a table has r to the power of minus this
_BY_OTHER_DAY = 0.25  # of the counts on a table with a second day
# How a predicate is put together, and how often.
_SHAPES = (
    ("{0}", 20), ("{0} and {1}", 26), ("{0} or {1}", 8), ("{0} and not ({1})", 12),
    ("{0} and ({1} or {2})", 14), ("{0} and {1} and {2}", 6), ("not ({0} or {1}) and {2}", 4),
    ("({0} or {1}) and ({2} or {3})", 6), ("({0} and {1}) or ({2} and not ({3}))", 3),
    ("{0} and ({1} or {2} or not ({3} and {4}))", 1),
)  # fmt: skip


@dataclass(frozen=True)
class Definition:
    """An indicator: `keys` are its keys in TOML beside the table, values as they are written."""

    name: str
    table: str
    keys: Mapping[str, str]


def define_indicators(count: int, samples: Mapping[str, pa.Table], seed: int) -> list[Definition]:
    """`count` definitions. Predicates are tried on a sample of each table's rows, so that each
    selects neither hardly anything nor nearly everything."""
    chance = random.Random(f"{seed} {count}")
    definitions = []
    with duckdb.connect() as connection:
        for name, sample in samples.items():
            connection.register(name, sample)
        for kind, number in _in_proportion(_MIX, count).items():
            weights = {s.name: s.kinds.get(kind, 0.0) for s in TABLES}
            for spec in TABLES:
                for _ in range(_in_proportion(weights, number)[spec.name]):
                    place = len(definitions) + 1
                    keys = _keys(kind, spec, chance, connection)
                    definitions.append(Definition(f"{kind}_{place:04}", spec.name, keys))
    return definitions


def _in_proportion(weights: Mapping[str, float], count: int) -> dict[str, int]:
    """`count` divided by weight, by largest remainders."""
    total = sum(weights.values())
    exact = {name: count * weight / total for name, weight in weights.items()}
    found = {name: int(share) for name, share in exact.items()}
    by_rest = sorted(exact, key=lambda name: found[name] - exact[name])
    for name in by_rest[: count - sum(found.values())]:
        found[name] += 1
    return found


def _keys(
    kind: str, spec: TableSpec, chance: random.Random, connection: duckdb.DuckDBPyConnection
) -> dict[str, str]:
    keys = {}
    column = ""
    if kind == "count":
        keys["count"] = "true"
        if spec.other_day and chance.random() < _BY_OTHER_DAY:
            keys["date"] = f'"{spec.other_day}"'
    elif kind == "share":
        base = _predicate(spec, chance, connection, (_LEAST_BASE, _MOST_BASE))
        keys["share_of"] = json.dumps(base, ensure_ascii=False)
    elif kind == "stock":
        keys["stock"] = f'{{ ends = "{spec.ends}" }}'
    else:
        column = chance.choice(spec.counted if kind == "distinct" else spec.numbers)
        keys[kind] = f'"{column}"'
    where = _predicate(spec, chance, connection, (_LEAST, _MOST), column)
    return {"where": json.dumps(where, ensure_ascii=False), **keys}


def _predicate(
    spec: TableSpec, chance: random.Random, connection: duckdb.DuckDBPyConnection,
    bounds: tuple[float, float], column: str = "",
) -> str:  # fmt: skip
    """One that a share of the sample within the bounds meets, and has a value in the column."""
    present = f' AND "{column}" IS NOT NULL' if column else ""
    for text in _candidates(spec, chance):
        query = f'SELECT avg(CASE WHEN ({text}){present} THEN 1 ELSE 0 END) FROM "{spec.name}"'
        found = connection.execute(query).fetchone()
        if found is not None and bounds[0] <= found[0] <= bounds[1]:
            return text
    raise AssertionError


def _candidates(spec: TableSpec, chance: random.Random) -> Iterator[str]:
    popular = [rank**-_POPULAR for rank in range(1, len(spec.atoms) + 1)]
    shapes, weights = zip(*_SHAPES, strict=True)
    while True:
        shape = chance.choices(shapes, weights)[0]
        atoms: dict[str, None] = {}
        while len(atoms) < 5:
            atoms[chance.choices(spec.atoms, popular)[0]] = None
        yield shape.format(*atoms)
