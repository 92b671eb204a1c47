"""Withheld numbers cannot be worked out: an attacker who knows every sum finds nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.figures.suppression import Sum, suppress

LEAST = 10
TOP = 130  # the attacker looks no further; no tree below adds up to as much


def tree_of(shape):
    """Sums and numbers of [own, children…]: cells are paths, r, r.0, r.0.1 …"""
    numbers, sums = {}, []

    def walk(node, name):
        own, *children = node
        parts = tuple(f"{name}.{place}" for place in range(len(children)))
        numbers[name] = own + sum(map(walk, children, parts))
        if parts:
            sums.append(Sum(name, parts))
        return numbers[name]

    walk(shape, "r")
    return numbers, sums


class Attacker:
    """Knows what is printed, every sum, which rests there are, and that no zero is withheld.

    He tries every number, by sets of what is possible: exact on a tree, and nothing like the
    ranges the engine works with.
    """

    def __init__(self, numbers, sums, hidden):
        self.numbers, self.hidden = numbers, hidden
        self.parts = {one.total: one.parts for one in sums}

    def possible(self):
        found = {}
        self._down("r", self._up("r"), found)
        return found

    def _rest(self, cell):
        rest = self.numbers[cell] - sum(self.numbers[part] for part in self.parts[cell])
        return set(range(1, TOP)) if rest else {0}

    def _up(self, cell):
        own = set(range(1, TOP)) if cell in self.hidden else {self.numbers[cell]}
        if cell not in self.parts:
            return own
        return own & added([self._up(part) for part in self.parts[cell]] + [self._rest(cell)])

    def _down(self, cell, possible, found):
        found[cell] = possible
        if cell not in self.parts:
            return
        members = [self._up(part) for part in self.parts[cell]] + [self._rest(cell)]
        for place, part in enumerate(self.parts[cell]):
            others = added(members[:place] + members[place + 1 :])
            left = {whole - other for whole in possible for other in others if whole > other}
            zero = {0} if members[place] == {0} else set()
            self._down(part, members[place] & (left | zero), found)


def added(sets):
    total = {0}
    for values in sets:
        total = {a + b for a in total for b in values if a + b < TOP}
    return total


leaves = st.integers(0, 14).map(lambda own: [own])
trees = st.recursive(
    leaves,
    lambda below: st.tuples(
        st.sampled_from([0, 0, 0, 2, 15]), st.lists(below, min_size=1, max_size=4)
    ).map(lambda node: [node[0], *node[1]]),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(trees)
def test_an_attacker_cannot_work_a_small_number_out(shape):
    """Whatever the tree, a withheld small number may still be nine numbers, and 9 or more."""
    numbers, sums = tree_of(shape)
    hidden = suppress([numbers], sums, least=LEAST)
    possible = Attacker(numbers, sums, hidden).possible()

    small = {cell for cell, number in numbers.items() if 0 < number < LEAST}
    assert small <= hidden
    assert all(number > 0 for cell, number in numbers.items() if cell in hidden)
    for cell in small:
        assert len(possible[cell]) >= LEAST - 1, (numbers, sorted(hidden), cell)
        assert max(possible[cell]) >= LEAST - 1, (numbers, sorted(hidden), cell)


def test_nothing_is_withheld_where_nothing_is_small():
    """A table of large numbers and zeros is printed whole."""
    numbers = {"r": 40, "r.0": 15, "r.1": 25, "r.2": 0}
    assert suppress([numbers], [Sum("r", ("r.0", "r.1", "r.2"))]) == frozenset()


def test_one_small_number_takes_the_next_smallest_with_it():
    """The total stays; so does the largest."""
    numbers = {"r": 64, "r.0": 4, "r.1": 40, "r.2": 20}
    assert suppress([numbers], [Sum("r", ("r.0", "r.1", "r.2"))]) == {"r.0", "r.2"}


def test_two_small_numbers_with_a_small_sum_are_not_enough():
    """1 and 1 would be told by their sum, 2."""
    numbers = {"r": 52, "r.0": 1, "r.1": 1, "r.2": 50}
    assert suppress([numbers], [Sum("r", ("r.0", "r.1", "r.2"))]) == {"r.0", "r.1", "r.2"}


def test_a_withheld_total_is_not_told_by_its_parts():
    """A township withheld for the sake of another is withheld further down as well."""
    numbers = {"r": 73, "r.0": 3, "r.1": 70, "r.1.0": 30, "r.1.1": 40}
    sums = [Sum("r", ("r.0", "r.1")), Sum("r.1", ("r.1.0", "r.1.1"))]
    hidden = suppress([numbers], sums)
    assert {"r.0", "r.1", "r.1.0"} <= hidden
    assert "r" not in hidden


def test_a_small_rest_is_protected_too():
    """What the office itself did is printed nowhere, and must not be the difference."""
    numbers = {"r": 45, "r.0": 22, "r.1": 20}
    assert suppress([numbers], [Sum("r", ("r.0", "r.1"))]) == {"r.1"}


def test_the_layers_of_a_share_are_withheld_together():
    """A part may be large and the rest of its base small: 38 of 40."""
    part = {"r": 90, "r.0": 38, "r.1": 52}
    rest = {"r": 30, "r.0": 2, "r.1": 28}
    assert suppress([part, rest], [Sum("r", ("r.0", "r.1"))]) == {"r.0", "r.1"}


def test_distinct_values_are_guarded_as_if_they_added_up():
    """The county's distinct people are fewer than its townships' together."""
    numbers = {"r": 30, "r.0": 4, "r.1": 35}
    assert suppress([numbers], [Sum("r", ("r.0", "r.1"))]) == {"r.0", "r.1"}
