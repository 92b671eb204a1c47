"""What roles allow: one administrator proposes, another confirms.

Neither may hold the role if it would come to allow more: nobody gives himself more than he has.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workplace.accounts.models import Holding, Role, RoleChange, User
from workplace.events.record import record_event
from workplace.people.refused import Refused
from workplace.units.tree import today


@transaction.atomic
def create_role(*, by: User, code: str, label_zh: str, label_en: str) -> Role:
    """A role that allows nothing yet."""
    order = Role.objects.count()
    role = Role.objects.create(code=code, label_zh=label_zh, label_en=label_en, order=order)
    record_event("accounts.role_created", by=by, about=role, role=role.code)
    return role


@transaction.atomic
def propose_change(*, by: User, role: Role, permissions: Iterable[str]) -> RoleChange:
    """A change that waits for another administrator.

    Raises: Refused where nothing changes, one waits already, or the proposer would gain.
    """
    wanted = sorted(permissions)
    if wanted == sorted(role.permissions):
        raise Refused(_("This changes nothing."))
    if role.proposals.filter(decided_at__isnull=True).exists():
        raise Refused(_("A change of this role waits to be confirmed already."))
    _refuse_gain(by, role, wanted)
    change = RoleChange.objects.create(
        role=role, before=role.permissions, permissions=wanted, proposed_by=by
    )
    _put_on_record("accounts.role_change_proposed", by, change)
    return change


@transaction.atomic
def confirm_change(*, by: User, change: RoleChange) -> None:
    """The role allows from now on what was proposed.

    Raises: Refused for the proposer, for one who would gain, and where the role has changed since.
    """
    change = RoleChange.objects.select_for_update().get(pk=change.pk)
    _refuse_decided(change)
    if change.proposed_by_id == by.pk:
        raise Refused(_("Another administrator than the one who proposed it confirms a change."))
    _refuse_gain(by, change.role, change.permissions)
    _refuse_gain(change.proposed_by, change.role, change.permissions)
    if sorted(change.role.permissions) != sorted(change.before):
        raise Refused(_("The role has changed since; propose the change again."))
    change.role.permissions = change.permissions
    change.role.save(update_fields=["permissions"])
    _decide(by, change, is_confirmed=True)
    _put_on_record("accounts.role_change_confirmed", by, change)


@transaction.atomic
def refuse_change(*, by: User, change: RoleChange) -> None:
    """The role stays as it is. The proposer takes his own proposal back by the same way."""
    change = RoleChange.objects.select_for_update().get(pk=change.pk)
    _refuse_decided(change)
    if change.proposed_by_id == by.pk:
        _put_on_record("accounts.role_change_taken_back", by, change)
        change.delete()
        return
    _decide(by, change, is_confirmed=False)
    _put_on_record("accounts.role_change_refused", by, change)


def _decide(by: User, change: RoleChange, *, is_confirmed: bool) -> None:
    change.decided_by, change.decided_at, change.is_confirmed = by, timezone.now(), is_confirmed
    change.save(update_fields=["decided_by", "decided_at", "is_confirmed"])


def _refuse_decided(change: RoleChange) -> None:
    if change.decided_at is not None:
        raise Refused(_("This change has been decided already."))


def _refuse_gain(user: User, role: Role, permissions: Iterable[str]) -> None:
    """Whoever holds the role now or later is no judge of its growing."""
    holds = Holding.objects.filter(user=user, role=role, valid_to__gt=today()).exists()
    if holds and set(permissions) - set(role.permissions):
        raise Refused(_("Nobody widens a role that he holds himself, or confirms that."))


def _put_on_record(action: str, by: User, change: RoleChange) -> None:
    before, after = set(change.before), set(change.permissions)
    record_event(
        action, by=by, about=change.role, role=change.role_id,
        added=after - before, removed=before - after,
    )  # fmt: skip
