"""Changing the tree of units, on the record."""

from dataclasses import fields
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shuzhi.units import UnitTree
from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.tree.changes import Change, ChangeRefused, Merge, NewUnit, Rename
from workplace.tree.models import TreeDraft
from workplace.units.models import TreeVersion
from workplace.units.tree import current_tree, replace_tree

_ACTIONS = {
    "new": "units.added", "rename": "units.renamed", "move": "units.moved",
    "merge": "units.merged", "end": "units.ended",
}  # fmt: skip


class TreeChangedSinceError(ChangeRefused):
    """Somebody else changed the tree between the preview and the deed."""


@transaction.atomic
def change_tree(*, by: User, change: Change, number: int) -> None:
    """The change, done. `number` is the tree's when the preview was made.

    Raises: InputRefused where the tree would contradict itself, or has changed since.
    """
    _refuse_changed_since(number)
    before = current_tree()
    replace_tree(change.apply(before))
    unit = change.into if isinstance(change, Merge) else change.code
    facts = _facts(change)
    if isinstance(change, Rename):
        facts["before"] = before.name(change.code, change.on)
    record_event(_ACTIONS[change.kind], by=by, unit=unit, **facts)


@transaction.atomic
def take_over_draft(*, by: User, draft: TreeDraft, number: int) -> None:
    """The tree of a file becomes this one.

    Raises: InputRefused where it lacks a unit that is here, or the tree has changed since.
    """
    _refuse_changed_since(number)
    tree = draft.tree()
    refuse_lost_units(tree)
    replace_tree(tree)
    record_event(
        "units.taken_over", by=by, unit=tree.root, file=draft.file_name, units=len(tree.codes)
    )
    draft.delete()


def refuse_lost_units(tree: UnitTree) -> None:
    """Raises: ChangeRefused where it lacks a unit that is here: its records would be nobody's."""
    if lost := sorted(set(current_tree().codes) - set(tree.codes)):
        raise ChangeRefused(
            _(
                "These units are here, but not in the file: %(codes)s. Add them to it, with the "
                "day on which they ended."
            )
            % {"codes": ", ".join(lost[:5])}
        )


def _refuse_changed_since(number: int) -> None:
    version = TreeVersion.objects.select_for_update().first()
    if version is not None and version.number != number:
        raise TreeChangedSinceError(
            _("Somebody else has changed the tree since; look at the preview again.")
        )


def _facts(change: Change) -> dict[str, Any]:
    """What was asked for, by its names; the day is the one from which it holds."""
    said = {field.name: getattr(change, field.name) for field in fields(change)}
    day: date = said.pop("on")
    if not isinstance(change, NewUnit):
        said.pop("code", None)  # it is the event's own unit
    return {**said, "valid_from": day}
