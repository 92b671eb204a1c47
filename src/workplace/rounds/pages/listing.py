"""All rounds that a person may see."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from workplace.accounts.access import grants_of, may_anywhere, person, units_for
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.rounds.models import ReturnState, Round
from workplace.rounds.rights import visible_rounds
from workplace.units.tree import today

PAGE = 20


class RoundList(View):
    """Rounds, the latest first, with how much of each is in and how much is silent."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        page = Paginator(_with_counts(user), PAGE).get_page(request.GET.get("page"))
        context: dict[str, Any] = {
            "page": page,
            "may_ask": may_anywhere(user, Permission.ASK),
            "own_unit": own_unit(user),
        }
        return render(request, "rounds/list.html", context)


def own_unit(user: User) -> str:
    """The one unit for which the person enters records; '' where it is none or several."""
    held = grants_of(user).units(Permission.ENTER)
    return next(iter(held)) if len(held) == 1 else ""


def _with_counts(user: User) -> QuerySet[Round]:
    seen = Q(returns__unit__in=units_for(user, Permission.VIEW))
    silent = Q(returns__first_sent_at__isnull=True, returns__due_on__lt=today())
    came_in = Q(returns__state__in=(ReturnState.SENT, ReturnState.ACCEPTED))
    return (
        visible_rounds(user)
        .annotate(
            asked=Count("returns", filter=seen),
            came_in=Count("returns", filter=seen & came_in),
            silent=Count("returns", filter=seen & silent),
        )
        .order_by("-pk")
    )
