"""Where a return is signed on its way up: the steps a pack names, and the units they fall on."""

from datetime import date

from shuzhi.packs.keys import Keys
from shuzhi.packs.model import APPROVAL_STEPS, Pack
from shuzhi.packs.suggestions import suggest
from shuzhi.units import UnitTree


def build_approval(keys: Keys) -> tuple[str, ...]:
    """The steps that the section names, in order. Missing: all of them."""
    keys.refuse_unknown(("steps",))
    if "steps" not in keys.values:
        return APPROVAL_STEPS
    steps = keys.texts("steps")
    for step in steps:
        if step not in APPROVAL_STEPS:
            keys.complain("steps", f"{step!r} is no step", suggest(step, APPROVAL_STEPS))
    known = tuple(step for step in APPROVAL_STEPS if step in steps)
    if not steps:
        keys.complain("steps", "nobody signs", f"name at least one of {', '.join(APPROVAL_STEPS)}")
    elif set(known) == set(steps) and known != steps:
        keys.complain("steps", "they do not go up the tree", f"write {', '.join(known)}")
    return known


def approval_units(pack: Pack, tree: UnitTree, unit: str, day: date) -> tuple[tuple[str, str], ...]:
    """Who signs a return of `unit` as the tree was on `day`: each step with its unit, in order.

    Missing: steps that fall on a unit that signs already; "above", of the root. Where no other
    step is asked of the root it signs itself, under the first step that the pack names.
    """
    path = tree.ancestors(unit, day)
    places = {"own": path[0], "above": path[1] if len(path) > 1 else "", "root": path[-1]}
    found: dict[str, str] = {}
    for step in pack.approval:
        if places[step]:
            found.setdefault(places[step], step)
    found = found or {unit: pack.approval[0]}
    return tuple((step, signer) for signer, step in found.items())
