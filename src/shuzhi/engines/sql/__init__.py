"""A scan as SQL trees, in steps, one file a step. Nothing is printed that was not built or allowed
node by node.

    placed → leaf states → up the tree → over the periods, distinct values and medians beside them

`steps.py` has the order.
"""

from shuzhi.engines.sql.atoms import atoms_query
from shuzhi.engines.sql.nodes import LEDGER

__all__ = ["LEDGER", "atoms_query"]
