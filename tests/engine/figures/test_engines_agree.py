"""On any ledger, tree and definition: the engines agree, and proofs come to their figures."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_counties import ledgers, packs

from shuzhi.figures.compute import compute_figures
from shuzhi.figures.recount import recount
from shuzhi.figures.trace import trace_figures
from shuzhi.ledgers.model import Ledgers
from shuzhi.packs.model import Pack
from shuzhi.periods import parse_period

PERIODS = [parse_period(name) for name in ("2023", "2023-Q2", "2023-06-15/2023-08-02")]
restated = st.none() | st.dates(date(2022, 12, 1), date(2024, 1, 31))
many = settings(
    max_examples=120, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@many
@given(ledgers(), packs(), restated)
def test_engines_agree(found: Ledgers, pack: Pack, tree_as_of: date | None) -> None:
    """All engines give the same value, state, records, asked and reported in every cell."""
    *others, in_memory = (
        compute_figures(found, pack, periods=PERIODS, tree_as_of=tree_as_of, engine=engine)
        for engine in ("duckdb", "kernel", "steps", "in_memory")
    )
    for figures in others:
        assert figures == in_memory


@many
@given(ledgers(), packs(), restated)
def test_counting_a_proof_again_gives_its_figure(
    found: Ledgers, pack: Pack, tree_as_of: date | None
) -> None:
    """The proof of every figure carries that figure, and comes to its value."""
    figures = compute_figures(found, pack, periods=PERIODS, tree_as_of=tree_as_of)
    wanted = [(f.indicator, f.unit, parse_period(f.period)) for f in figures]
    proofs = trace_figures(found, pack, wanted, tree_as_of=tree_as_of)
    assert [proof.figure for proof in proofs.values()] == figures
    assert [recount(proof) for proof in proofs.values()] == [f.value for f in figures]
