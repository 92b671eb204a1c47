"""Opening a round: one page from the pack to the last look before units are asked."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from shuzhi.packs.model import Pack, Table
from shuzhi.periods import Period, parse_period
from workplace.accounts.access import person, require_anywhere
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.programme import pack_named, packs
from workplace.rounds.asking import Asking, Known, askings, whole_periods
from workplace.rounds.forms import RoundForm, period_choices, usual_due_day
from workplace.rounds.load import level_loads, minutes_of, table_loads
from workplace.rounds.models import Round
from workplace.rounds.opening import (
    close_round,
    discard_draft,
    open_prepared,
    prepare_round,
    revise_draft,
    widen_round,
)
from workplace.rounds.refusals import Refused
from workplace.rounds.rights import asked_units, get_round_to_run
from workplace.units.tree import current_tree, today
from workplace.web.texts import text_in


@dataclass
class Opening:
    """What can be asked: a pack and a period, its tables, and the units the person may ask."""

    user: User
    pack: Pack
    period: Period
    draft: Round | None = None
    found: list[Asking] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tree = current_tree()
        allowed = asked_units(self.user)
        self.asks_all = self.tree.root in allowed
        self.tables: list[Table] = [
            table for table in self.pack.tables.values()
            if table.asked.levels and whole_periods(self.pack, table, self.period)
        ]  # fmt: skip
        self.found = askings(
            self.pack, self.tree, self.period, [table.name for table in self.tables], allowed,
            besides=self.draft.pk if self.draft else None,
        )  # fmt: skip
        asked = {each.unit for each in self.found}
        self.units = [c for c in self.tree.in_pre_order(self.period.last_day) if c in asked]

    def form(self, data: Any = None) -> RoundForm:
        return RoundForm(data, initial=self._initial(), tables=self.tables, units=self.units)

    def narrowed(self, form: RoundForm) -> list[Asking]:
        """What is asked with the tables and units chosen in the form."""
        tables = set(form.cleaned_data.get("tables", ()))
        units = set(form.chosen_units())
        return [
            each for each in self.found
            if each.table in tables and (not units or each.unit in units)
        ]  # fmt: skip

    def keep(self, form: RoundForm) -> Round:
        """The round as typed, prepared or, where it was prepared before, revised."""
        units = form.chosen_units() or ([] if self.asks_all else self.units)
        said = {name: form.cleaned_data[name] for name in ("tables", "due_on", "title", "note")}
        if self.draft:
            return revise_draft(by=self.user, round_=self.draft, units=units, **said)
        return prepare_round(by=self.user, pack=self.pack, period=self.period, units=units, **said)

    def unit_groups(self, chosen: set[str]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """The level's name with its units: code, name, whether it is chosen."""
        day = self.period.last_day
        return [
            (text_in(level.label), [
                (code, self.tree.name(code, day), code in chosen)
                for code in self.units if self.tree.level(code, day) == level.code
            ])
            for level in self.pack.levels
            if any(self.tree.level(code, day) == level.code for code in self.units)
        ]  # fmt: skip

    def _initial(self) -> dict[str, Any]:
        if self.draft:
            draft = self.draft
            return {"title": draft.title, "due_on": max(draft.due_on, today()), "note": draft.note,
                    "tables": draft.tables, "units": draft.units,
                    "whom": "some" if draft.units else "all"}  # fmt: skip
        names = dict(period_choices(self.pack))
        title = f"{text_in(self.pack.title)} {names.get(self.period.name, self.period.name)}"
        asked = {each.table for each in self.found if each.known is Known.NO}
        return {
            "title": title, "due_on": usual_due_day(self.tables, self.period),
            "tables": [table.name for table in self.tables if table.name in asked],
            "units": [], "whom": "all",
        }  # fmt: skip


