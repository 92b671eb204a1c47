"""Actions: what is mine to do, what we assigned, one of them, and what becomes of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views import View

from workplace.accounts.access import may, person, require_anywhere, units_for
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.evidence.limits import FileNotTaken
from workplace.evidence.store import attach, seen_by
from workplace.meetings.fields import names_of
from workplace.meetings.forms import CloseForm, DoneForm, ProgressForm, ReasonForm
from workplace.meetings.models import Action
from workplace.meetings.progress import (
    close_action,
    may_not_close,
    report_done,
    report_progress,
    send_back_action,
    withdraw_action,
)
from workplace.meetings.rights import (
    action_to_decide_on,
    action_to_report_on,
    action_to_see,
    actions_to_see,
    may_decide_on,
    may_report_on,
    own_units,
)
from workplace.meetings.views.acting import Act
from workplace.units.tree import today

PER_PAGE = 25
SIDES = [
    ("mine", _("Mine to do")),
    ("ours", _("Assigned by us")),
    ("all", _("All I may see")),
]
STATES = [
    ("open", pgettext_lazy("action", "open")),
    ("overdue", pgettext_lazy("action", "overdue")),
    ("to_close", pgettext_lazy("action", "to be closed")),
    ("closed", pgettext_lazy("action", "closed")),
    ("withdrawn", pgettext_lazy("action", "withdrawn")),
]


class ActionList(View):
    """Actions by side (mine to do, assigned by us), state, unit and text."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        require_anywhere(user, Permission.VIEW)
        side = request.GET.get("side", "mine")
        actions = _chosen(_on_side(actions_to_see(user), side, own_units(user)), request)
        page = Paginator(actions, PER_PAGE).get_page(request.GET.get("page"))
        return render(
            request,
            "meetings/actions.html",
            {
                "page": page, "side": side, "sides": SIDES, "states": STATES,
                "state": request.GET.get("state", "open"),
                "asked": {name: request.GET.get(name, "") for name in ("q", "unit")},
                "names": names_of(today()),
                "units": units_for(user, Permission.VIEW).values_list("code", flat=True),
            },
        )  # fmt: skip


def _on_side(actions: QuerySet[Action], side: str, own: frozenset[str]) -> QuerySet[Action]:
    if side == "ours":
        return actions.filter(unit__in=own)
    return actions.filter(owner__in=own) if side == "mine" else actions


def _chosen(actions: QuerySet[Action], request: HttpRequest) -> QuerySet[Action]:
    by_state = {
        "open": Q(closed_at__isnull=True, withdrawn_at__isnull=True),
        "overdue": Q(
            closed_at__isnull=True, withdrawn_at__isnull=True, done_on__isnull=True,
            due_on__lt=today(),
        ),
        "to_close": Q(closed_at__isnull=True, withdrawn_at__isnull=True, done_on__isnull=False),
        "closed": Q(closed_at__isnull=False),
        "withdrawn": Q(withdrawn_at__isnull=False),
    }  # fmt: skip
    actions = actions.filter(by_state.get(request.GET.get("state", "open"), Q()))
    if unit := request.GET.get("unit"):
        actions = actions.filter(Q(owner=unit) | Q(unit=unit))
    if text := request.GET.get("q", "").strip():
        actions = actions.filter(Q(title__contains=text) | Q(number__contains=text))
    return actions


class ShowAction(View):
    """One action: how far it is, its history and evidence, and what may be done with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        action = action_to_see(user, pk)
        reports = may_report_on(user, action)
        decides = action.is_open and may_decide_on(user, action)
        version = {"version": action.version}
        return render(
            request,
            "meetings/action.html",
            {
                "action": action, "history": action.history.select_related("by"),
                "names": names_of(today()),
                "may_see_meeting": action.meeting_id
                and may(user, Permission.VIEW, action.unit_id),
                "evidence": seen_by(user).filter(action=action),
                "attach_url": reverse("meetings:attach", args=[pk])
                if reports and action.is_open
                else "",
                "here": reverse("meetings:action", args=[pk]),
                "progress_form": _if(
                    reports and action.is_open and action.done_on is None,
                    ProgressForm(initial=version | {"percent": action.progress}),
                ),
                "done_form": DoneForm(initial=version | {"done_on": today()}),
                "decides": decides, "may_not_close": decides and may_not_close(user, action),
                "close_form": CloseForm(initial=version),
            },
        )  # fmt: skip


def _if(condition: bool, form: Any) -> Any:
    return form if condition else None


class _OnAction(Act):
    def after(self, found: Action, made: Any) -> str:
        return reverse("meetings:action", args=[found.pk])


class ReportProgress(_OnAction):
    """The owner says how far it is."""

    title, button = _("Report progress"), _("Report progress")
    done = _("Your report has been saved.")

    def load(self, user: User, pk: int) -> Action:
        return action_to_report_on(user, pk)

    def form(self, user: User, found: Action, data: Any = None) -> ProgressForm:
        return ProgressForm(data, initial={"version": found.version, "percent": found.progress})

    def act(self, user: User, found: Action, values: dict[str, Any]) -> Action:
        return report_progress(by=user, action=found, **values)

    def now(self, found: Action) -> dict[str, Any]:
        return {"percent": found.progress}


class ReportDone(ReportProgress):
    """The owner says that it is done."""

    title, button = _("Report done"), _("Report done")
    done = _("Reported done. The unit that assigned it closes it or sends it back.")

    def form(self, user: User, found: Action, data: Any = None) -> DoneForm:
        return DoneForm(data, initial={"version": found.version, "done_on": today()})

    def act(self, user: User, found: Action, values: dict[str, Any]) -> Action:
        return report_done(by=user, action=found, **values)


class CloseAction(_OnAction):
    """The chair's office finds it done."""

    title, button = _("Close the action"), _("Close the action")
    done = _("The action has been closed.")

    def load(self, user: User, pk: int) -> Action:
        return action_to_decide_on(user, pk)

    def form(self, user: User, found: Action, data: Any = None) -> CloseForm:
        return CloseForm(data, initial={"version": found.version})

    def act(self, user: User, found: Action, values: dict[str, Any]) -> Action:
        return close_action(by=user, action=found, **values)


class SendBackAction(CloseAction):
    """Not done yet, because."""

    title, button = _("Send the action back"), _("Send back")
    done = _("The action has been sent back to its owner.")

    def form(self, user: User, found: Action, data: Any = None) -> ReasonForm:
        return ReasonForm(data, initial={"version": found.version})

    def act(self, user: User, found: Action, values: dict[str, Any]) -> Action:
        return send_back_action(by=user, action=found, **values)


class WithdrawAction(SendBackAction):
    """No longer to be done, because."""

    title, button = _("Withdraw the action"), _("Withdraw the action")
    done = _("The action has been withdrawn; the reason stays on record.")
    is_drastic = True

    def act(self, user: User, found: Action, values: dict[str, Any]) -> Action:
        return withdraw_action(by=user, action=found, **values)


class Attach(View):
    """Evidence of what was done, by the owner while the action is open."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        action = action_to_report_on(user, pk)
        if not action.is_open:
            messages.error(request, _("This action has been closed or withdrawn."))
            return redirect("meetings:action", pk=pk)
        for file in request.FILES.getlist("file"):
            try:
                attach(
                    by=user, upload_file=file, unit=action.owner_id, action=action,
                    note=request.POST.get("note", "").replace("\0", "")[:500],
                )  # fmt: skip
            except FileNotTaken as refusal:
                messages.error(request, f"{file.name}: {refusal}")
        return redirect("meetings:action", pk=pk)
