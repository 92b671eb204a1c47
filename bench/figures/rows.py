"""The rows of a table, drawn block after block in the order in which an edition is sealed."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from drawing import Block, Ints
from tables import TableSpec
from unit_tree import Units

from shuzhi.ledgers.edition_files import packing

_BLOCK = 1_000_000  # rows, more or less: a unit is never divided
_ROWS_A_GROUP = 65_536
_MONTHS = (0.9, 0.5, 1.4, 1.2, 1.1, 1.3, 0.6, 0.6, 1.2, 1.1, 1.3, 1.6)
_WEEKDAYS = (1.0, 1.1, 1.1, 1.0, 0.9, 0.35, 0.25)
_LAST_YEAR = 2025
_PER_PERSON, _PER_SESSION = 20, 10


def file_name(code: str, quarter: int) -> str:
    """The file a unit sent for a quarter."""
    return f"{_LAST_YEAR}/{code}-Q{quarter}.xlsx"


def write_rows(
    path: Path, spec: TableSpec, schema: pa.Schema, count: int, units: Units, seed: int
) -> None:
    """`count` rows as a Parquet file with an edition's row groups, by (pre-order, day, id)."""
    waiting: list[pa.Table] = []
    with pq.ParquetWriter(path, schema, **packing(schema)) as writer:
        for table in draw_rows(spec, schema, count, units, seed):
            joined = pa.concat_tables([*waiting, table])
            whole = len(joined) // _ROWS_A_GROUP * _ROWS_A_GROUP
            if whole:
                writer.write_table(joined.slice(0, whole).combine_chunks(), _ROWS_A_GROUP)
            waiting = [joined.slice(whole).combine_chunks()]
        for rest in waiting:
            writer.write_table(rest)


def draw_rows(
    spec: TableSpec, schema: pa.Schema, count: int, units: Units, seed: int
) -> Iterator[pa.Table]:
    """The rows in tables of a block each. The same arguments draw the same rows."""
    chance = np.random.default_rng([seed, *spec.name.encode()])
    sizes = _sizes(count, units, chance)
    first_person, first_session = (
        _firsts(units, count, _PER_PERSON),
        _firsts(units, count, _PER_SESSION),
    )
    begins = np.concatenate([[0], np.cumsum(sizes)])
    start = 0
    while start < len(sizes):
        end = int(np.searchsorted(begins, begins[start] + _BLOCK, side="left"))
        end = min(max(end, start + 1), len(sizes))
        of_rows = np.repeat(np.arange(start, end), sizes[start:end])
        days = _days(spec, of_rows, units, chance)
        numbers = begins[start] + chance.permutation(len(of_rows))
        order = np.lexsort((numbers, days, of_rows))
        block = Block(chance, of_rows, days[order], numbers[order], first_person, first_session)
        yield _table(spec, schema, block, units)
        start = end


def _sizes(count: int, units: Units, chance: np.random.Generator) -> Ints:
    """How many rows each unit has: its weight, a little otherwise in each table."""
    weights = units.weights * chance.gamma(4, 0.25, len(units.weights))
    return chance.multinomial(count, weights / weights.sum())


def _firsts(units: Units, count: int, per: int) -> Ints:
    shares = np.concatenate([[0.0], np.cumsum(units.weights)])
    return np.floor(shares * count / per).astype(np.int64)


def _days(spec: TableSpec, of_rows: Ints, units: Units, chance: np.random.Generator) -> Ints:
    """Seasonal days; nearly none in a unit that has ended."""
    first, last = date(spec.first_year, 1, 1), date(_LAST_YEAR + 1, 1, 1)
    known = [first + timedelta(days=n) for n in range((last - first).days)]
    weights = np.array([_MONTHS[d.month - 1] * _WEEKDAYS[d.weekday()] for d in known])
    weights *= np.random.default_rng(7).gamma(9, 1 / 9, len(known))
    bounds = np.cumsum(weights)[:-1] / weights.sum()
    days = np.searchsorted(bounds, chance.random(len(of_rows)), side="right")
    days = days + (first - date(1970, 1, 1)).days
    ends = units.ends[of_rows]
    late = (days >= ends) & (chance.random(len(of_rows)) < 0.9)
    return np.where(late, ends - 1 - (days - ends) % 60, days)


def _table(spec: TableSpec, schema: pa.Schema, block: Block, units: Units) -> pa.Table:
    codes = pa.array(units.codes)
    columns = {}
    for column in spec.fields:
        if column.draw is None:
            columns[column.name] = codes.take(pa.array(block.units))
        else:
            columns[column.name] = column.draw(block, column.name)
    columns |= _provenance(spec, columns["id"], block, units)
    return pa.table([columns[name] for name in schema.names], schema=schema)


def _provenance(spec: TableSpec, ids: pa.Array, block: Block, units: Units) -> dict[str, pa.Array]:
    """One file a unit and quarter, one sheet a table; what is older stands in the first file."""
    months = block.days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    quarters = np.maximum(months // 3 - (_LAST_YEAR - 1970) * 4, 0)
    keys = block.units * 4 + quarters
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)])
    files = [
        file_name(units.codes[u], q + 1)
        for u, q in zip(block.units[begins].tolist(), quarters[begins].tolist(), strict=True)
    ]
    lengths = np.diff(np.append(begins, len(keys)))
    of_file = pa.array(np.repeat(np.arange(len(begins)), lengths))
    lines = np.arange(len(keys)) - np.repeat(begins, lengths) + 2
    return {
        "_id": ids,
        "_precision": pa.repeat("day", len(block)),
        "_file": pa.array(files, pa.string()).take(of_file),
        "_sheet": pa.repeat(spec.zh, len(block)),
        "_row": pa.array(lines.astype(np.int32)),
    }
