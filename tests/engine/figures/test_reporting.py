"""Who was asked and who answered, against sets gathered by hand."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_counties import PACK, ledgers

from shuzhi.figures.reporting import Reporting
from shuzhi.ledgers.model import Ledgers, ReturnState
from shuzhi.periods import Period, parse_period
from shuzhi.units import UnitTree

PERIODS = [parse_period(name) for name in ("2023", "2023-Q2", "2023-08", "2022")]
TABLE = "meetings"


def path_of(tree: UnitTree, code: str, day: date, tree_as_of: date | None) -> tuple[str, ...]:
    """A unit that had ended by `day` keeps the superiors of its last day."""
    if tree_as_of is not None:
        return tree.ancestors(tree.heir(code, tree_as_of), tree_as_of)
    last_day = tree.by_code[code][-1].valid_to - timedelta(days=1)
    return tree.ancestors(code, min(day, last_day))


def senders_by_hand(
    tree: UnitTree, levels: Sequence[str], day: date, tree_as_of: date | None
) -> Mapping[str, set[str]]:
    below: dict[str, set[str]] = {}
    itself: dict[str, set[str]] = {}
    for code in tree.codes:
        if tree.exists(code, day) and tree.level(code, day) in levels:
            path = path_of(tree, code, day, tree_as_of)
            itself.setdefault(path[0], set()).add(code)
            for unit in path:
                below.setdefault(unit, set()).add(code)
    return {
        code: below.get(code)
        or next((itself[u] for u in path_of(tree, code, day, tree_as_of)[1:] if u in itself), set())
        for code in tree.codes
    }


def answers_by_hand(
    found: Ledgers, parts: Sequence[Period], tree_as_of: date | None
) -> dict[str, tuple[int, int, int]]:
    levels = PACK.tables[TABLE].asked.levels
    answers = {}
    for unit in found.units.codes:
        asked, silent, reporting = set[str](), set[str](), set[str]()
        for part in parts:
            senders = senders_by_hand(found.units, levels, part.last_day, tree_as_of)[unit]
            returns = [r for r in found.returns if (r.table, r.period) == (TABLE, part.name)]
            asked |= senders
            silent |= senders - {r.unit for r in returns}
            reporting |= senders & {
                r.unit for r in returns if r.state is not ReturnState.NOT_APPLICABLE
            }
        excused = asked - silent - reporting
        answers[unit] = len(asked - excused), len(reporting - silent), len(excused)
    return answers


@settings(
    max_examples=100, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(ledgers(), st.none() | st.dates(date(2022, 12, 1), date(2024, 1, 31)))
def test_answers_are_those_of_sets(found: Ledgers, tree_as_of: date | None) -> None:
    """Asked, reported and excused at every unit, however it moved, ended or was merged."""
    reporting = Reporting(found, PACK, tree_as_of)
    codes = found.units.codes
    for period in PERIODS:
        answers = reporting.answers(TABLE, period, codes)
        rows = zip(answers.asked.tolist(), answers.reported.tolist(), answers.excused.tolist(),
                   strict=True)  # fmt: skip
        parts = reporting.parts(TABLE, period)
        by_hand = answers_by_hand(found, parts, tree_as_of)
        assert dict(zip(codes, rows, strict=True)) == by_hand
        for part in parts:
            senders = senders_by_hand(
                found.units, PACK.tables[TABLE].asked.levels, part.last_day, tree_as_of
            )
            assert {c: reporting.senders(TABLE, part, c) for c in codes} == {
                code: sorted(who) for code, who in senders.items()
            }
