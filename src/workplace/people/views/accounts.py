"""The administrator's pages on accounts."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person, require_anywhere, units_for
from workplace.accounts.models import Holding, User
from workplace.accounts.permissions import Permission
from workplace.people.actions import accounts as act
from workplace.people.forms import AccountForm, NewAccountForm
from workplace.people.locks import is_locked
from workplace.people.reach import accounts_of, get_account, manages_all
from workplace.people.refused import Refused
from workplace.units.tree import today

_A_PAGE = 50
_LINK = "one_time_link"


class Accounts(View):
    """Everybody the administrator manages; found by user name, name, or unit."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = accounts_of(person(request))
        if query := request.GET.get("q", "").strip():
            at_unit = Holding.objects.on(today()).filter(
                Q(unit=query) | Q(unit__spans__name__contains=query)
            )
            found = found.filter(
                Q(username__contains=query)
                | Q(display_name__contains=query)
                | Q(pk__in=at_unit.values("user"))
            )
        held = Holding.objects.on(today()).select_related("role", "unit")
        found = found.order_by("username").prefetch_related(Prefetch("holdings", held))
        page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
        return render(request, "accounts/list.html", {
            "page": page, "query": query, "manages_all": manages_all(person(request)),
        })  # fmt: skip


class NewAccount(View):
    """An account with its first role; its one-time link is shown on the next page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return _form_page(request, self._form(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request)
        if not form.is_valid():
            return _form_page(request, form)
        data, (valid_from, valid_to) = form.cleaned_data, form.days()
        first = Holding(
            role=data["role"], unit_id=data["unit"], valid_from=valid_from, valid_to=valid_to
        )
        try:
            account = act.create_account(
                by=person(request), username=data["username"], display_name=data["display_name"],
                email=data["email"], language=data["language"], first=first,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
            return _form_page(request, form)
        except IntegrityError:  # another administrator was quicker with this name
            form.add_error("username", _("This user name is taken."))
            return _form_page(request, form)
        _keep_link(request, account)
        return redirect("accounts:account", account.pk)

    def _form(self, request: HttpRequest) -> NewAccountForm:
        require_anywhere(person(request), Permission.MANAGE_ACCOUNTS)
        units = units_for(person(request), Permission.MANAGE_ACCOUNTS)
        return NewAccountForm(request.POST or None, units=units)


class Account(View):
    """One account: its roles today, before and later, and what can be done with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_account(person(request), pk)
        kept_for, link = request.session.pop(_LINK, (None, ""))
        holdings = account.holdings.select_related("role", "unit", "deputy_for__user")
        return render(request, "accounts/account.html", {
            "account": account,
            "holdings": holdings.order_by("-valid_to", "unit"),
            "today": today(),
            "is_self": account.pk == person(request).pk,
            "is_locked": is_locked(account),
            "link": request.build_absolute_uri(link) if kept_for == account.pk else "",
        })  # fmt: skip


class ChangeAccount(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_account(person(request), pk)
        return _form_page(request, AccountForm(instance=account), account)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_account(person(request), pk)
        form = AccountForm(request.POST, instance=account)
        if not form.is_valid():
            return _form_page(request, form, account)
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if changed:
            act.change_account(by=person(request), account=account, **changed)
        return redirect("accounts:account", pk)


class _Act(View):
    """One button on an account's page: does one thing to somebody else's account."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_account(person(request), pk)
        if account.pk == person(request).pk:
            messages.error(request, _("Another administrator does this to your own account."))
        else:
            self.act(request, account)
        return redirect("accounts:account", pk)

    def act(self, request: HttpRequest, account: User) -> None:
        raise NotImplementedError


class CloseAccount(_Act):
    def act(self, request: HttpRequest, account: User) -> None:
        act.close_account(by=person(request), account=account)
        messages.success(request, _("The account is closed: nobody can sign in to it."))


class OpenAccount(_Act):
    def act(self, request: HttpRequest, account: User) -> None:
        act.open_account(by=person(request), account=account)
        messages.success(request, _("The account is open again."))


class ResetPassword(_Act):
    def act(self, request: HttpRequest, account: User) -> None:
        act.reset_password(by=person(request), account=account)
        _keep_link(request, account)


class ForgetSecondFactor(_Act):
    def act(self, request: HttpRequest, account: User) -> None:
        act.forget_second_factor(by=person(request), account=account)
        messages.success(request, _("The second factor is gone; the person can set up another."))


class Unlock(_Act):
    def act(self, request: HttpRequest, account: User) -> None:
        act.unlock_sign_in(by=person(request), account=account)
        messages.success(request, _("The wrong passwords are forgotten; signing in works again."))


def _keep_link(request: HttpRequest, account: User) -> None:
    """For the next page only: whoever reads it once has it."""
    request.session[_LINK] = (account.pk, act.one_time_link(account))


def _form_page(request: HttpRequest, form: object, account: User | None = None) -> HttpResponse:
    return render(request, "accounts/form.html", {"form": form, "account": account})
