"""Where a query over given tables is answered: in this process, or in a confined one."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol

import pyarrow as pa

from shuzhi.confined import MAX_ANSWER, MEMORY, WALL_SECONDS, ConfinedWorker, OverLimit
from shuzhi.engines.connection import open_connection
from shuzhi.engines.query_worker import GOOD, as_stream
from shuzhi.errors import PackRefused
from shuzhi.packs.model import Pack

# What the worker needs for each byte of the tables it holds and of its answer: a sum and a distinct
# count over 74 MB took 4 bytes of addresses a byte (measured).
_MEMORY_PER_BYTE = 6
_WHOLE = pa.decimal128(38, 0)


class Answers(Protocol):
    """Rows, column by column as the query names them."""

    def rows(self, sql: str, tables: Mapping[str, pa.Table]) -> Iterable[tuple[Any, ...]]:
        """The rows that `sql` selects from `tables`."""

    def table(self, sql: str, tables: Mapping[str, pa.Table]) -> pa.Table:
        """The same as columns."""

    def close(self) -> None: ...


class AnswersHere:
    """For definitions that this installation brought with it."""

    def __init__(self) -> None:
        self._connection = open_connection()
        self._known: dict[str, pa.Table] = {}

    def rows(self, sql: str, tables: Mapping[str, pa.Table]) -> list[tuple[Any, ...]]:
        self._register(tables)
        return self._connection.execute(sql).fetchall()

    def table(self, sql: str, tables: Mapping[str, pa.Table]) -> pa.Table:
        self._register(tables)
        return self._connection.sql(sql).to_arrow_table()

    def _register(self, tables: Mapping[str, pa.Table]) -> None:
        for name, table in tables.items():
            if self._known.get(name) is not table:
                self._connection.register(name, table)
                self._known[name] = table

    def close(self) -> None:
        self._connection.close()


class AnswersConfined:
    """For definitions that somebody sent.

    Raises: PackRefused where a query takes more than it may, or cannot be answered.
    """

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._worker: ConfinedWorker | None = None
        self._allowed = 0
        self._known: dict[str, pa.Table] = {}

    def rows(self, sql: str, tables: Mapping[str, pa.Table]) -> Iterable[tuple[Any, ...]]:
        return tuples(self.table(sql, tables))

    def table(self, sql: str, tables: Mapping[str, pa.Table]) -> pa.Table:
        worker = self._worker_for(sum(table.nbytes for table in tables.values()))
        try:
            for name, table in tables.items():
                if self._known.get(name) is not table:
                    _good(worker.ask(_line(table=name), as_stream(table)))
                    self._known[name] = table
            answer = _good(worker.ask(_line(query=sql)))
        except OverLimit:
            self.close()
            raise PackRefused(
                [
                    f"the definitions take more than the {self._allowed // 10**6:,} MB and "
                    f"{worker.wall_seconds:g} s they may; take some away or make them simpler"
                ]
            ) from None
        return pa.ipc.open_stream(answer).read_all()

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._worker, self._known = None, {}

    def _worker_for(self, size: int) -> ConfinedWorker:
        """The worker there is, or one that may hold `size` bytes of tables."""
        needed = MEMORY + _MEMORY_PER_BYTE * size
        if self._worker is None or self._allowed < needed:
            self.close()
            self._allowed = needed
            self._worker = ConfinedWorker(
                "shuzhi.engines.query_worker",
                memory=needed,
                wall_seconds=self._wall_seconds,
                max_answer=MAX_ANSWER + _MEMORY_PER_BYTE * size,
            )
        return self._worker


def answers_to(pack: Pack) -> Answers:
    """Where the queries of a pack are answered."""
    return AnswersHere() if pack.is_shipped else AnswersConfined()


def _line(**asked: str) -> bytes:
    return json.dumps(asked).encode() + b"\n"


def _good(answer: bytes) -> bytes:
    if not answer.startswith(GOOD):
        raise PackRefused([f"the definitions cannot be counted: {answer[1:].decode()}"])
    return answer[1:]


def tuples(table: pa.Table) -> Iterable[tuple[Any, ...]]:
    """The rows of a table in Python's values."""
    return zip(*(_values(column) for column in table.columns), strict=True)


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Python's values, with DuckDB's wide whole numbers as int again."""
    values: list[Any] = column.to_pylist()
    if column.type == _WHOLE:
        return [int(value) if isinstance(value, Decimal) else value for value in values]
    return values
