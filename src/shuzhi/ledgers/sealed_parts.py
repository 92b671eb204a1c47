"""The parts of a sealed edition beside its records, as objects once somebody looks at them."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shuzhi.ledgers.edition_tables import Shape

T = TypeVar("T")


class SealedPart(Sequence[T]):
    """The objects that lie in a table. `table` holds them as columns."""

    def __init__(self, shape: Shape, table: pa.Table) -> None:
        self.shape = shape
        self.table = table

    def where(self, column: str, values: Iterable[str]) -> "SealedPart[T]":
        """The objects that have one of the values in a column of texts, in their order."""
        if column not in self._places:
            found = self.table[column].combine_chunks().dictionary_encode()
            order = np.argsort(found.indices.to_numpy(), kind="stable")
            ends = np.cumsum(np.bincount(found.indices.to_numpy()))
            texts = found.dictionary.to_pylist()
            spans = zip(np.append(0, ends[:-1]).tolist(), ends.tolist(), strict=True)
            self._places[column] = order, dict(zip(texts, spans, strict=True))
        order, spans_of = self._places[column]
        spans_there = (spans_of[value] for value in set(values) if value in spans_of)
        places = [order[begin:end] for begin, end in spans_there]
        chosen = np.sort(np.concatenate([order[:0], *places]))
        return SealedPart(self.shape, self.table.take(pa.array(chosen)))

    @cached_property
    def _places(self) -> dict[str, tuple[npt.NDArray[np.intp], dict[str, tuple[int, int]]]]:
        """For a column the objects' places by value, and between which of them each value's lie."""
        return {}

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
