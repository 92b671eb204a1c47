"""Pages for workbooks: drop them, see what was read, mend it, take it over."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from workplace.accounts.access import get_unit, get_visible, may, person, require
from workplace.accounts.permissions import Permission
from workplace.programme import pack_named
from workplace.rounds.models import Return, Round, RoundState
from workplace.sending.aliases import suggestions_of
from workplace.sending.aliases_confirmed import confirm_alias
from workplace.sending.mending import NotMendedError, mend_row
from workplace.sending.mending_forms import UNITS_LIST, MendForm
from workplace.sending.models import ProblemRow, Upload, UploadState
from workplace.sending.uploads_actions import (
    UploadRefusedError,
    ask_to_read_again,
    is_behind,
    note_download,
    send_workbook,
    set_aside,
    take_over,
)
from workplace.sending.uploads_files import KINDS, WITHOUT_NAMES
from workplace.sending.uploads_limits import MOST_FILES, FileRefusedError, too_large
from workplace.sending.uploads_pages import (
    page_of_rows,
    shown_account,
    shown_plan,
    shown_rows,
    units_known,
)
from workplace.units.models import Unit
from workplace.web.texts import text_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Older uploads stand on the page of the round, the newest first.
_SHOWN_BEFORE = 20
_BUSY = (UploadState.WAITING, UploadState.READING, UploadState.TAKING)


def load_upload(request: HttpRequest, pk: int, permission: Permission) -> Upload:
    """The upload, for whoever may do this at its unit. Raises: Http404 otherwise."""
    uploads = Upload.objects.select_related("round", "unit", "sent_by", "taken_by")
    return get_visible(uploads, person(request), permission, pk=pk)


@method_decorator(csrf_exempt, name="dispatch")
class UploadPage(View):
    """Where the workbooks of a unit for a round are dropped.

    The files are received before anything asks for the form's token, so that a full disk can be
    answered with a sentence; the token is asked for then.
    """

    def get(self, request: HttpRequest, round_id: int, unit: str) -> HttpResponse:
        return render(request, "sending/upload.html", self._context(request, round_id, unit))

    def post(self, request: HttpRequest, round_id: int, unit: str) -> HttpResponse:
        try:
            files = request.FILES.getlist("files")
        except OSError:
            return self._refuse(request, round_id, unit, [_no_room()], status=507)
        return self._receive(request, round_id, unit, files)

    @method_decorator(csrf_protect)
    def _receive(
        self, request: HttpRequest, round_id: int, unit: str, files: list[Any]
    ) -> HttpResponse:
        round_, at = self._load(request, round_id, unit)
        refused = [too_large(name) for name in getattr(request, "too_large", [])]
        sent: list[Upload] = []
        if round_.state != RoundState.OPEN:
            files, refused = [], [_("This round is not open; nothing can be sent for it.")]
        elif len(files) > MOST_FILES:
            most = {"most": MOST_FILES}
            files, refused = [], [_("Send no more than %(most)s workbooks at a time.") % most]
        elif not files and not refused:
            refused = [_("Choose a workbook first.")]
        for file in files:
            try:
                upload, is_new = send_workbook(
                    by=person(request), round_=round_, unit=at, file=file
                )
            except FileRefusedError as refusal:
                refused.append(str(refusal))
                continue
            except OSError:
                refused.append(_no_room())
                return self._refuse(request, round_id, unit, refused, status=507)
            sent.append(upload)
            if not is_new:
                messages.info(request, _already_sent(upload))
        if refused:
            return self._refuse(request, round_id, unit, refused, status=400)
        if len(sent) == 1:
            return redirect("sending:uploaded", sent[0].pk)
        return redirect("sending:upload", round_id, unit)

    def _refuse(
        self, request: HttpRequest, round_id: int, unit: str, refused: list[str], status: int
    ) -> HttpResponse:
        context = self._context(request, round_id, unit) | {"refused": refused}
        return render(request, "sending/upload.html", context, status=status)

    def _load(self, request: HttpRequest, round_id: int, unit: str) -> tuple[Round, Unit]:
        at = get_unit(person(request), Permission.ENTER, unit)
        asked = Round.objects.exclude(state=RoundState.DRAFT).filter(returns__unit=at)
        return get_object_or_404(asked.distinct(), pk=round_id), at

    def _context(self, request: HttpRequest, round_id: int, unit: str) -> dict[str, Any]:
        round_, at = self._load(request, round_id, unit)
        tables = pack_named(round_.pack).tables
        answers = Return.objects.filter(round=round_, unit=at)
        before = Upload.objects.filter(round=round_, unit=at).select_related("sent_by")
        return {
            "round": round_,
            "unit": at,
            "answers": [(text_in(tables[each.table].label), each) for each in answers],
            "before": list(before[:_SHOWN_BEFORE]),
            "is_open": round_.state == RoundState.OPEN,
            "most": MOST_FILES,
            "refused": [],
        }


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
        return render(request, "sending/_plan.html", _comparison(request, upload))


class MendRow(View):
    """The corrected cells of one row."""

    def post(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        upload = load_upload(request, pk, Permission.ENTER)
        found = get_object_or_404(ProblemRow, upload=upload, pk=row)
        found.upload = upload
        table = pack_named(upload.round.pack).tables[found.table]
        mended = dict(found.mends.order_by("pk").values_list("column", "after"))
        form = MendForm(found, table, mended, request.POST)
        if form.is_valid():
            try:
                found = mend_row(by=person(request), row=found, texts=_typed(form))
            except NotMendedError as refusal:
                messages.error(request, str(refusal))
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect(f"{reverse('sending:uploaded', args=[pk])}#row-{row}")
        (shown,) = shown_rows(upload, [found], can_mend=True)
        context = {"upload": upload, "shown": shown, "form_errors": form.errors}
        return render(request, "sending/_row.html", context)


class ConfirmAlias(View):
    """Yes, this spelling means that."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = load_upload(request, pk, Permission.ENTER)
        names = ("kind", "spelling", "target")
        alias = confirm_alias(
            by=person(request),
            upload=upload,
            **{name: request.POST.get(name, "") for name in names},
        )
        messages.success(
            request,
            _("“%(spelling)s” is known from now on; the workbook is read once more.")
            % {"spelling": alias.spelling},
        )
        return redirect("sending:uploaded", pk)


