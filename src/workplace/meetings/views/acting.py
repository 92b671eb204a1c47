"""A page that does one thing: a form under a question, the act, and where one goes afterwards."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views import View

from workplace.accounts.access import person
from workplace.accounts.models import User
from workplace.meetings.fields import offer_units
from workplace.rounds.refusals import ChangedMeanwhile, Refused


class Act(View):
    """Loads an object, shows a form, calls one action. What was typed is never lost: a refusal
    is said above the form, and where somebody else was faster, what it says now stands beside."""

    title: ClassVar[str | Promise]
    button: ClassVar[str | Promise]
    done: ClassVar[str | Promise]
    is_drastic: ClassVar[bool] = False

    def load(self, user: User, **where: Any) -> Any:
        """The object, if the person may do this to it; else Http404."""
        raise NotImplementedError

    def form(self, user: User, found: Any, data: Any = None) -> forms.Form:
        """The form, filled with what is there."""
        raise NotImplementedError

    def act(self, user: User, found: Any, values: dict[str, Any]) -> Any:
        """Do it. May raise Refused."""
        raise NotImplementedError

    def after(self, found: Any, made: Any) -> str:
        """The address to go to, and for whoever turns back."""
        raise NotImplementedError

    def version(self, found: Any) -> int:
        """What the next attempt is made against: what the person has now been shown."""
        return int(found.version)

    def now(self, found: Any) -> dict[str, Any]:
        """Field → what the object holds now, to be shown where somebody else was faster."""
        return {}

    def get(self, request: HttpRequest, **where: Any) -> HttpResponse:
        user = person(request)
        found = self.load(user, **where)
        return self._page(request, found, offer_units(self.form(user, found), user))

    def post(self, request: HttpRequest, **where: Any) -> HttpResponse:
        user = person(request)
        found = self.load(user, **where)
        form = offer_units(self.form(user, found, request.POST), user)
        if not form.is_valid():
            return self._page(request, found, form)
        try:
            made = self.act(user, found, form.cleaned_data)
        except ChangedMeanwhile as refusal:
            form.add_error(None, str(refusal))
            form.data = form.data.copy()
            form.data["version"] = self.version(found)
            return self._page(request, found, form, self._differing(form, found))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, found, form)
        messages.success(request, self.done)
        return redirect(self.after(found, made))

    def _differing(self, form: forms.Form, found: Any) -> list[tuple[Any, Any]]:
        typed = form.cleaned_data
        return [
            (form.fields[name].label, "—" if value in (None, "") else value)
            for name, value in self.now(found).items()
            if name in form.fields and typed.get(name) != value
        ]

    def _page(
        self, request: HttpRequest, found: Any, form: forms.Form, now: Any = ()
    ) -> HttpResponse:
        return render(
            request,
            "meetings/act.html",
            {
                "title": self.title, "button": self.button, "form": form, "about": str(found or ""),
                "back": self.after(found, None), "now": now, "is_drastic": self.is_drastic,
            },
        )  # fmt: skip
