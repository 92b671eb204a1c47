"""Who holds which role where, from when to when.

Nobody gives a role to himself, ends one that he holds, or names himself a deputy: another
administrator does. So no administrator comes to content by himself.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from shuzhi.units import FOREVER
from workplace.accounts.models import Holding, Role, User
from workplace.accounts.permissions import Permission
from workplace.events.record import record_event
from workplace.people.refused import Refused
from workplace.units.tree import current_tree, today


@transaction.atomic
def give_role(
    *, by: User, account: User, role: Role, unit: str, valid_from: date, valid_to: date = FOREVER
) -> Holding:
    """A role held at a unit from a day up to but not including another.

    Raises: Refused for the own account, days that end before they begin, a unit that is not there
    on the first day, or the same role held there already.
    """
    _refuse_own(by, account)
    _refuse_days(valid_from, valid_to)
    if not current_tree().exists(unit, valid_from):
        raise Refused(_("This unit does not exist on that day."))
    _refuse_twice(account, role, unit, valid_from, valid_to)
    holding = Holding.objects.create(
        user=account, role=role, unit_id=unit, valid_from=valid_from, valid_to=valid_to
    )
    _put_on_record("accounts.role_given", by, holding)
    return holding


@transaction.atomic
def end_role(*, by: User, holding: Holding, on: date) -> None:
    """The role is held no more from that day; so it is by deputies who stand in for it.

    One that had not begun by then is taken back.
    Raises: Refused for a role of one's own, a day that has passed, or one after it ends anyway.
    """
    holding = _held(holding)
    if holding.user_id == by.pk and not _is_own_deputy(by, holding):
        _refuse_own(by, holding.user)
    if on < today():
        raise Refused(_("A role ends today or later: what was done by it stays done by right."))
    if on >= holding.valid_to:
        raise Refused(_("It ends on %(day)s anyway.") % {"day": holding.valid_to})
    for deputy in holding.deputies.filter(valid_to__gt=on):
        end_role_quietly(by, deputy, on)
    end_role_quietly(by, holding, on)


def end_role_quietly(by: User, holding: Holding, on: date) -> None:
    """The writing of it, for a holding and for those of its deputies."""
    if holding.valid_from >= on:
        _put_on_record("accounts.role_taken_back", by, holding)
        holding.delete()
        return
    holding.valid_to = on
    holding.save(update_fields=["valid_to"])
    _put_on_record("accounts.role_ended", by, holding)


@transaction.atomic
def name_deputy(
    *, by: User, holding: Holding, account: User, valid_from: date, valid_to: date
) -> Holding:
    """Somebody who holds the same role at the same unit while its holder is away.

    Raises: Refused where a deputy would name a deputy, outside the holder's own days, for the
    holder himself, or for the role of an administrator unless another administrator names him.
    """
    holding = _held(holding)
    if account.pk == holding.user_id:
        raise Refused(_("Nobody is a deputy for himself."))
    if by.pk != holding.user_id:
        _refuse_own(by, account)
    elif holding.role.allows(Permission.MANAGE_ACCOUNTS):
        raise Refused(_("A deputy for an administrator is named by another administrator."))
    if holding.deputy_for_id:
        raise Refused(_("A deputy names no deputy."))
    _refuse_days(valid_from, valid_to)
    if valid_from < max(today(), holding.valid_from) or valid_to > holding.valid_to:
        raise Refused(_("The days lie outside those in which the role is held."))
    _refuse_twice(account, holding.role, holding.unit_id, valid_from, valid_to)
    deputy = Holding.objects.create(
        user=account, role=holding.role, unit_id=holding.unit_id,
        valid_from=valid_from, valid_to=valid_to, deputy_for=holding,
    )  # fmt: skip
    _put_on_record("accounts.deputy_named", by, deputy)
    return deputy


def _held(holding: Holding) -> Holding:
    """The holding as it is now, held: it does not end while a deputy for it is named."""
    found = Holding.objects.select_for_update(of=("self",)).select_related("role", "user")
    current = found.filter(pk=holding.pk).first()
    if current is None:
        raise Refused(_("This role has been taken back."))
    return current


def _is_own_deputy(by: User, holding: Holding) -> bool:
    """Whether `by` stands in for somebody here: he may step back from that."""
    return holding.user_id == by.pk and holding.deputy_for_id is not None


def _refuse_own(by: User, account: User) -> None:
    if by.pk == account.pk:
        raise Refused(_("Your own roles are changed by another administrator."))


def _refuse_days(valid_from: date, valid_to: date) -> None:
    if valid_to <= valid_from:
        raise Refused(_("The last day lies before the first."))


def _refuse_twice(account: User, role: Role, unit: str, valid_from: date, valid_to: date) -> None:
    if Holding.objects.filter(
        user=account, role=role, unit=unit, valid_from__lt=valid_to, valid_to__gt=valid_from
    ).exists():
        raise Refused(_("The person holds this role there in those days already."))


def _put_on_record(action: str, by: User, holding: Holding) -> None:
    record_event(
        action, by=by, unit=holding.unit_id, about=holding.user, role=holding.role_id,
        valid_from=holding.valid_from,
        valid_to=None if holding.valid_to == FOREVER else holding.valid_to,
    )  # fmt: skip
