"""One checksum an indicator over every cell of a result, and the cells in which two differ.

    checksum.py RESULT --units UNITS.parquet [--against OTHER]

The checksum is the sum of a 64-bit hash of each cell (unit, period, value as it is given out,
records), so that the order of cells does not matter.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
from results import PERIODS, read_cells

_SHOWN = 5
_ODD = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


class Checksum(NamedTuple):
    """Of one indicator: the sum of the hashes, and how many cells it is over."""

    hash: str
    cells: int


class Difference(NamedTuple):
    """A cell, and its value and records in both results. Missing: None where one has no such
    cell."""

    indicator: str
    unit: str
    period: str
    first: tuple[float, int] | None
    second: tuple[float, int] | None


def read_units(path: Path) -> list[str]:
    """The codes of all units, in order."""
    return sorted(set(pq.read_table(path, columns=["code"])["code"].to_pylist()))


def checksums(result: Path, units: list[str]) -> dict[str, Checksum]:
    """The checksum of each indicator of which the result has a cell."""
    sums: dict[str, tuple[int, int]] = {}
    for cells in read_cells(result, units):
        total, count = sums.get(cells.indicator, (0, 0))
        hashed = _hash(cells.keys.view(np.uint64))
        hashed = _hash(hashed ^ np.ascontiguousarray(cells.values).view(np.uint64))
        hashed = _hash(hashed ^ cells.records.view(np.uint64))
        total = (total + int(hashed.sum(dtype=np.uint64))) % 2**64
        sums[cells.indicator] = total, count + len(cells.keys)
    return {n: Checksum(f"{total:016x}", count) for n, (total, count) in sums.items() if count}


def differing(
    first: Mapping[str, Checksum], second: Mapping[str, Checksum], names: set[str] | None = None
) -> list[str]:
    """The indicators, of `names` if given, whose checksums are not the same."""
    either = sorted(names if names is not None else first.keys() | second.keys())
    return [name for name in either if first.get(name) != second.get(name)]


def differences(
    indicator: str, first: Path, second: Path, units: list[str], shown: int = _SHOWN
) -> tuple[int, list[Difference]]:
    """In how many cells of one indicator two results differ, and the first few of them."""
    sides = [_cells_by_key(result, indicator, units) for result in (first, second)]
    keys = [
        key for key in sides[0].keys() | sides[1].keys() if sides[0].get(key) != sides[1].get(key)
    ]
    return len(keys), [
        Difference(
            indicator, units[key // len(PERIODS)], PERIODS[key % len(PERIODS)],
            sides[0].get(key), sides[1].get(key),
        )
        for key in sorted(keys)[:shown]
    ]  # fmt: skip


def _cells_by_key(result: Path, indicator: str, units: list[str]) -> dict[int, tuple[float, int]]:
    return {
        key: (value, records)
        for cells in read_cells(result, units, indicator)
        for key, value, records in zip(
            cells.keys.tolist(), cells.values.tolist(), cells.records.tolist(), strict=True
        )
    }


def _hash(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Each number spread over 64 bits."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * _ODD[0]
    values = (values ^ (values >> np.uint64(27))) * _ODD[1]
    return values ^ (values >> np.uint64(31))


def main() -> None:
    """Print checksums, or the cells that differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("result", type=Path)
    parser.add_argument("--units", type=Path, required=True)
    parser.add_argument("--against", type=Path)
    given = parser.parse_args()
    units = read_units(given.units)
    found = checksums(given.result, units)
    if given.against is None:
        print(json.dumps({name: sum_._asdict() for name, sum_ in found.items()}, indent=1))
        return
    names = differing(found, checksums(given.against, units))
    for name in names:
        count, some = differences(name, given.result, given.against, units)
        print(f"{name}: {count} cells differ")
        for each in some:
            print(f"    {each.unit} {each.period}: {each.first} and {each.second}")
    print(f"{len(names)} indicators differ")
    raise SystemExit(bool(names))


if __name__ == "__main__":
    main()
