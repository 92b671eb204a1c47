"""A round that is open: meetings and cases of the third quarter, asked of every unit that reports.

Its returns: C, D1, T1 and T2, twice each. Villages are asked for nothing.
"""

from datetime import timedelta

import pytest

from shuzhi.packs.model import Pack
from shuzhi.periods import Period, parse_period
from workplace.programme import pack_named
from workplace.records.models import Origin, Record
from workplace.rounds.models import Return, Round
from workplace.rounds.opening import open_round
from workplace.units.tree import today


@pytest.fixture
def pack() -> Pack:
    return pack_named("annual-duty")


@pytest.fixture
def quarter() -> Period:
    return parse_period("2023-Q3")


@pytest.fixture
def round_(people, pack, quarter) -> Round:
    """Opened by the county office, due in ten days."""
    return open_round(
        by=people["county"], pack=pack, period=quarter, tables=["meetings", "cases"],
        due_on=today() + timedelta(days=10), title="2023年第三季度",
    )  # fmt: skip


@pytest.fixture
def answer(round_) -> Return:
    """The return of meetings of T1."""
    return round_.returns.get(unit="T1", table="meetings")


@pytest.fixture
def add_row(people):
    """Keeps one draft record for a return, entered by somebody (clerk1 unless said)."""

    def add(answer: Return, key: str = "M1", by: str = "clerk1") -> Record:
        return Record.objects.create(
            pack=answer.round.pack, pack_version=answer.round.pack_version, table=answer.table,
            unit=answer.unit, answer=answer, key=key, origin=Origin.FORM, entered_by=people[by],
        )  # fmt: skip

    return add
