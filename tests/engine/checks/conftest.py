"""A small county: two townships that hold activities in venues."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from shuzhi.checks.model import Flag
from shuzhi.checks.run import check_ledgers
from shuzhi.ledgers.model import Ledgers, Return, ReturnState, arrow_schema
from shuzhi.packs.model import Asked, Column, ColumnType, Level, Pack, Role, Table
from shuzhi.periods import PeriodKind
from shuzhi.units import UnitSpan, UnitTree

Row = Mapping[str, Any]
SHEET = {"_precision": "day", "_file": "a.xlsx", "_sheet": "S"}


def text(word: str) -> dict[str, str]:
    return {"zh": word, "en": word}


def column(name: str, kind: ColumnType, role: Role = Role.NONE) -> Column:
    return Column(name, kind, text(name), role)


ACTIVITIES = Table(
    "activities",
    {"zh": "活动", "en": "Activities"},
    (
        column("no", ColumnType.STRING, Role.ID),
        column("unit", ColumnType.STRING, Role.UNIT),
        column("held_on", ColumnType.DATE, Role.DATE),
        column("title", ColumnType.STRING),
        column("venue", ColumnType.STRING),
        column("expected", ColumnType.INTEGER),
        column("heads", ColumnType.INTEGER),
        column("adults", ColumnType.INTEGER),
        column("children", ColumnType.INTEGER),
        column("lecturer", ColumnType.STRING, Role.PERSON),
        column("photos", ColumnType.STRING, Role.EVIDENCE),
        column("summary", ColumnType.STRING, Role.TEXT),
        column("hours", ColumnType.NUMBER),
        column("team", ColumnType.STRING),
    ),
    asked=Asked(("township",), PeriodKind.QUARTER, 10),
    primary_key=("unit", "held_on", "title"),
    sums={"heads": ("adults", "children")},
)
VENUES = Table(
    "venues",
    {"zh": "场所", "en": "Venues"},
    (
        column("venue_no", ColumnType.STRING, Role.ID),
        column("unit", ColumnType.STRING, Role.UNIT),
        column("opened_on", ColumnType.DATE, Role.DATE),
        column("capacity", ColumnType.INTEGER),
        column("latitude", ColumnType.NUMBER),
        column("longitude", ColumnType.NUMBER),
        column("opened_as", ColumnType.STRING),
    ),
    primary_key=("venue_no",),
)
CHECKS: dict[str, dict[str, Any]] = {
    "missing_return": {},
    "late_return": {},
    "duplicate": {"likeness": 88, "events": [{"table": "activities", "name": "title"}]},
    "duplicate_across_units": {
        "likeness": 88,
        "events": [{"table": "activities", "name": "title", "same": ["venue"]}],
    },
    "over_capacity": {
        "compare": [
            {"column": "activities.heads", "limit": "activities.expected"},
            {
                "column": "activities.heads",
                "limit": "venues.capacity",
                "by": "venue",
                "key": "venue_no",
            },
        ]
    },
    "claimed_twice": {
        "likeness": 88,
        "events": [
            {"table": "venues", "name": "opened_as"},
            {"table": "activities", "name": "title"},
        ],
    },
    "same_person_twice": {
        "most_a_day": 1,
        "sessions": [{"table": "activities", "name": "title"}],
    },
    "overlapping_hours": {
        "most_a_day": 12,
        "credits": [{"table": "activities", "hours": "hours", "people": "heads", "team": "team"}],
    },
    "late_burst": {"tables": ["activities"], "days": 5, "p": 0.0001, "min_n": 8},
    "photo_elsewhere": {
        "days": 3,
        "km": 20,
        "places": [
            {
                "table": "activities",
                "by": "venue",
                "key": "venues.venue_no",
                "latitude": "venues.latitude",
                "longitude": "venues.longitude",
            }
        ],
        "max_pixels": 1_000_000,
        "max_bytes": 1_000_000,
    },
    "sum_mismatch": {},
    "date_outside_period": {"not_for": ["venues"]},
    "date_in_future": {"not_for": []},
    "round_numbers": {
        "columns": ["activities.heads"],
        "p0": 0.25,
        "p": 0.001,
        "min_n": 20,
        "from_value": 10,
    },
    "unusual_value": {"columns": ["activities.heads"], "z": 5, "min_n": 12},
    "copied_text": {"likeness": 0.8, "shingle": 4, "min_length": 20},
    "repeated_photo": {"distance": 4, "max_pixels": 1_000_000, "max_bytes": 1_000_000},
}


@pytest.fixture
def pack() -> Pack:
    return Pack(
        path=Path("pack"),
        name="small",
        version="1",
        title=text("small"),
        levels=(Level("county", text("county")), Level("township", text("township"))),
        collects_from=date(2023, 1, 1),
        collects_until=date(2024, 1, 1),
        tables={"activities": ACTIVITIES, "venues": VENUES},
        indicators={},
        checks=CHECKS,
        scorecard={},
        report={},
    )


@pytest.fixture
def only(pack: Pack) -> Callable[..., Pack]:
    """The pack with one check (its settings, changed) alone."""

    def _only(name: str, **settings: Any) -> Pack:
        return replace(pack, checks={name: {**CHECKS[name], **settings}})

    return _only


@pytest.fixture
def ledgers(pack: Pack) -> Callable[..., Ledgers]:
    """Ledgers of rows; what a row leaves out is blank, ids and row numbers are given in order."""

    def build(*rows: Row, venues: Sequence[Row] = (), returns: Sequence[Return] = ()) -> Ledgers:
        tables = {"activities": rows, "venues": venues}
        return Ledgers(
            tables={
                name: pa.Table.from_pylist(
                    [
                        {"_id": row.get("no") or f"r{n}", "_row": n + 1, **SHEET, **row}
                        for n, row in enumerate(given, 1)
                    ],
                    schema=arrow_schema(pack.tables[name]),
                )
                for name, given in tables.items()
            },
            units=UnitTree(
                [
                    UnitSpan("C", "县", "county", "", date(2000, 1, 1)),
                    UnitSpan("T1", "青石镇", "township", "C", date(2000, 1, 1)),
                    UnitSpan("T2", "白河镇", "township", "C", date(2000, 1, 1)),
                    *(
                        UnitSpan(f"V{n}", f"{n}村", "village", "T1", date(2000, 1, 1))
                        for n in range(60)
                    ),
                ]
            ),
            returns=tuple(returns),
            sources=(),
            sheets=(),
            problems=(),
        )

    return build


@pytest.fixture
def event() -> Callable[..., Row]:
    """A row of activities, held by T1 on 5 May 2023 unless told otherwise."""

    def _event(**values: Any) -> Row:
        return {"unit": "T1", "held_on": date(2023, 5, 5), **values}

    return _event


@pytest.fixture
def sent() -> Callable[..., Return]:
    """A return of activities."""

    def _sent(unit: str, period: str, received_on: str = "", sheet: str = "S") -> Return:
        return Return("activities", unit, period, ReturnState.ROWS, "a.xlsx", sheet, received_on)

    return _sent


@pytest.fixture
def flags() -> Callable[..., tuple[Flag, ...]]:
    """The flags on 1 March 2024."""

    def _flags(
        found: Ledgers,
        pack: Pack,
        source: Path | None = None,
        as_of: date = date(2024, 3, 1),
        lang: str = "en",
    ) -> tuple[Flag, ...]:
        return check_ledgers(found, pack, as_of=as_of, source=source, lang=lang)

    return _flags
