"""Figures of a unit, compared and proven; each page is of a preview edition."""

import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from shuzhi import pipeline
from workplace.accounts.access import get_unit, may, may_anywhere, person, units_for
from workplace.accounts.permissions import Permission
from workplace.editions.choosing import newest_look, packs_to_choose
from workplace.editions.dashboard import bands_below, dashboard
from workplace.editions.models import Preview
from workplace.editions.opened import Look, proof_of
from workplace.editions.proofs import shown_proof
from workplace.editions.words import NOTHINGS, ZERO
from workplace.events.record import record_event
from workplace.units.tree import current_tree, today
from workplace.web.spreadsheets import XLSX


class Home(View):
    """To the highest unit that the person may see figures of."""

    def get(self, request: HttpRequest) -> HttpResponse:
        may_see = set(units_for(person(request), Permission.VIEW).values_list("code", flat=True))
        first = next((c for c in current_tree().in_pre_order(today()) if c in may_see), None)
        if first is None:
            raise Http404
        return redirect("figures:unit", first)


class UnitFigures(View):
    """A unit's dashboard for one period of the newest preview."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        get_unit(person(request), Permission.VIEW, code)
        found = newest_look(request.GET)
        if found is None:
            return render(request, "figures/none.html", no_preview(request, code))
        refuse_outside(found, code)
        shown = dashboard(found, code)
        return render(
            request, "figures/unit.html", {**frame(request, found, code), **shown, "words": WORDS}
        )


class Compare(View):
    """The units right below on one indicator, in bands."""

    def get(self, request: HttpRequest, code: str, indicator: str) -> HttpResponse:
        get_unit(person(request), Permission.VIEW, code)
        found = newest_look(request.GET)
        if found is None or indicator not in found.pack.indicators:
            raise Http404
        refuse_outside(found, code)
        definition = found.pack.indicators[indicator]
        shown = {
            "indicator": definition,
            "line": pipeline.line_of(found.sources, indicator, code),
            "levels": bands_below(found, code, indicator),
        }
        return render(request, "figures/compare.html", {**frame(request, found, code), **shown})


class ShowProof(View):
    """What a figure was counted from."""

    def get(self, request: HttpRequest, indicator: str, code: str, period: str) -> HttpResponse:
        get_unit(person(request), Permission.VIEW, code)
        found = newest_look(request.GET, period)
        if found is None:
            raise Http404
        refuse_outside(found, code)
        at, page = request.GET.get("at", ""), request.GET.get("page", "1")
        shown = {
            "indicator": found.pack.indicators.get(indicator),
            "figure": found.sources.figure(indicator, code),
            "proof": shown_proof(person(request), found, indicator, code, at, page),
            "at": at,
        }
        return render(request, "figures/proof.html", {**frame(request, found, code), **shown})


class ExportProof(View):
    """The same as a workbook; that it was taken out goes on record."""

    def get(self, request: HttpRequest, indicator: str, code: str, period: str) -> HttpResponse:
        get_unit(person(request), Permission.EXPORT, code)
        found = newest_look(request.GET, period)
        if found is None or found.sources.figures.get((indicator, code, period)) is None:
            raise Http404
        proof = proof_of(found.preview.folder, indicator, code, period)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "proof.xlsx"
            pipeline.write_proof_xlsx(proof, file, lang=found.sources.lang)
            content = file.read_bytes()
        with transaction.atomic():
            record_event(
                "editions.proof_exported", by=person(request), unit=code, about=found.preview,
                figure=proof.figure.figure_id,
            )  # fmt: skip
        return as_download(content, f"{proof.figure.figure_id}.xlsx", XLSX)


WORDS = [(word, meaning) for word, meaning in NOTHINGS.values()] + [ZERO]


def refuse_outside(found: Look, code: str) -> None:
    """Raises: Http404 for a unit that was not there in the period."""
    tree = found.sources.ledgers.units
    if not tree.exists_during(code, found.period.start, found.period.end):
        raise Http404


def frame(request: HttpRequest, found: Look, code: str) -> dict[str, Any]:
    """What stands around the figures of a unit: which one, of when, and where else to look."""
    user, tree = person(request), found.sources.ledgers.units
    above = [
        c for c in tree.ancestors(code, found.sources.day)[1:] if may(user, Permission.VIEW, c)
    ]
    choices = packs_to_choose()
    kept = f"pack={found.preview.pack}" if len(choices) > 1 else ""
    return {
        "look": found,
        "packs": choices,
        "of_pack": f"?{kept}" if kept else "",
        "and_pack": f"&{kept}" if kept else "",
        "code": code,
        "unit_name": found.unit_name(code),
        "above": [(c, found.unit_name(c)) for c in reversed(above)],
        "below": [(c, found.unit_name(c)) for c in tree.children(code, found.sources.day)],
        "periods": found.periods(),
        "may_preview": may_anywhere(user, Permission.PREVIEW),
        "may_export": may(user, Permission.EXPORT, code),
    }


def no_preview(request: HttpRequest, code: str) -> dict[str, Any]:
    """What a page without figures says: that some are being made, or who can make them."""
    under_way = Preview.objects.filter(state__in=("waiting", "making")).first()
    return {
        "code": code,
        "unit_name": current_tree().name(code, today()),
        "under_way": under_way,
        "may_preview": may_anywhere(person(request), Permission.PREVIEW),
    }


def as_download(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to be saved, never shown in the page."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
