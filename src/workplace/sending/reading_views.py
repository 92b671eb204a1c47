"""What became of one workbook, and the workbooks it can be fetched as."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views import View

from workplace.accounts.access import get_visible, may, person, require
from workplace.accounts.permissions import Permission
from workplace.records.access import has_sent_rows, sees_drafts
from workplace.sending.aliases import suggestions_of
from workplace.sending.mending_forms import UNITS_LIST
from workplace.sending.models import Upload, UploadState
from workplace.sending.said_again import message_said, problem_said
from workplace.sending.uploads_actions import (
    is_behind,
    note_download,
)
from workplace.sending.uploads_files import KINDS, WITHOUT_NAMES
from workplace.sending.uploads_pages import (
    page_of_rows,
    shown_account,
    shown_plan,
    shown_rows,
    units_known,
)
from workplace.web.spreadsheets import XLSX

_BUSY = (UploadState.WAITING, UploadState.READING, UploadState.TAKING)


def load_upload(request: HttpRequest, pk: int, permission: Permission) -> Upload:
    """The upload, for whoever may do this at its unit. Who neither enters nor signs there sees it
    once rows of it were sent. Raises: Http404 otherwise."""
    uploads = Upload.objects.select_related("round", "unit", "sent_by", "taken_by")
    upload = get_visible(uploads, person(request), permission, pk=pk)
    if not sees_drafts(person(request), upload.unit_id) and not has_sent_rows(upload):
        raise Http404
    return upload


class UploadResult(View):
    """What became of one workbook: its rows, its problems, what taking it over would do."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = load_upload(request, pk, Permission.VIEW)
        if upload.state in _BUSY:
            return render(request, "sending/reading.html", {"upload": upload})
        return render(request, "sending/uploaded.html", _result(request, upload))


class UploadProgress(View):
    """How far the reading is, for a page that asks every second."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = load_upload(request, pk, Permission.VIEW)
        if upload.state in _BUSY:
            return render(request, "sending/_progress.html", {"upload": upload})
        answer = HttpResponse()
        answer["HX-Redirect"] = reverse("sending:uploaded", args=[pk])
        return answer


class UploadComparison(View):
    """What taking over would do, asked again until the mended workbook has been read."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = load_upload(request, pk, Permission.VIEW)
        return render(request, "sending/_plan.html", comparison(request, upload))


class UploadFile(View):
    """The workbook as it was sent, with its problems marked, or mended."""

    def get(self, request: HttpRequest, pk: int, which: str) -> HttpResponse:
        upload = load_upload(request, pk, Permission.VIEW)
        if which not in KINDS:
            raise Http404
        user = person(request)
        if which not in WITHOUT_NAMES:
            if not may(user, Permission.SEE_ORIGINALS, upload.unit_id):
                require(user, Permission.ENTER, upload.unit_id)
            note_download(by=user, upload=upload, which=which)
        name, content = KINDS[which](upload)
        kind = "application/octet-stream" if which == "sent" else XLSX
        answer = HttpResponse(content, content_type=kind)
        answer.headers["Content-Disposition"] = _as_attachment(name)
        return answer


def _result(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    can_enter = may(person(request), Permission.ENTER, upload.unit_id)
    can_mend = can_enter and upload.state == UploadState.READ
    page, filters = page_of_rows(upload, request.GET)
    return comparison(request, upload) | {
        "message": message_said(upload),
        "problems": [problem_said(problem) for problem in upload.problems],
        "account": shown_account(upload),
        "page": page,
        "rows": shown_rows(upload, page, can_mend=can_mend),
        "filters": filters,
        "suggestions": suggestions_of(upload) if can_mend else [],
        "units": units_known(upload) if can_mend else [],
        "units_list": UNITS_LIST,
        "can_mend": can_mend,
        "form_errors": {},
    }


def comparison(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    """What taking over would do, for the part of the page that says so."""
    user = person(request)
    can_enter = may(user, Permission.ENTER, upload.unit_id)
    refused = upload.rows.filter(state="refused").count()
    return {
        "upload": upload,
        "plan": shown_plan(upload),
        "is_behind": is_behind(upload),
        "is_beside": False,
        "refused_rows": refused,
        "can_enter": can_enter,
        "can_fetch": can_enter or may(user, Permission.SEE_ORIGINALS, upload.unit_id),
    }


def _as_attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