class Prepare(View):
    """A round is put together, saved as a draft, and opened from the same page."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        opening = self._opening(request, pk)
        form = opening.form()
        bound = opening.form({**form.initial, "due_on": form.initial["due_on"].isoformat()})
        bound.is_valid()
        return _page(request, opening, form, opening.narrowed(bound))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        opening = self._opening(request, pk)
        then = request.POST.get("then", "")
        if opening.draft and then == "discard":
            discard_draft(by=opening.user, round_=opening.draft)
            messages.success(request, _("The draft is gone. Nobody had been asked."))
            return redirect("rounds:list")
        form = opening.form(request.POST)
        is_valid = form.is_valid()
        if request.htmx or not is_valid or then == "preview":  # type: ignore[attr-defined]
            return _page(request, opening, form, opening.narrowed(form))
        round_ = opening.keep(form)
        if then != "open":
            messages.success(request, _("Kept as a draft. No unit has been asked yet."))
            return redirect("rounds:draft", round_.pk)
        try:
            open_prepared(by=opening.user, round_=round_)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("rounds:draft", round_.pk)
        messages.success(request, _("The round is open. The units find it on their desks."))
        return redirect("rounds:board", round_.pk)

    def _opening(self, request: HttpRequest, pk: int | None) -> Opening:
        user = person(request)
        require_anywhere(user, Permission.ASK)
        if pk is not None:
            draft = get_round_to_run(user, pk)
            return Opening(user, pack_named(draft.pack), parse_period(draft.period), draft)
        asked = request.POST if request.method == "POST" else request.GET
        pack = pack_named(asked.get("pack") or next(iter(packs())))
        return Opening(user, pack, _period(pack, asked.get("period", "")))


class Widen(View):
    """Further tables and units for a round that is open."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        round_ = get_round_to_run(user, pk)
        opening = Opening(user, pack_named(round_.pack), parse_period(round_.period), round_)
        inside = set(round_.returns.values_list("unit_id", flat=True).distinct())
        context = {
            "round": round_,
            "tables": [(each, minutes_of(each)) for each in opening.tables
                       if each.name not in round_.tables],
            "groups": [(label, units) for label, units in opening.unit_groups(inside)
                       if not all(is_in for *_, is_in in units)],
        }  # fmt: skip
        return render(request, "rounds/widen.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        round_ = get_round_to_run(user, pk)
        units = set(request.POST.getlist("units")) & asked_units(user)
        tables = set(request.POST.getlist("tables")) & set(pack_named(round_.pack).tables)
        try:
            asked = widen_round(by=user, round_=round_, tables=tables, units=units)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("rounds:widen", round_.pk)
        messages.success(
            request, _("%(number)d more returns have been asked for.") % {"number": len(asked)}
        )
        return redirect("rounds:board", round_.pk)


class Close(View):
    """The end of a round, after one more question."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        round_ = get_round_to_run(person(request), pk)
        context = {"round": round_, "missing": round_.returns.open().count()}
        return render(request, "rounds/close.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person(request)
        round_ = get_round_to_run(user, pk)
        try:
            close_round(by=user, round_=round_)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The round is closed."))
        return redirect("rounds:board", round_.pk)


def _page(
    request: HttpRequest, opening: Opening, form: RoundForm, found: list[Asking]
) -> HttpResponse:
    chosen = set(form["tables"].value() or ())
    loads = table_loads(opening.pack, opening.found, [table.name for table in opening.tables])
    asked = [each for each in found if each.known is Known.NO]
    context = {
        "form": form, "opening": opening, "draft": opening.draft,
        "packs": packs().values(), "periods": period_choices(opening.pack),
        "tables": [(load, load.table.name in chosen) for load in loads],
        "groups": opening.unit_groups(set(form["units"].value() or ())),
        "whom": form["whom"].value(),
        "levels": level_loads(opening.pack, opening.tree, found),
        "asked": len(asked), "units": len({each.unit for each in asked}),
        "known": _known(found, opening), "usual": usual_due_day(opening.tables, opening.period),
        "period_ended": opening.period.last_day + timedelta(days=1) <= today(),
    }  # fmt: skip
    part = "rounds/_preview.html" if request.htmx and request.method == "POST" else ""  # type: ignore[attr-defined]
    return render(request, part or "rounds/prepare.html", context)


def _known(found: list[Asking], opening: Opening) -> list[tuple[str, str, str, str]]:
    """What need not be asked: table, unit, period, why."""
    day = opening.period.last_day
    return [
        (text_in(opening.pack.tables[each.table].label), opening.tree.name(each.unit, day),
         each.period, each.known.value)
        for each in found if each.known is not Known.NO
    ]  # fmt: skip


def _period(pack: Pack, name: str) -> Period:
    """The period asked for, else the last quarter or the like that is over."""
    names = [choice for choice, _label in period_choices(pack)]
    if name in names:
        return parse_period(name)
    over = [parse_period(choice) for choice in names if parse_period(choice).end <= today()]
    whole = [parse_period(choice) for choice in names]
    return min(over[:4] or whole, key=lambda period: period.end - period.start)
