"""The page where workbooks are dropped."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from workplace.accounts.access import get_unit, person
from workplace.accounts.permissions import Permission
from workplace.programme import pack_named
from workplace.rounds.models import Return, Round, RoundState
from workplace.sending.models import Upload
from workplace.sending.uploads_actions import (
    send_workbook,
)
from workplace.sending.uploads_limits import MOST_FILES, FileRefusedError, too_large
from workplace.units.models import Unit
from workplace.web.texts import text_in

# Older uploads stand on the page of the round, the newest first.
_SHOWN_BEFORE = 20


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


def _already_sent(upload: Upload) -> str:
    return _("%(name)s was sent already, on %(day)s; it was not read twice.") % {
        "name": upload.file_name,
        "day": timezone.localdate(upload.received_at),
    }


def _no_room() -> str:
    return _(
        "The workbook could not be stored: the disk of this system is full or does not answer. "
        "Nothing was kept of it; send it again later, and tell whoever looks after the system."
    )
