"""The pages of the tree: looking at it on any day, and changing it after a preview."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from shuzhi.errors import InputRefused
from workplace.accounts.access import (
    get_unit,
    grants_of,
    may,
    person,
    require,
    require_anywhere,
    units_for,
)
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.tree.actions import change_tree, refuse_lost_units, take_over_draft
from workplace.tree.changes import Change, touched
from workplace.tree.forms import FORMS, ChangeForm, DayForm, TreeFileForm, levels
from workplace.tree.models import TreeDraft
from workplace.tree.preview import SHOWN, moved_figures, open_returns
from workplace.tree.reading import read_tree
from workplace.tree.shown import show_moved, show_returns
from workplace.units.models import UnitSpan
from workplace.units.tree import current_tree, today, tree_number
from workplace.web.numbers import whole_number
from workplace.web.texts import language

_A_PAGE = 100
_FOUND = 50


@dataclass(frozen=True)
class Node:
    """A unit in the tree as it is on a day."""

    code: str
    name: str
    level: str
    has_below: bool


class Tree(View):
    """The top of what the person may see, on any day; what is below is fetched when asked for."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        require_anywhere(user, Permission.VIEW)
        form, query = DayForm(request.GET), request.GET.get("q", "").strip()
        day = form.asked()
        nodes = _found(user, query, day) if query else _nodes(_tops(user), day)
        return render(request, "units/tree.html", {
            "form": form, "day": day, "query": query, "nodes": nodes,
            "may_change": bool(grants_of(user).units(Permission.CHANGE_UNITS)), "kinds": _kinds(),
        })  # fmt: skip


class Below(View):
    """What stands directly below a unit on a day: a part of a page."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        get_unit(person(request), Permission.VIEW, code)
        day = DayForm(request.GET).asked()
        page = _below(request, code, day)
        return render(request, "units/_below.html", {
            "nodes": _nodes(page.object_list, day), "page": page, "day": day, "code": code,
        })  # fmt: skip


class UnitPage(View):
    """One unit: where it stands, what stands below it, and what it has been."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        user = person(request)
        unit = get_unit(user, Permission.VIEW, code)
        day = DayForm(request.GET).asked()
        tree, page = current_tree(), _below(request, code, day)
        above = [each for each in reversed(tree.ancestors(code, day)) if each != code]
        return render(request, "units/unit.html", {
            "unit": unit, "day": day, "form": DayForm(request.GET),
            "exists": tree.exists(code, day),
            "span": tree.span(code, day), "level": levels().get(tree.level(code, day), ""),
            "above": [(each, tree.name(each, day), may(user, Permission.VIEW, each))
                      for each in above],
            "history": [(span, tree.name(span.parent, span.valid_from) if span.parent else "",
                         tree.name(span.successor, span.valid_to) if span.successor else "")
                        for span in tree.by_code[code]],
            "nodes": _nodes(page.object_list, day), "page": page,
            "may_change": may(user, Permission.CHANGE_UNITS, code), "kinds": _kinds(),
        })  # fmt: skip


