"""Previews and the documents made of them: asked for, waited for, taken out."""

import mimetypes
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from shuzhi import pipeline
from workplace.accounts.access import get_unit, may, person, require, require_anywhere
from workplace.accounts.permissions import Permission
from workplace.editions.choosing import newest_look
from workplace.editions.documents import ask_document
from workplace.editions.models import Document, Preview, PreviewState
from workplace.editions.opened import language
from workplace.editions.previews import ask_preview
from workplace.events.record import record_event
from workplace.programme import pack_named, packs
from workplace.units.tree import current_tree

ENDINGS = ("docx", "html", "pdf")


class Previews(View):
    """The newest previews; asking for one more."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require_anywhere(person(request), Permission.PREVIEW)
        kept = Preview.objects.exclude(state=PreviewState.REMOVED).select_related("asked_by")
        return render(
            request, "figures/previews.html",
            {"previews": kept[:20], "packs": list(_choices()), "may_take": _may_take(request)},
        )  # fmt: skip

    def post(self, request: HttpRequest) -> HttpResponse:
        require_anywhere(person(request), Permission.PREVIEW)
        name = request.POST.get("pack") or next(iter(packs()))
        pack = pack_named(name)
        preview = ask_preview(
            by=person(request), pack=pack, period=pipeline.last_year_collected(pack)
        )
        return redirect("figures:preview", preview.pk)


class ShowPreview(View):
    """How far a preview is; asked again by the page itself until it is ready."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_anywhere(person(request), Permission.PREVIEW)
        preview = get_object_or_404(Preview, pk=pk)
        page = "figures/_preview.html" if request.headers.get("HX-Request") else (
            "figures/preview.html"
        )  # fmt: skip
        shown = {"preview": preview, "may_take": _may_take(request)}
        return render(request, page, shown)


class TakePreview(View):
    """A preview as .zip. It holds the records of every unit: for those who may export them all."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
        require(person(request), Permission.EXPORT, current_tree().root)
        preview = get_object_or_404(Preview, pk=pk, state=PreviewState.READY)
        with transaction.atomic():
            record_event(
                "editions.preview_exported", by=person(request), about=preview,
                root=preview.root_hash,
            )  # fmt: skip
        archive = _zipped(preview.path)
        return FileResponse(archive, as_attachment=True, filename=f"{preview.folder}.zip")


class MakeDocument(View):
    """Ask for the report of a unit as the newest preview has it."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        get_unit(person(request), Permission.PREVIEW, code)
        found = newest_look(request.POST)
        if found is None:
            messages.warning(request, _("There are no figures yet: make a preview first."))
            return redirect("figures:unit", code)
        document = ask_document(
            by=person(request), preview=found.preview, unit=code, language=language()
        )
        return redirect("figures:document", code, document.pk)


class ShowDocument(View):
    """How far it is, and the files once it is there."""

    def get(self, request: HttpRequest, code: str, pk: int) -> HttpResponse:
        document = _document(request, Permission.PREVIEW, code, pk)
        page = "figures/_document.html" if request.headers.get("HX-Request") else (
            "figures/document.html"
        )  # fmt: skip
        return render(request, page, {"document": document, "code": code, **_files(document)})


class TakeDocument(View):
    """One of its files; that it was taken out goes on record."""

    def get(
        self, request: HttpRequest, code: str, pk: int, ending: str
    ) -> HttpResponse | FileResponse:
        document = _document(request, Permission.EXPORT, code, pk)
        file = document.path / f"report.{ending}"
        if ending not in ENDINGS or not document.folder or not file.is_file():
            raise Http404
        with transaction.atomic():
            record_event(
                "editions.document_exported", by=person(request), unit=code, about=document,
                kind=ending,
            )  # fmt: skip
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        name = f"preview-{code}-{document.preview.period}.{ending}"
        return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=kind)


def _document(request: HttpRequest, permission: Permission, code: str, pk: int) -> Document:
    get_unit(person(request), permission, code)
    return get_object_or_404(Document.objects.select_related("preview"), pk=pk, unit=code)


def _files(document: Document) -> dict[str, Any]:
    there = document.state == PreviewState.READY
    found = [e for e in ENDINGS if there and (document.path / f"report.{e}").is_file()]
    return {"files": found}


def _choices() -> list[tuple[str, Any, str]]:
    return [(p.name, p.title, pipeline.last_year_collected(p).name) for p in packs().values()]


def _may_take(request: HttpRequest) -> bool:
    return may(person(request), Permission.EXPORT, current_tree().root)


def _zipped(folder: Path) -> Any:
    """An open file with the folder's files, gone when it is closed."""
    archive = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as into:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                into.write(file, f"{folder.name}/{file.relative_to(folder).as_posix()}")
    archive.seek(0)
    return archive
