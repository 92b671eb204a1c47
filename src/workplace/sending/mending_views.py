"""Mending an upload, and deciding what becomes of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person
from workplace.accounts.permissions import Permission
from workplace.programme import pack_named
from workplace.sending.aliases_confirmed import confirm_alias
from workplace.sending.mending import NotMendedError, mend_row
from workplace.sending.mending_forms import MendForm
from workplace.sending.models import ProblemRow
from workplace.sending.reading_views import comparison, load_upload
from workplace.sending.uploads_actions import (
    UploadRefusedError,
    ask_to_read_again,
    set_aside,
    take_over,
)
from workplace.sending.uploads_pages import (
    shown_rows,
)


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
        upload.refresh_from_db(fields=["mended_at", "read_at", "plan", "state"])
        context = comparison(request, upload) | {
            "shown": shown, "form_errors": form.errors, "is_beside": True,
        }  # fmt: skip
        return render(request, "sending/_mended.html", context)


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


def _typed(form: MendForm) -> dict[str, str]:
    """What was changed in the fields that came with the form."""
    return {
        name: form.cleaned_data[name]
        for name in form.changed_data
        if form.add_prefix(name) in form.data
    }