class ChangeTree(View):
    """A change by form: typed, looked at, and only then done."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        initial = {name: request.GET[name] for name in ("code", "parent") if name in request.GET}
        if "code" in initial and kind == "merge":
            initial["codes"] = initial["code"]
        return self._page(request, self._form(request, kind, initial=initial), kind)

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        form = self._form(request, kind, data=request.POST)
        if not form.is_valid() or "again" in request.POST:
            return self._page(request, form, kind)
        change = form.change()
        for unit in change.units:
            require(person(request), Permission.CHANGE_UNITS, unit)
        try:
            if "do" in request.POST:
                return self._do(request, change)
            return self._preview(request, form, change, kind)
        except InputRefused as refused:
            form.add_error(None, str(refused))
            return self._page(request, form, kind)

    def _do(self, request: HttpRequest, change: Change) -> HttpResponse:
        change_tree(by=person(request), change=change, number=_number_seen(request))
        messages.success(request, _("The tree is changed, and the change is on record."))
        return redirect("units:tree")

    def _preview(
        self, request: HttpRequest, form: ChangeForm, change: Change, kind: str
    ) -> HttpResponse:
        before = current_tree()
        moved = moved_figures(change.apply(before))
        returns = open_returns(touched(before, change))
        return render(request, "units/preview.html", {
            "form": form, "kind": kind, "title": form.title, "number": tree_number(),
            "moved": show_moved(moved, person(request)), "moved_count": len(moved),
            "returns": show_returns(returns), "shown": SHOWN,
        })  # fmt: skip

    def _form(self, request: HttpRequest, kind: str, **options: Any) -> ChangeForm:
        user = person(request)
        require_anywhere(user, Permission.CHANGE_UNITS)
        if kind not in FORMS:
            raise Http404
        return FORMS[kind](units=units_for(user, Permission.CHANGE_UNITS), **options)

    def _page(self, request: HttpRequest, form: ChangeForm, kind: str) -> HttpResponse:
        return render(request, "units/change.html", {"form": form, "title": form.title})


class TakeOverTree(View):
    """A whole tree from a file, for whoever may change the tree at its root."""

    def get(self, request: HttpRequest) -> HttpResponse:
        _require_root(request)
        return render(request, "units/take_over.html", {"form": TreeFileForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        _require_root(request)
        form = TreeFileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                file = form.cleaned_data["file"]
                tree = read_tree(file, language())
                refuse_lost_units(tree)
                draft = TreeDraft.objects.create(
                    by=person(request), file_name=file.name[:255], spans=TreeDraft.rows_of(tree)
                )
                return redirect("units:draft", draft.pk)
            except InputRefused as refused:
                form.add_error("file", str(refused))
        return render(request, "units/take_over.html", {"form": form})


class Draft(View):
    """The tree of a file before it is taken over: what would be otherwise."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = self._draft(request, pk)
        before, after = current_tree(), draft.tree()
        changed = [c for c in after.codes if before.by_code.get(c) != after.by_code[c]]
        moved = moved_figures(after)
        return render(request, "units/draft.html", {
            "draft": draft, "number": tree_number(), "units": len(after.codes),
            "added": [(c, after.name(c, today())) for c in changed if c not in before.by_code],
            "changed": [(c, after.name(c, today())) for c in changed if c in before.by_code],
            "moved": show_moved(moved, person(request)), "moved_count": len(moved), "shown": SHOWN,
            "returns": show_returns(open_returns(tuple(changed))),
        })  # fmt: skip

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = self._draft(request, pk)
        try:
            take_over_draft(by=person(request), draft=draft, number=_number_seen(request))
        except InputRefused as refused:
            messages.error(request, str(refused))
            return redirect("units:draft", pk)
        messages.success(request, _("The tree is changed, and the change is on record."))
        return redirect("units:tree")

    def _draft(self, request: HttpRequest, pk: int) -> TreeDraft:
        """One's own."""
        _require_root(request)
        found = TreeDraft.objects.filter(pk=pk, by=person(request)).first()
        if found is None:
            raise Http404
        return found


def _number_seen(request: HttpRequest) -> int:
    """The tree's number when the preview was made; -1 where none is told: no tree has it."""
    number = whole_number(request.POST.get("number"))
    return -1 if number is None else number


def _require_root(request: HttpRequest) -> None:
    user = person(request)
    require_anywhere(user, Permission.CHANGE_UNITS)
    require(user, Permission.CHANGE_UNITS, current_tree().root)


def _kinds() -> list[tuple[str, Any]]:
    return [(kind, form.title) for kind, form in FORMS.items()]


def _tops(user: User) -> list[str]:
    """The units at which the person sees by a role held there, but for those below another one."""
    tree, held = current_tree(), grants_of(user).units(Permission.VIEW)
    return sorted(
        code
        for code in held
        if code in tree.by_code and not held & set(tree.ancestors(code, today())[1:])
    )


def _below(request: HttpRequest, code: str, day: date) -> Any:
    """A page of the units directly below that the person may see today: a unit that stood here once
    and has moved to strangers is theirs now."""
    user = person(request)
    codes = [c for c in current_tree().children(code, day) if may(user, Permission.VIEW, c)]
    return Paginator(codes, _A_PAGE).get_page(request.GET.get("page"))


def _found(user: User, query: str, day: date) -> list[Node]:
    """Units by code or part of the name on a day."""
    allowed = units_for(user, Permission.VIEW).values("code")
    spans = UnitSpan.objects.filter(unit__in=allowed, valid_from__lte=day, valid_to__gt=day)
    found = (spans.filter(name__contains=query) | spans.filter(unit=query)).order_by("unit")
    return _nodes(list(found.values_list("unit", flat=True)[:_FOUND]), day)


def _nodes(codes: list[str], day: date) -> list[Node]:
    tree, named = current_tree(), levels()
    wanted = set(codes)
    above = {s.parent for s in tree.spans if s.parent in wanted and s.holds_on(day)}
    return [
        Node(code, tree.name(code, day), named.get(tree.level(code, day), ""), code in above)
        for code in codes
    ]
