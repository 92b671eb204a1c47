"""What all predicates of a scan say of the rows of a ledger, for the kernel."""

from collections.abc import Sequence

from sqlglot import exp

from shuzhi.engines.atoms import word_of
from shuzhi.engines.sql.nodes import LEDGER, select
from shuzhi.engines.sql.selection import located
from shuzhi.packs.model import Table


def atoms_query(table: Table, words: Sequence[Sequence[exp.Expr]]) -> exp.Select:
    """One row per row of the ledger: the answers to the atoms of each word."""
    return select(
        LEDGER,
        {
            f"word_{place}": exp.cast(word_of([located(atom, table) for atom in word]), "BIGINT")
            for place, word in enumerate(words)
        },
    )