class TakeOver(View):
    """The rows become records of the returns."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = load_upload(request, pk, Permission.ENTER)
        parts = {part["answer"] for part in upload.plan.get("parts", [])}
        withdraw = {pk for pk in parts if request.POST.get(f"missing-{pk}") == "withdraw"}
        answers = {pk for pk in parts if request.POST.get(f"answer-{pk}")}
        try:
            take_over(by=person(request), upload=upload, withdraw=withdraw, answers=answers)
        except UploadRefusedError as refusal:
            messages.error(request, str(refusal))
        return redirect("sending:uploaded", pk)


class SetAside(View):
    """Nothing of the workbook is taken."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = load_upload(request, pk, Permission.ENTER)
        try:
            set_aside(by=person(request), upload=upload)
        except UploadRefusedError as refusal:
            messages.error(request, str(refusal))
            return redirect("sending:uploaded", pk)
        messages.success(request, _("The workbook was set aside; nothing of it was taken over."))
        return redirect("sending:upload", upload.round_id, upload.unit_id)


class ReadAgain(View):
    """Another reading, where the first one failed or the tree has changed."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = load_upload(request, pk, Permission.ENTER)
        try:
            ask_to_read_again(by=person(request), upload=upload)
        except UploadRefusedError as refusal:
            messages.error(request, str(refusal))
        return redirect("sending:uploaded", pk)


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
    return _comparison(request, upload) | {
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


def _comparison(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    user = person(request)
    can_enter = may(user, Permission.ENTER, upload.unit_id)
    refused = upload.rows.filter(state="refused").count()
    return {
        "upload": upload,
        "plan": shown_plan(upload),
        "is_behind": is_behind(upload),
        "refused_rows": refused,
        "can_enter": can_enter,
        "can_fetch": can_enter or may(user, Permission.SEE_ORIGINALS, upload.unit_id),
    }


def _typed(form: MendForm) -> dict[str, str]:
    """What was changed in the fields that came with the form."""
    return {
        name: form.cleaned_data[name]
        for name in form.changed_data
        if form.add_prefix(name) in form.data
    }


def _already_sent(upload: Upload) -> str:
    return _("%(name)s was sent already, on %(day)s; it was not read twice.") % {
        "name": upload.file_name,
        "day": f"{upload.received_at:%Y-%m-%d}",
    }


def _no_room() -> str:
    return _(
        "The workbook could not be stored: the disk of this system is full or does not answer. "
        "Nothing was kept of it; send it again later, and tell whoever looks after the system."
    )


def _as_attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
