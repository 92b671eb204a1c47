"""When two names are the same, and when they are nearly the same."""

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

import numpy as np
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

T = TypeVar("T", bound=Hashable)

# In a sorted list nearly equal names stand close together: each is compared with at least this
# many that follow. A group of up to this size (events of one day) is compared in full.
WINDOW = 60

_IGNORED = re.compile(r"[\W_]+")
_NUMERALS = re.compile(r"\d+|[〇零一二三四五六七八九十百两]+|[上下]午|[上中下]旬|[甲乙丙丁]")


@lru_cache(maxsize=1 << 17)  # a name is looked at by several rules
def normal_form(text: str) -> str:
    """The name without width, case, spaces and punctuation."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text).casefold())


def count_alike(left: str, right: str) -> bool:
    """Whether two names count alike: 第一次 and 第二次 are two events however near."""
    return _NUMERALS.findall(left) == _NUMERALS.findall(right)


def alike_pairs(names: Iterable[str], likeness: float) -> Iterator[tuple[str, str]]:
    """The pairs of different normal forms that mean one event; `likeness` is 0–100."""
    ordered = sorted(set(names))
    if len(ordered) < 2:
        return
    for start in range(0, len(ordered), WINDOW):
        here, around = ordered[start : start + WINDOW], ordered[start : start + 2 * WINDOW]
        scores = cdist(here, around, scorer=ratio, score_cutoff=likeness)
        for left, right in np.argwhere(scores):
            if left < right and count_alike(here[left], around[right]):
                yield here[left], around[right]


def clusters(pairs: Iterable[tuple[T, T]]) -> list[list[T]]:
    """What is connected by `pairs`, directly or through others; in order of appearance."""
    home: dict[T, list[T]] = {}
    for left, right in pairs:
        joined = home.setdefault(left, [left])
        other = home.setdefault(right, [right])
        if joined is other:
            continue
        if len(joined) < len(other):
            joined, other = other, joined
        joined.extend(other)
        for member in other:
            home[member] = joined
    return list({id(members): members for members in home.values()}.values())


def cluster_by_name(
    members: Sequence[T], name: Callable[[T], str], likeness: float
) -> list[list[T]]:
    """`members` grouped by equal or nearly equal name; groups of two and more."""
    by_name: dict[str, list[T]] = {}
    for member in members:
        by_name.setdefault(name(member), []).append(member)
    same = [(group[0], other) for group in by_name.values() for other in group[1:]]
    near = [(by_name[left][0], by_name[right][0]) for left, right in alike_pairs(by_name, likeness)]
    return clusters(same + near)
