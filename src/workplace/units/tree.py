"""The tree of units as the engine's own object, and the questions pages ask of it."""

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import date
from itertools import islice
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from shuzhi.errors import InputRefused
from shuzhi.units import FOREVER, UnitTree
from shuzhi.units import UnitSpan as EngineSpan
from workplace.units.models import Subordination, TreeVersion, Unit, UnitSpan

_trees: dict[UUID | None, UnitTree] = {}
# The tree that a request began with, so that a page that names a hundred units asks once for it.
_of_request: ContextVar[list[UnitTree] | None] = ContextVar("tree of this request", default=None)
_AT_ONCE = 2_000


def today() -> date:
    """The office's day."""
    return timezone.localdate()


def current_tree() -> UnitTree:
    """The tree as the database has it, made anew only after a change."""
    kept = _of_request.get()
    if kept:
        return kept[0]
    tree = _tree_now()
    if kept is not None:
        kept.append(tree)
    return tree


def begin_request(**_said: object) -> None:
    """From now on the tree is asked for once."""
    _of_request.set([])


def end_request(**_said: object) -> None:
    """Nothing is kept between requests."""
    _of_request.set(None)


def _tree_now() -> UnitTree:
    stamp = TreeVersion.objects.values_list("stamp", flat=True).first()
    if stamp is None:
        return UnitTree(engine_spans())
    if stamp not in _trees:
        tree = UnitTree(engine_spans())
        _trees.clear()
        _trees[stamp] = tree
        return tree
    return _trees[stamp]


def engine_spans() -> list[EngineSpan]:
    """Every span, as the engine's tree wants it."""
    rows = UnitSpan.objects.order_by("unit", "valid_from").values_list(
        "unit_id", "name", "level", "parent_id", "valid_from", "valid_to", "successor_id", "aliases"
    )
    return [
        EngineSpan(code, name, level, parent or "", start, end, successor or "", tuple(aliases))
        for code, name, level, parent, start, end, successor, aliases in rows.iterator(_AT_ONCE)
    ]


def tree_number() -> int:
    """How often the tree has changed: what a form that changes it was made from."""
    return TreeVersion.objects.values_list("number", flat=True).first() or 0


@transaction.atomic
def replace_tree(tree: UnitTree) -> None:
    """Make the database hold exactly this tree. A unit to which something refers never leaves it:
    it ends, and stays in the tree with its days, so that its records have somebody to answer for.

    Raises: InputRefused where the tree lacks such a unit; nothing is changed then.

    Called by actions, which put on record why. Costs what changes: the spans of the units that are
    otherwise than before, and who stands above them and those below them.
    """
    version, _ = TreeVersion.objects.select_for_update().get_or_create(pk=1)
    before = _tree_now()
    changed = sorted(
        code
        for code in {*before.codes, *tree.codes}
        if before.by_code.get(code) != tree.by_code.get(code)
    )
    moved = [code for code in changed if _places(before, code) != _places(tree, code)]
    Unit.objects.bulk_create([Unit(code) for code in changed], ignore_conflicts=True)
    _replace_spans(tree, changed)
    _replace_subordinations(tree, sorted(_ever_below(before, moved) | _ever_below(tree, moved)))
    _remove_lost({*before.codes} - {*tree.codes})
    version.number, version.stamp, version.changed_on = version.number + 1, uuid4(), today()
    version.save(update_fields=["number", "stamp", "changed_on"])
    if _of_request.get() is not None:
        _of_request.set([])


def _remove_lost(codes: set[str]) -> None:
    for some in batched(sorted(codes), _AT_ONCE):
        try:
            Unit.objects.filter(code__in=some).delete()
        except ProtectedError as error:
            raise InputRefused(
                f"the tree lacks units that have records, people or the like, among "
                f"{', '.join(some[:5])}; add them to it, with the day on which they ended"
            ) from error


def _places(tree: UnitTree, code: str) -> list[tuple[str, date, date]]:
    """Under whom a unit stands from when to when: all that superiors depend on."""
    return [(span.parent, span.valid_from, span.valid_to) for span in tree.by_code.get(code, ())]


def _replace_spans(tree: UnitTree, codes: list[str]) -> None:
    for some in batched(codes, _AT_ONCE):
        UnitSpan.objects.filter(unit__in=some).delete()
    UnitSpan.objects.bulk_create(
        (
            UnitSpan(
                unit_id=span.code, name=span.name, level=span.level,
                parent_id=span.parent or None, valid_from=span.valid_from,
                valid_to=span.valid_to, successor_id=span.successor or None,
                aliases=list(span.aliases),
            )
            for code in codes
            for span in tree.by_code.get(code, ())
        ),
        batch_size=_AT_ONCE,
    )  # fmt: skip


def _replace_subordinations(tree: UnitTree, codes: list[str]) -> None:
    for some in batched(codes, _AT_ONCE):
        Subordination.objects.filter(below__in=some).delete()
    Subordination.objects.bulk_create(
        (
            Subordination(above_id=above, below_id=code, valid_from=start, valid_to=end)
            for code in codes
            if code in tree.by_code
            for above, start, end in _superiors(tree, code)
        ),
        batch_size=_AT_ONCE,
    )


def _ever_below(tree: UnitTree, codes: list[str]) -> set[str]:
    """The units, and whatever stood below them on any day, with those below that."""
    children: dict[str, set[str]] = {}
    for span in tree.spans:
        children.setdefault(span.parent, set()).add(span.code)
    found, waiting = set(), list(codes)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += children.get(here, ())
    return found


def _superiors(tree: UnitTree, code: str) -> list[tuple[str, date, date]]:
    """The unit itself and everything it ever stood under, with the days."""
    days = {date.min, FOREVER}
    for above in _ever_above(tree, code):
        for span in tree.by_code[above]:
            days |= {span.valid_from, span.valid_to}
    ordered = sorted(days)
    found: dict[str, list[tuple[date, date]]] = {}
    for start, end in zip(ordered, ordered[1:], strict=False):
        for above in tree.ancestors(code, start):
            spans = found.setdefault(above, [])
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return [(above, start, end) for above, spans in found.items() for start, end in spans]


def _ever_above(tree: UnitTree, code: str) -> set[str]:
    found, waiting = set(), [code]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += [span.parent for span in tree.by_code[here] if span.parent]
    return found


def batched(codes: Iterable[str], size: int) -> Iterator[list[str]]:
    """The codes by so many at a time: a database takes only so many in one question."""
    waiting = iter(codes)
    while some := list(islice(waiting, size)):
        yield some
