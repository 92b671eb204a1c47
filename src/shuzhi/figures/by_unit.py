"""Sealed figures by their key, a unit at a time: a page shows a few units of many."""

from collections.abc import Iterator, Mapping
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.figures.columns import figures_from_arrow
from shuzhi.figures.model import Figure

FigureKey = tuple[str, str, str]  # indicator, unit, name of the period


class FiguresByUnit(Mapping[FigureKey, Figure]):
    """The figures of a table of `FIGURES_SCHEMA`; a unit's are made when one is asked for."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._made: dict[str, dict[FigureKey, Figure]] = {}

    def __getitem__(self, key: FigureKey) -> Figure:
        return self.of_unit(key[1])[key]

    def __iter__(self) -> Iterator[FigureKey]:
        columns = (self._table[name].to_pylist() for name in ("indicator", "unit", "period"))
        return zip(*columns, strict=True)

    def __len__(self) -> int:
        return len(self._table)

    def of_unit(self, unit: str) -> Mapping[FigureKey, Figure]:
        """All figures of one unit. Missing: none where there is no such unit."""
        if unit not in self._made:
            place = self._places.get(unit)
            rows = self._table.take(place) if place is not None else self._table.slice(0, 0)
            self._made[unit] = {
                (figure.indicator, figure.unit, figure.period): figure
                for figure in figures_from_arrow(rows)
            }
        return self._made[unit]

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The names of all periods that there are figures of."""
        return tuple(sorted(self._table["period"].unique().to_pylist()))

    @cached_property
    def _places(self) -> Mapping[str, pa.Array]:
        """The rows of each unit."""
        codes = self._table["unit"].combine_chunks().dictionary_encode()
        order = pc.sort_indices(codes.indices)
        counts = pc.value_counts(codes.indices.take(order))
        found, begin = {}, 0
        for count in counts.to_pylist():
            found[codes.dictionary[count["values"]].as_py()] = order.slice(begin, count["counts"])
            begin += count["counts"]
        return found
