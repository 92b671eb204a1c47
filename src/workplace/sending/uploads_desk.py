"""The card that reminds of workbooks which were read and wait for somebody's decision."""

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import may_anywhere, person, visible
from workplace.accounts.permissions import Permission
from workplace.rounds.models import RoundState
from workplace.sending.models import RowState, Upload, UploadState
from workplace.web.registry import Card

_SHOWN = 5
_ORDER = 35


def uploads_card(request: HttpRequest) -> Card | None:
    """The uploads that are read but not taken over, of rounds that are open."""
    user = person(request)
    if not may_anywhere(user, Permission.ENTER):
        return None
    waiting = Upload.objects.filter(
        state__in=(UploadState.READ, UploadState.REFUSED), round__state=RoundState.OPEN
    ).select_related("round")
    refused = Count("rows", filter=Q(rows__state=RowState.REFUSED))
    found = visible(waiting, user, Permission.ENTER).annotate(refused_rows=refused)[:_SHOWN]
    uploads = list(found)
    if not uploads:
        return None
    return Card(_("Workbooks to look at"), "sending/_card.html", {"uploads": uploads}, _ORDER)
