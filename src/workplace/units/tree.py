"""The tree of units as the engine's own object, and the questions pages ask of it."""

from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from shuzhi.units import FOREVER, UnitTree
from shuzhi.units import UnitSpan as EngineSpan
from workplace.units.models import Subordination, TreeVersion, Unit, UnitSpan

_trees: dict[UUID | None, UnitTree] = {}


def today() -> date:
    """The office's day."""
    return timezone.localdate()


def current_tree() -> UnitTree:
    """The tree as the database has it, made anew only after a change."""
    stamp = TreeVersion.objects.values_list("stamp", flat=True).first()
    if stamp not in _trees or stamp is None:
        tree = UnitTree(engine_spans())
        _trees.clear()
        _trees[stamp] = tree
        return tree
    return _trees[stamp]


def engine_spans() -> list[EngineSpan]:
    """Every span, as the engine's tree wants it."""
    return [
        EngineSpan(
            span.unit_id, span.name, span.level, span.parent_id or "", span.valid_from,
            span.valid_to, span.successor_id or "", tuple(span.aliases),
        )
        for span in UnitSpan.objects.all()
    ]  # fmt: skip


@transaction.atomic
def replace_tree(tree: UnitTree) -> None:
    """Make the database hold exactly this tree; units that are no longer in it keep their rows
    where something refers to them.

    Called by actions, which put on record why.
    """
    Unit.objects.bulk_create([Unit(code) for code in tree.codes], ignore_conflicts=True)
    UnitSpan.objects.all().delete()
    UnitSpan.objects.bulk_create(
        UnitSpan(
            unit_id=span.code, name=span.name, level=span.level, parent_id=span.parent or None,
            valid_from=span.valid_from, valid_to=span.valid_to,
            successor_id=span.successor or None, aliases=list(span.aliases),
        )
        for span in tree.spans
    )  # fmt: skip
    _replace_subordinations(tree)
    version, _ = TreeVersion.objects.select_for_update().get_or_create(pk=1)
    version.number, version.stamp, version.changed_on = version.number + 1, uuid4(), today()
    version.save(update_fields=["number", "stamp", "changed_on"])


def _replace_subordinations(tree: UnitTree) -> None:
    Subordination.objects.all().delete()
    Subordination.objects.bulk_create(
        (
            Subordination(above_id=above, below_id=code, valid_from=start, valid_to=end)
            for code in tree.codes
            for above, start, end in _superiors(tree, code)
        ),
        batch_size=2_000,
    )


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
