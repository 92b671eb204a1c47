"""Of which records evidence is asked for: drawn by lot, the same again from the same seed."""

import hashlib
from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from shuzhi.packs.model import EvidenceSample


def draw_sample(ids: Iterable[str], sample: EvidenceSample, seed: str) -> tuple[str, ...]:
    """The record ids drawn, in their own order.

    Whatever order the ids come in, the same seed draws the same; a record that comes later takes
    the place of at most one that was drawn.
    """
    known = sorted(set(ids))
    share = ceil(Fraction(str(sample.sample)) * len(known))  # 0.1 of 30 is 3, and in floats 4
    wanted = max(share, sample.least)
    if sample.most is not None:
        wanted = min(wanted, sample.most)
    lots = sorted(known, key=lambda record: (_lot(seed, record), record))
    return tuple(sorted(lots[:wanted]))


def _lot(seed: str, record: str) -> bytes:
    """A number nobody can tell beforehand who does not know the seed."""
    return hashlib.sha256(f"{seed}\x1f{record}".encode()).digest()
