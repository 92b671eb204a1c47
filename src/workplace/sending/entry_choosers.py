"""Units offered while one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from workplace.accounts.permissions import Permission
from workplace.sending.entry_access import load_asked
from workplace.sending.entry_units import some_units


class UnitsPage(View):
    """Options for a field that refers to a unit; the field is named by `for`."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = load_asked(request, pk, Permission.ENTER)
        typed = request.GET.get(request.GET.get("for", ""), "")[:100]
        context = {"options": some_units(asked.answer, typed)}
        return render(request, "sending/_options.html", context)
