"""My account: what everybody sees and changes of his own."""

from axes.models import AccessLog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person
from workplace.accounts.models import Holding
from workplace.people.actions.accounts import change_account
from workplace.people.forms import AccountForm
from workplace.people.locks import counted_name
from workplace.people.second_factor import has_second_factor, needs_second_factor
from workplace.units.tree import today

# The last sign-ins shown: enough to see a stranger among them.
_SIGN_INS = 10


class Me(View):
    """Name, e-mail and language; roles and deputies; the second factor; sign-ins seen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, AccountForm(instance=person(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AccountForm(request.POST, instance=person(request))
        if not form.is_valid():
            return self._page(request, form)
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if changed:
            change_account(by=person(request), account=person(request), **changed)
            messages.success(request, _("Saved."))
        return redirect("accounts:me")

    def _page(self, request: HttpRequest, form: AccountForm) -> HttpResponse:
        user = person(request)
        current = Holding.objects.filter(valid_to__gt=today()).select_related(
            "role", "unit", "user", "deputy_for__user"
        )
        return render(request, "accounts/me.html", {
            "form": form,
            "holdings": current.filter(user=user),
            "deputies": current.filter(deputy_for__user=user),
            "has_second_factor": has_second_factor(user),
            "needs_second_factor": needs_second_factor(user),
            "sign_ins": AccessLog.objects.filter(username=counted_name(user.username))
                        .order_by("-attempt_time")[:_SIGN_INS],
        })  # fmt: skip
