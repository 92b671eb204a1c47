"""Roles and what they allow, for administrators of everything."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person
from workplace.accounts.models import Role, RoleChange
from workplace.accounts.permissions import NEEDS_SECOND_FACTOR, Permission
from workplace.people.actions import roles as act
from workplace.people.forms import NewRoleForm, RoleForm
from workplace.people.reach import require_all
from workplace.people.refused import Refused


class Roles(View):
    """All roles, and the changes that wait for a second administrator."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require_all(person(request))
        labels = dict(Permission.choices)
        waiting = RoleChange.objects.filter(decided_at__isnull=True)
        return render(request, "accounts/roles.html", {
            "roles": [(role, [labels[name] for name in role.permissions if name in labels])
                      for role in Role.objects.all()],
            "waiting": [_told(change) for change in waiting.select_related("role", "proposed_by")],
            "user_pk": person(request).pk,
        })  # fmt: skip


class NewRole(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        require_all(person(request))
        return render(request, "accounts/new_role.html", {"form": NewRoleForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        require_all(person(request))
        form = NewRoleForm(request.POST)
        if not form.is_valid():
            return render(request, "accounts/new_role.html", {"form": form})
        role = act.create_role(by=person(request), **form.cleaned_data)
        return redirect("accounts:role", role.code)


class ChangeRole(View):
    """Proposes what a role shall allow."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        role = self._role(request, code)
        form = RoleForm(initial={"permissions": role.permissions})
        return self._page(request, role, form)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        role, form = self._role(request, code), RoleForm(request.POST)
        if form.is_valid():
            try:
                act.propose_change(
                    by=person(request), role=role, permissions=form.cleaned_data["permissions"]
                )
                messages.success(request, _("The change waits for another administrator."))
                return redirect("accounts:roles")
            except Refused as refused:
                form.add_error(None, str(refused))
        return self._page(request, role, form)

    def _role(self, request: HttpRequest, code: str) -> Role:
        require_all(person(request))
        found = Role.objects.filter(code=code).first()
        if found is None:
            raise Http404
        return found

    def _page(self, request: HttpRequest, role: Role, form: RoleForm) -> HttpResponse:
        needing = [permission.label for permission in sorted(NEEDS_SECOND_FACTOR)]
        context = {"role": role, "form": form, "needing": needing}
        return render(request, "accounts/role.html", context)


class DecideRoleChange(View):
    """Confirms what another administrator proposed, refuses it, or takes one's own back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_all(person(request))
        change = RoleChange.objects.select_related("role").filter(pk=pk).first()
        if change is None:
            raise Http404
        decide = act.confirm_change if "confirm" in request.POST else act.refuse_change
        try:
            decide(by=person(request), change=change)
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("accounts:roles")


def _told(change: RoleChange) -> dict[str, object]:
    labels = dict(Permission.choices)
    before, after = set(change.before), set(change.permissions)
    return {
        "change": change,
        "added": [labels.get(name, name) for name in sorted(after - before)],
        "removed": [labels.get(name, name) for name in sorted(before - after)],
    }
