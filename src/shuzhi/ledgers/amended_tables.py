"""The records of an edition that was amended: those of the earlier edition, without the ones that
went, with the ones that came, in the order in which all of them together would have been sealed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuzhi.ledgers.model import RECORD_ID
from shuzhi.ledgers.sealed_tables import Places, StoredTables, with_dictionaries

_EIGHT = 8


@dataclass(frozen=True)
class RowChanges:
    """What became of the rows of one table.

    `gone` are the places of rows of the earlier ledger, ascending; `came` the rows that are new,
    in the sealed order, and `before` says for each before which place of the earlier ledger it
    stands.
    """

    gone: Places
    came: pa.Table
    before: Places

    def __post_init__(self) -> None:
        if len(self.before) != len(self.came):
            raise ValueError("each row that came stands before one place")

    @property
    def growth(self) -> int:
        return len(self.came) - len(self.gone)

    def woven(self, begin: int, end: int, *, is_last: bool) -> Places:
        """What stands where the earlier rows from `begin` to before `end` stood: places of these,
        and the numbers of rows that came, counted from `end` on."""
        inside = (self.before >= begin) & (self.before < end + is_last)
        numbers = end + np.flatnonzero(inside)
        found = np.insert(np.arange(begin, end), self.before[inside] - begin, numbers)
        return found[~np.isin(found, self.gone) | (found >= end)]


class AmendedTables(StoredTables):
    """`changes` by table, for those in which anything changed."""

    def __init__(self, earlier: StoredTables, changes: Mapping[str, RowChanges]) -> None:
        self.earlier = earlier
        self.changes = changes
        self._whole: dict[str, pa.Table] = {}
        self._woven: dict[str, Places] = {}
        self._gone: dict[str, pa.Table] = {}

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self.changes:
            return self.earlier[name]
        if name not in self._whole:
            came, earlier = self.changes[name].came, self.earlier[name]
            both = pa.concat_tables([earlier, came.cast(earlier.schema)])
            self._whole[name] = both.take(pa.array(self._all_woven(name))).combine_chunks()
        return self._whole[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.earlier)

    def __len__(self) -> int:
        return len(self.earlier)

    def rows(self, name: str) -> int:
        growth = self.changes[name].growth if name in self.changes else 0
        return self.earlier.rows(name) + growth

    def batches(
        self, name: str, columns: Sequence[str], plain: Sequence[str] = ()
    ) -> Iterator[pa.Table]:
        parts = self.earlier.batches(name, columns, plain)
        if name in self.changes:
            parts = _in_eights(self._amended(name, columns, plain, parts), plain)
        return parts

    def _amended(
        self, name: str, columns: Sequence[str], plain: Sequence[str], parts: Iterator[pa.Table]
    ) -> Iterator[pa.Table]:
        changes, begin = self.changes[name], 0
        length = self.earlier.rows(name)
        came = changes.came.select(list(columns))
        if not length:
            yield with_dictionaries(came, plain)
            return
        for part in parts:
            end = begin + len(part)
            inside = _Inside(came, changes, begin, end, end == length, plain)
            yield inside.amended(part)
            begin = end

    def at(self, name: str, places: Places, columns: Sequence[str]) -> pa.Table:
        if name not in self.changes:
            return self.earlier.at(name, places, columns)
        earlier, came = self.earlier.rows(name), self.changes[name].came
        origin = self._all_woven(name)[places]
        is_new = origin >= earlier
        found = pa.concat_tables(
            [
                self.earlier.at(name, origin[~is_new], columns),
                came.select(list(columns)).take(pa.array(origin[is_new] - earlier)),
            ]
        )
        order = np.empty(len(places), dtype=np.int64)
        order[np.concatenate([np.flatnonzero(~is_new), np.flatnonzero(is_new)])] = np.arange(
            len(places)
        )
        return found.take(pa.array(order))

    def of_units(
        self, name: str, unit_column: str, units: Collection[str], columns: Sequence[str]
    ) -> pa.Table:
        if name not in self.changes:
            return self.earlier.of_units(name, unit_column, units, columns)
        wanted = list(dict.fromkeys([*columns, RECORD_ID]))
        earlier = self.earlier.of_units(name, unit_column, units, wanted)
        came = self.changes[name].came.select(wanted)
        came = came.filter(pc.is_in(came[unit_column], pa.array(sorted(units), pa.string())))
        left = earlier.filter(pc.invert(pc.is_in(earlier[RECORD_ID], self.ids_gone(name))))
        return pa.concat_tables([left, came.cast(left.schema)]).select(list(columns))

    def holding(
        self, name: str, column: str, values: pa.Array, columns: Sequence[str], at_most: int
    ) -> pa.Table | None:
        if name not in self.changes:
            return self.earlier.holding(name, column, values, columns, at_most)
        wanted = list(dict.fromkeys([*columns, RECORD_ID]))
        came = self.changes[name].came
        came = came.filter(pc.is_in(came[column], values)).select(wanted)
        left = self.earlier.holding(name, column, values, wanted, at_most)
        if left is None:
            return None
        left = left.filter(pc.invert(pc.is_in(left[RECORD_ID], self.ids_gone(name))))
        return pa.concat_tables([left, came.cast(left.schema)]).select(list(columns))

    def rows_gone(self, name: str, columns: Sequence[str]) -> pa.Table:
        """The rows that went, as the earlier edition has them."""
        if name not in self._gone:
            every = self.changes[name].came.column_names
            self._gone[name] = self.earlier.at(name, self.changes[name].gone, every)
        return self._gone[name].select(list(columns))

    def ids_gone(self, name: str) -> pa.Array:
        return self.rows_gone(name, [RECORD_ID])[RECORD_ID].combine_chunks()

    def _all_woven(self, name: str) -> Places:
        if name not in self._woven:
            length = self.earlier.rows(name)
            self._woven[name] = self.changes[name].woven(0, length, is_last=True)
        return self._woven[name]


@dataclass(frozen=True)
class _Inside:
    """What changes in one part of a table, which reaches from one place to before another."""

    came: pa.Table
    changes: RowChanges
    begin: int
    end: int
    is_last: bool
    plain: Sequence[str]

    def amended(self, part: pa.Table) -> pa.Table:
        """The part as it is now. Only what lies between the first and the last change is put
        together anew."""
        gone, before = self.changes.gone, self.changes.before
        gone = gone[slice(*np.searchsorted(gone, (self.begin, self.end)))]
        before = before[(before >= self.begin) & (before < self.end + self.is_last)]
        if not len(gone) and not len(before):
            return part
        first = int(min(places[0] for places in (gone, before) if len(places)))
        last = int(max([*(gone[-1:] + 1), *before[-1:]]))
        woven = self.changes.woven(first, last, is_last=last in before)
        between = part.slice(first - self.begin, last - first)
        middle = pa.concat_tables([_plain(between), self.came]).take(pa.array(woven - first))
        return pa.concat_tables(
            [
                part.slice(0, first - self.begin),
                with_dictionaries(middle, self.plain),
                part.slice(last - self.begin),
            ]
        )


def _in_eights(parts: Iterator[pa.Table], plain: Sequence[str]) -> Iterator[pa.Table]:
    """The same rows; every part but the last has a whole number of eights."""
    rest: pa.Table | None = None
    for part in parts:
        joined = part if rest is None else pa.concat_tables([rest, part])
        whole = len(joined) // _EIGHT * _EIGHT
        if whole:
            yield joined.slice(0, whole)
        over = joined.slice(whole)
        rest = with_dictionaries(_plain(over), plain) if len(over) else None
    if rest is not None:
        yield rest


def _plain(table: pa.Table) -> pa.Table:
    columns = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)
