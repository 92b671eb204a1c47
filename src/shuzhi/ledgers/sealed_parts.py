"""The parts of a sealed edition beside its records, as objects once somebody looks at them."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar, overload

import pyarrow as pa

from shuzhi.ledgers.edition_tables import Shape

T = TypeVar("T")


class SealedPart(Sequence[T]):
    """The objects that lie in a table. `table` holds them as columns."""

    def __init__(self, shape: Shape, table: pa.Table) -> None:
        self.shape = shape
        self.table = table

    @cached_property
    def _objects(self) -> tuple[Any, ...]:
        return self.shape.from_arrow(self.table)

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...

    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        found: T | Sequence[T] = self._objects[place]
        return found

    def __iter__(self) -> Iterator[T]:
        return iter(self._objects)

    def __len__(self) -> int:
        return len(self.table)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._objects == tuple(other)

    def __hash__(self) -> int:
        return hash(self._objects)


def as_columns(objects: Iterable[Any], shape: Shape) -> pa.Table:
    """The objects as columns, without making objects of those that lie in a table."""
    return objects.table if isinstance(objects, SealedPart) else shape.to_arrow(objects)
