"""Draw a province's pack, units, rows and returns, and seal them as an edition.

    generate.py FOLDER --rows 10M --figures 200 --units 50000 [--seed 1]

Prints the path of the edition below FOLDER. One that is there already is used again.
"""

import argparse
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from definitions import write_definitions
from indicators import define_indicators
from pack_files import write_indicators, write_tables
from rows import draw_rows, file_name, write_rows
from sealing import seal_from_files
from tables import TABLES
from unit_tree import LEVELS, Units, grow_units

from shuzhi.ledgers.model import Ledgers, Return, ReturnState, SourceFile, arrow_schema
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack
from shuzhi.periods import Period
from shuzhi.units import UnitTree

# With rows, "none", "not applicable", no answer.
_ANSWERS = (0.88, 0.06, 0.01, 0.05)
_NOT_APPLICABLE = 2
_MODULES = (
    "definitions", "drawing", "generate", "indicators", "pack_files", "rows", "sealing", "tables",
    "unit_tree",
)  # fmt: skip
_SAMPLE_ROWS, _SAMPLE_UNITS = 20_000, 300
_SCALES = {"k": 1_000, "M": 1_000_000}


def parse_number(text: str) -> int:
    """10M, 20k or 300 as a whole number."""
    scale = _SCALES.get(text[-1:], 1)
    return int(float(text.rstrip("kM")) * scale)


def generate(folder: Path, *, rows: int, figures: int, units: int, seed: int = 1) -> Path:
    """The path of the edition, drawn and sealed unless it is there."""
    place = folder / f"rows{rows}-figures{figures}-units{units}-seed{seed}-{_drawn_by()}"
    edition = place / "edition"
    if edition.exists():
        return edition
    pack = _write_pack(place / "pack", figures, seed)
    grown = grow_units(units, np.random.default_rng(seed))
    tree = UnitTree(grown.spans)
    grown = grown.in_order(tree.in_pre_order(pack.collects_until))
    specs = {spec.name: spec for spec in TABLES}

    def write_table(table: str, path: Path, schema: pa.Schema) -> None:
        if table in specs:
            count = round(rows * specs[table].part)
            write_rows(path, specs[table], schema, count, grown, seed)
        else:
            pq.write_table(schema.empty_table(), path)

    returns = _returns(grown, pack, np.random.default_rng([seed, 5]))
    ledgers = Ledgers({}, tree, returns, _sources(grown), (), ())
    seal_from_files(edition, pack, ledgers, write_table)
    write_definitions(edition)
    return edition


def _drawn_by() -> str:
    """Stands for the text of this generator: an edition drawn by another one is not used."""
    digest = hashlib.sha256()
    for module in _MODULES:
        digest.update((Path(__file__).parent / f"{module}.py").read_bytes())
    return digest.hexdigest()[:8]


def _write_pack(folder: Path, figures: int, seed: int) -> Pack:
    """The pack, its predicates tried on some rows of each table."""
    shutil.rmtree(folder, ignore_errors=True)
    write_tables(folder)
    tables = load_pack(folder).tables
    units = grow_units(_SAMPLE_UNITS, np.random.default_rng(seed))
    samples = {
        spec.name: pa.concat_tables(
            draw_rows(spec, arrow_schema(tables[spec.name]), _SAMPLE_ROWS, units, seed)
        )
        for spec in TABLES
    }
    write_indicators(folder, define_indicators(figures, samples, seed))
    return load_pack(folder)


def _returns(units: Units, pack: Pack, chance: np.random.Generator) -> tuple[Return, ...]:
    """One for each that is asked, but for one in twenty."""
    periods = {
        spec.name: pack.reporting_periods(spec.name, pack.collects_from, pack.collects_until)
        for spec in TABLES
    }
    asked = (
        (table, code, period)
        for code, level in zip(units.codes, units.levels.tolist(), strict=True)
        if LEVELS[level] in pack.tables[TABLES[0].name].asked.levels
        for table in periods
        for period in periods[table]
    )
    answers = np.array([ReturnState.ROWS, ReturnState.NIL, ReturnState.NOT_APPLICABLE, None])
    return tuple(
        Return(
            table, code, period.name, answers[drawn],
            file_name(code, (period.last_day.month + 2) // 3), pack.tables[table].label["zh"],
            f"{period.end}", "本单位无此项工作" if drawn == _NOT_APPLICABLE else "",
        )
        for drawn, (table, code, period) in _drawn(asked, chance)
        if answers[drawn] is not None
    )  # fmt: skip


def _drawn(
    asked: Iterable[tuple[str, str, Period]], chance: np.random.Generator
) -> Iterator[tuple[int, tuple[str, str, Period]]]:
    bounds = np.cumsum(_ANSWERS)[:-1]
    for each in asked:
        yield int(np.searchsorted(bounds, chance.random(), side="right")), each


def _sources(units: Units) -> tuple[SourceFile, ...]:
    names = (file_name(code, quarter) for code in units.codes for quarter in (1, 2, 3, 4))
    return tuple(
        SourceFile(name, hashlib.sha256(name.encode()).hexdigest(), 20_000, "2026-01-05")
        for name in names
    )


def main() -> None:
    """Print the path of the edition."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for name in ("rows", "figures", "units"):
        parser.add_argument(f"--{name}", type=parse_number, required=True)
    parser.add_argument("--seed", type=int, default=1)
    print(generate(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
