"""Every case gives its figures, on every engine."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from case import Case
from reference import MODULES
from small_county import small_ledgers, small_pack, text_table

from shuzhi.figures.compute import ENGINES, compute_figures
from shuzhi.figures.model import Figure
from shuzhi.figures.recount import recount
from shuzhi.figures.trace import trace_figures
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack
from shuzhi.periods import parse_period

ALL = [pytest.param(case, id=case.title) for module in MODULES for case in module.CASES]


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _county(case: Case, folder: Path) -> tuple[Pack, Ledgers]:
    pack = small_pack(folder / "pack", case.whole_definition)
    return pack, small_ledgers(pack, case.meetings, case.venues, case.units, case.returns)


def _figures(case: Case, pack: Pack, ledgers: Ledgers, engine: str) -> dict[str, Figure]:
    names = dict.fromkeys(row["period"] for row in text_table(case.figures))
    figures = compute_figures(
        ledgers, pack, periods=[parse_period(name) for name in names], engine=engine,
        tree_as_of=_day(case),
    )  # fmt: skip
    return {figure.figure_id: figure for figure in figures}


def _day(case: Case) -> date | None:
    return date.fromisoformat(case.tree_as_of) if case.tree_as_of else None


def _wrong(expected: dict[str, str], figure: Figure) -> Iterator[str]:
    value = figure.state.value if figure.value is None else figure.value
    if str(value) != expected["value"] and f"{value:g}" != expected["value"]:
        yield f"{figure.figure_id}: {value}, not {expected['value']}"
    for name in ("records", "asked", "reported"):
        if name in expected and getattr(figure, name) != int(expected[name]):
            yield f"{figure.figure_id}: {name} {getattr(figure, name)}, not {expected[name]}"


@pytest.mark.parametrize("case", ALL)
def test_a_case_gives_its_figures(case: Case, engine: str, tmp_path: Path) -> None:
    """The figures of a case are those that stand in it."""
    figures = _figures(case, *_county(case, tmp_path), engine)
    wrong = [
        line
        for row in text_table(case.figures)
        for line in _wrong(row, figures[f"{row['indicator']}.{row['unit']}.{row['period']}"])
    ]
    assert wrong == []


@pytest.mark.parametrize("case", ALL)
def test_counting_a_case_again_gives_its_figures(case: Case, engine: str, tmp_path: Path) -> None:
    """Every figure of a case has a proof that comes to the same value."""
    pack, ledgers = _county(case, tmp_path)
    figures = _figures(case, pack, ledgers, engine)
    wanted = [(f.indicator, f.unit, parse_period(f.period)) for f in figures.values()]
    proofs = trace_figures(ledgers, pack, wanted, engine=engine, tree_as_of=_day(case))
    assert {name: proof.figure for name, proof in proofs.items()} == figures
    assert {name: recount(proof) for name, proof in proofs.items()} == {
        name: figure.value for name, figure in figures.items()
    }
