"""Seal one amendment again and again, killed before another file operation each time.

    python amend_and_die.py PACK OUT

Seals the edition that is amended beside OUT first. Prints as `seal_and_die.py` does.
"""

import os
import sys
from itertools import count
from pathlib import Path

from seal_and_die import die_before_event, seal_in_child, state_of
from sealed_county import MEETINGS, small_ledgers

from shuzhi.ledgers.amendment import seal_amendment
from shuzhi.ledgers.edition import SealTerms, open_edition, seal_edition
from shuzhi.ledgers.manifest import Supersession
from shuzhi.ledgers.resent import amend_ledgers
from shuzhi.packs.load import load_pack


def main() -> None:
    pack, out = load_pack(Path(sys.argv[1])), Path(sys.argv[2])
    seal_edition(out.with_name("first"), pack, small_ledgers(pack), {})
    earlier = open_edition(out.with_name("first"))
    ledgers = amend_ledgers(earlier.ledgers, small_ledgers(pack, meetings=MEETINGS[1:]), pack)
    terms = SealTerms(Supersession(earlier.manifest.root, "one less"))
    seal_amendment(out.with_name("unharmed"), earlier, ledgers, {}, terms)
    for point in count(1):
        killed = seal_in_child(
            lambda point=point: die_before_event(point),
            lambda: seal_amendment(out, earlier, ledgers, {}, terms),
        )
        sys.stdout.write(f"{'killed' if killed else 'done'} {state_of(out)}\n")
        if os.path.lexists(out):
            out.rename(out.with_name(f"taken-{point}"))
        if not killed:
            return


if __name__ == "__main__":
    main()
