"""Who sees which records: what has been sent, all who see its unit; a draft, only those who enter
or sign for the unit that will send it."""

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from workplace.accounts.access import grants_of, may, units_for, visible
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.records.models import Record, RecordState

_WRITING = (Permission.ENTER, Permission.SIGN)


def visible_records(user: User, permission: Permission = Permission.VIEW) -> QuerySet[Record]:
    """Those at whose unit the person may do this, without the drafts that are none of his."""
    return visible(Record.objects.filter(is_open_to(user)), user, permission)


def get_visible_record(user: User, records: QuerySet[Record], pk: int) -> Record:
    """The one of these records, if the person sees it. Raises: Http404 otherwise."""
    found = visible(records.filter(is_open_to(user)), user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def is_open_to(user: User, through: str = "") -> Q:
    """That a record is no draft, or one for whose unit the person enters or signs. It says nothing
    of whether he sees the unit. `through` leads to the record from another model."""
    return _sent(through) | _of_own_pen(user, through)


def sees_drafts(user: User, unit: str) -> bool:
    """Whether the person sees what the unit has not sent yet."""
    return any(may(user, permission, unit) for permission in _WRITING)


def has_sent_rows(upload: Model) -> bool:
    """Whether a record that came in by the upload has been sent."""
    return Record.objects.filter(_sent(""), upload=upload).exists()


def _sent(through: str) -> Q:
    counted = Q(**{f"{through}state__in": (RecordState.SENT, RecordState.ACCEPTED)})
    gone = {f"{through}state": RecordState.WITHDRAWN, f"{through}received_at__isnull": False}
    return counted | Q(**gone)


def _of_own_pen(user: User, through: str) -> Q:
    allowed = Q(pk__in=[])
    for permission in _WRITING:
        if grants_of(user).units(permission):
            units = units_for(user, permission).values("code")
            allowed |= Q(**{f"{through}answer__unit__in": units})
            without = {f"{through}answer__isnull": True, f"{through}unit__in": units}
            allowed |= Q(**without)
    return allowed
