"""Giving a role, ending it, and naming a deputy."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from workplace.accounts.access import person, units_for
from workplace.accounts.models import Holding, User
from workplace.accounts.permissions import Permission
from workplace.people.actions import holdings as act
from workplace.people.forms import DeputyForm, EndForm, HoldingForm
from workplace.people.reach import accounts_of, colleagues, get_account, get_holding
from workplace.people.refused import Refused
from workplace.units.tree import today


class GiveRole(View):
    """A role for an account, at one of the administrator's units."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(request, get_account(person(request), pk), self._form(request))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account, form = get_account(person(request), pk), self._form(request)
        if form.is_valid():
            valid_from, valid_to = form.days()
            try:
                act.give_role(
                    by=person(request), account=account, role=form.cleaned_data["role"],
                    unit=form.cleaned_data["unit"], valid_from=valid_from, valid_to=valid_to,
                )  # fmt: skip
                return redirect("accounts:account", pk)
            except Refused as refused:
                form.add_error(None, str(refused))
        return self._page(request, account, form)

    def _form(self, request: HttpRequest) -> HoldingForm:
        units = units_for(person(request), Permission.MANAGE_ACCOUNTS)
        return HoldingForm(request.POST or None, units=units)

    def _page(self, request: HttpRequest, account: User, form: HoldingForm) -> HttpResponse:
        return render(request, "accounts/give_role.html", {"account": account, "form": form})


class EndRole(View):
    """From a day on, the role is held no more. A deputy may step back himself."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(request, self._holding(request, pk), EndForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        holding, form = self._holding(request, pk), EndForm(request.POST)
        if form.is_valid():
            try:
                act.end_role(by=person(request), holding=holding, on=form.first_day_without())
                return _back(request, holding)
            except Refused as refused:
                form.add_error(None, str(refused))
        return self._page(request, holding, form)

    def _holding(self, request: HttpRequest, pk: int) -> Holding:
        """An administrator's business; else one's own, or one's deputy's."""
        user = person(request)
        found = Holding.objects.select_related("deputy_for", "role", "user").filter(pk=pk).first()
        if found and found.deputy_for and user.pk in (found.user_id, found.deputy_for.user_id):
            return found
        if found is None or found.valid_to <= today():
            raise Http404
        get_account(user, found.user_id)
        return found

    def _page(self, request: HttpRequest, holding: Holding, form: EndForm) -> HttpResponse:
        return render(request, "accounts/end_role.html", {"holding": holding, "form": form})


class NameDeputy(View):
    """The holder names a colleague of the same unit; an administrator anybody he manages."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        holding = self._holding(request, pk)
        return self._page(request, holding, self._form(request, holding))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        holding = self._holding(request, pk)
        form = self._form(request, holding)
        if form.is_valid():
            valid_from, valid_to = form.days()
            try:
                act.name_deputy(
                    by=person(request), holding=holding, account=form.cleaned_data["username"],
                    valid_from=valid_from, valid_to=valid_to,
                )  # fmt: skip
                return _back(request, holding)
            except Refused as refused:
                form.add_error(None, str(refused))
        return self._page(request, holding, form)

    def _holding(self, request: HttpRequest, pk: int) -> Holding:
        holding = get_holding(person(request), pk)
        if holding.valid_to <= today():
            raise Http404
        return holding

    def _form(self, request: HttpRequest, holding: Holding) -> DeputyForm:
        user = person(request)
        is_own = holding.user_id == user.pk
        candidates = colleagues(holding) if is_own else accounts_of(user).filter(is_active=True)
        return DeputyForm(request.POST or None, candidates=candidates)

    def _page(self, request: HttpRequest, holding: Holding, form: Any) -> HttpResponse:
        return render(request, "accounts/deputy.html", {"holding": holding, "form": form})


def _back(request: HttpRequest, holding: Holding) -> HttpResponse:
    """To the page from which it was done: one's own, or the account's."""
    owners = {holding.user_id, holding.deputy_for.user_id if holding.deputy_for else None}
    if person(request).pk in owners:
        return redirect("accounts:me")
    return redirect("accounts:account", holding.user_id)
