"""A pack from its folder: read, checked as a whole, and refused with every complaint at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Generic, TypeVar

from shuzhi.errors import PackRefused
from shuzhi.packs.approval import build_approval
from shuzhi.packs.complaints import Complaint
from shuzhi.packs.cycles import complain_about_cycles
from shuzhi.packs.files import file_names, read_json, read_toml
from shuzhi.packs.guard import Files, complain_about_persons, complain_about_views
from shuzhi.packs.indicators import Surroundings, build_indicators, complain_about_references
from shuzhi.packs.keys import Keys
from shuzhi.packs.model import Indicator, Level, Pack, Table
from shuzhi.packs.shipped import is_shipped
from shuzhi.packs.tables import build_table, complain_about_likeness

T = TypeVar("T")
PACK_FILE = "pack.toml"


@dataclass(frozen=True)
class Examination:
    """What reading a pack came to. `pack` is None where there are complaints."""

    pack: Pack | None
    complaints: tuple[Complaint, ...]


def load_pack(path: Path) -> Pack:
    """The pack in the folder `path`, found to hold together and to ask for nothing forbidden.

    Raises: PackRefused with every complaint: file, key, what is wrong, what to do.
    """
    examination = examine_pack(path)
    if examination.pack is None:
        raise PackRefused([str(complaint) for complaint in examination.complaints])
    return examination.pack


def examine_pack(path: Path) -> Examination:
    """The pack in the folder `path`, or every complaint about it, file by file."""
    complaints: list[Complaint] = []
    if not (path / PACK_FILE).is_file():
        what, remedy = "there is no such file", f"name the folder that holds a {PACK_FILE}"
        return Examination(None, (Complaint(str(path / PACK_FILE), "", what, remedy),))
    keys = Keys(PACK_FILE, "", read_toml(path, PACK_FILE, complaints), complaints)
    if complaints:
        return Examination(None, tuple(complaints))
    keys.refuse_unknown(("name", "version", "title", "collects", "levels", "approval"))
    levels = _levels(keys)
    tables = _read_tables(path, [level.code for level in levels], complaints)
    around = Surroundings(tables.found, [level.code for level in levels])
    indicators = _read_indicators(path, around, complaints)
    collects_from, collects_until = _collects(keys)
    pack = Pack(
        path=path,
        name=keys.text("name"),
        version=keys.text("version"),
        title=keys.translations("title"),
        levels=levels,
        collects_from=collects_from,
        collects_until=collects_until,
        tables=tables.found,
        indicators=indicators.found,
        checks=read_toml(path, "checks.toml", complaints),
        scorecard=read_toml(path, "scorecard.toml", complaints),
        report=read_toml(path, "report/report.toml", complaints),
        is_shipped=is_shipped(path, keys.text("name")),
        approval=build_approval(keys.part("approval")),
    )
    files = Files(tables.files, indicators.files)
    complain_about_views(pack, files, complaints)
    complain_about_persons(pack, files, complaints)
    found = tuple(dict.fromkeys(complaints))
    return Examination(None if found else pack, found)


@dataclass
class _Definitions(Generic[T]):
    """What was read, by name, and the file each of them stands in."""

    found: dict[str, T] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def _levels(keys: Keys) -> tuple[Level, ...]:
    levels: dict[str, Level] = {}
    for entry in keys.parts("levels"):
        entry.refuse_unknown(("code", "label"))
        level = Level(entry.name("code"), entry.translations("label"))
        if level.code in levels:
            entry.complain("code", f"{level.code} stands there twice", "remove one of them")
        levels[level.code] = level
    if not levels:
        keys.complain("levels", "the tree of units has no levels", "add [[levels]] from the top")
    return tuple(levels.values())


def _collects(keys: Keys) -> tuple[date, date]:
    part = keys.part("collects")
    part.refuse_unknown(("from", "until"))
    collects_from, collects_until = _day(part, "from", date.min), _day(part, "until", date.max)
    if collects_until <= collects_from:
        part.complain("until", "it is not after from", "write the day after the last one")
    return collects_from, collects_until


def _day(part: Keys, key: str, default: date) -> date:
    day = part.values.get(key)
    if isinstance(day, date) and not isinstance(day, datetime):
        return day
    part.complain(key, f"{day!r} is no day", f"write {key} = 2023-01-01, without quotes")
    return default


def _read_tables(path: Path, levels: list[str], complaints: list[Complaint]) -> _Definitions[Table]:
    tables = _Definitions[Table]()
    for file in file_names(path, "tables/*.json", complaints):
        values = read_json(path, file, complaints)
        if not values:
            continue
        table = build_table(file, values, levels, complaints)
        if table.name and table.name != Path(file).stem:
            what = f"the table is called {table.name!r}, the file {Path(file).name!r}"
            complaints.append(Complaint(file, "name", what, "give both one name"))
        tables.found[table.name] = table
        tables.files[table.name] = file
    _complain_about_count(tables.found, complaints)
    complain_about_likeness(tables.found, tables.files, complaints)
    return tables


def _complain_about_count(tables: Mapping[str, Table], complaints: list[Complaint]) -> None:
    units = [name for name, table in tables.items() if table.is_units]
    if len(units) != 1:
        what = f"{len(units)} tables hold the tree of units"
        remedy = 'give "shuzhi:is_units": true to exactly one'
        complaints.append(Complaint("tables", "", what, remedy))


def _read_indicators(
    path: Path, around: Surroundings, complaints: list[Complaint]
) -> _Definitions[Indicator]:
    indicators = _Definitions[Indicator]()
    for file in file_names(path, "indicators/*.toml", complaints):
        values = read_toml(path, file, complaints)
        for indicator in build_indicators(file, values, around, complaints):
            name = indicator.name
            if name in indicators.found:
                what = f"{indicators.files[name]} defines it too"
                complaints.append(Complaint(file, name, what, "rename one of them"))
                continue
            indicators.found[name] = indicator
            indicators.files[name] = file
    complain_about_references(indicators.found, indicators.files, around, complaints)
    complain_about_cycles(indicators.found, indicators.files, complaints)
    return indicators
