"""Before somebody is in: the link that sets a password, the lock, what a role still asks for."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person
from workplace.accounts.models import User
from workplace.people.actions.accounts import set_first_password
from workplace.people.second_factor import has_second_factor, needs_second_factor


class Welcome(PasswordResetConfirmView):
    """The one-time link that an administrator hands out: the person sets a password."""

    template_name = "accounts/welcome.html"
    success_url = reverse_lazy("account_login")
    http_method_names = ("get", "post", "head", "options")

    def get_user(self, uidb64: str) -> User | None:
        """A closed account's link opens nothing."""
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and user.is_active else None

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        set_first_password(account=form.user, password=form.cleaned_data["new_password1"])
        del self.request.session["_password_reset_token"]
        messages.success(self.request, _("Your password is set. Please sign in."))
        return HttpResponseRedirect(str(self.success_url))


class SecondFactorNeeded(View):
    """Says which role asks for a second factor, why, and where to set it up."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        context = {"is_needed": needs_second_factor(user), "has_one": has_second_factor(user)}
        return render(request, "accounts/second_factor.html", context)


def locked_out(request: HttpRequest, _credentials: Any, *_more: Any) -> HttpResponse:
    """What django-axes answers after too many wrong passwords."""
    return render(request, "accounts/locked.html", status=429)
