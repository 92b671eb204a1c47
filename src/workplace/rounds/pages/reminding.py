"""Reminding by hand: one unit, all silent ones, or all of a lamp, after one look at whom."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person
from workplace.accounts.models import User
from workplace.rounds.forms import ReminderForm
from workplace.rounds.mailing import units_with_mail
from workplace.rounds.models import Return, Round
from workplace.rounds.refusals import Refused
from workplace.rounds.reminding import Reminded, owing, remind, reminded_today
from workplace.rounds.rights import asked_units, get_round
from workplace.rounds.templatetags.rounds import listed
from workplace.units.tree import current_tree, today


class Remind(View):
    """`whom` in the address: "silent", a lamp, or '' for all that owe; `unit` for one alone."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        round_, owed = _load(person(request), pk, request.GET)
        return _page(request, round_, owed, ReminderForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        round_, owed = _load(user, pk, request.GET)
        form = ReminderForm(request.POST)
        if not form.is_valid():
            return _page(request, round_, owed, form)
        try:
            came_of_it = remind(
                by=user, round_=round_, units=list(owed), text=form.cleaned_data["text"],
                again=request.POST.get("again") == "yes",
            )  # fmt: skip
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            _say(request, came_of_it)
        return redirect("rounds:board", round_.pk)


def _load(user: User, pk: int, asked: object) -> tuple[Round, dict[str, list[Return]]]:
    """The round and who of those the person may remind owes what. Raises: Http404."""
    round_ = get_round(user, pk)
    allowed = asked_units(user)
    whom, unit = asked.get("whom", ""), asked.get("unit", "")  # type: ignore[attr-defined]
    if not allowed or (unit and unit not in allowed):
        raise Http404
    returns = Return.objects.filter(round=round_, unit__in=[unit] if unit else allowed)
    return round_, owing(returns, whom)


def _page(
    request: HttpRequest, round_: Round, owed: dict[str, list[Return]], form: ReminderForm
) -> HttpResponse:
    tree, day = current_tree(), today()
    told, mailed = reminded_today(round_), units_with_mail(owed)
    context = {
        "round": round_, "form": form, "query": request.GET.urlencode(),
        "units": [(tree.name(code, day), len(owed[code]), code in mailed, code in told)
                  for code in owed],
        "told": sum(code in told for code in owed),
    }  # fmt: skip
    return render(request, "rounds/remind.html", context)


def _say(request: HttpRequest, came_of_it: Reminded) -> None:
    tree, day = current_tree(), today()
    if came_of_it.told:
        messages.success(
            request, _("%(number)d units have been reminded.") % {"number": len(came_of_it.told)}
        )
    if came_of_it.desk_only:
        names = listed(tree.name(code, day) for code in came_of_it.desk_only[:10])
        messages.warning(
            request,
            _("On their desks only, since nobody there has a mail address: %(units)s.")
            % {"units": names},
        )
    if came_of_it.left_alone:
        messages.warning(
            request,
            _("%(number)d units had been reminded today already and were left alone.")
            % {"number": len(came_of_it.left_alone)},
        )
