"""Pages of evidence: attached to a record, one by one, covered, and asked for by sample."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from workplace.accounts.access import person
from workplace.evidence import rights
from workplace.evidence.forms import RectangleFormSet, RemovalForm
from workplace.evidence.limits import FileNotTaken
from workplace.evidence.models import Evidence
from workplace.evidence.naming import download_name
from workplace.evidence.redaction import note_original_seen, redact
from workplace.evidence.serving import serve, serve_thumbnail
from workplace.evidence.store import attach, elsewhere, remove, seen_by
from workplace.records.access import get_visible_record
from workplace.records.errors import RecordNotWrittenError
from workplace.records.models import Record
from workplace.units.tree import current_tree, today
from workplace.web.coming_from import page_before


def load(request: HttpRequest, pk: int) -> Evidence:
    """One piece of evidence that the person may know of. Raises: Http404."""
    related = ("record__answer__round", "added_by", "action")
    found = seen_by(person(request)).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def load_record(request: HttpRequest, pk: int) -> Record:
    """A record with its return. Raises: Http404."""
    records = Record.objects.select_related("answer__round")
    return get_visible_record(person(request), records, pk)


class OfRecord(View):
    """What is attached to a record; more can be added while its return is open."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, record = person(request), load_record(request, pk)
        may_attach = rights.may_attach(user, record)
        return render(
            request,
            "evidence/of_record.html",
            {
                "record": record,
                "evidence": seen_by(user).filter(record=record),
                "attach_url": reverse("evidence:of_record", args=[pk]) if may_attach else "",
            },
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, record = person(request), load_record(request, pk)
        if not rights.may_attach(user, record):
            raise Http404
        note = request.POST.get("note", "").replace("\0", "")[:500]
        files = request.FILES.getlist("file")
        if not files:
            messages.error(request, _("Choose a file first."))
        for file in files:
            try:
                evidence = attach(
                    by=user, upload_file=file, unit=record.unit_id, record=record, note=note
                )
            except (FileNotTaken, RecordNotWrittenError) as refusal:
                messages.error(request, f"{file.name}: {refusal}")
                continue
            _say_attached(request, evidence)
        return redirect(page_before(request) or reverse("evidence:of_record", args=[pk]))


class Show(View):
    """One piece of evidence: what it is, where else it serves, and what may be done with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, evidence = person(request), load(request, pk)
        others = list(elsewhere(user, evidence).select_related("record")[:20])
        tree, day = current_tree(), today()
        facts = {
            "evidence": evidence,
            "elsewhere": others,
            "names": {one.unit_id: tree.name(one.unit_id, day) for one in (evidence, *others)},
            "may_redact": rights.may_redact(user, evidence),
            "removal": RemovalForm() if rights.may_remove(user, evidence) else None,
            "may_see_original": bool(evidence.shown_id) and rights.may_see_original(user, evidence),
        }
        return render(request, "evidence/show.html", facts)


class Content(View):
    """The file as others see it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        evidence = load(request, pk)
        return serve(request, evidence.seen_file, download_name(evidence))


class Thumbnail(View):
    """The same, small."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return serve_thumbnail(load(request, pk).seen_file)


class Original(View):
    """The file before anything was covered; asked for by a button, since it goes on record."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        user, evidence = person(request), load(request, pk)
        if not evidence.shown_id or not rights.may_see_original(user, evidence):
            raise Http404
        answer = serve(request, evidence.file, download_name(evidence))
        note_original_seen(by=user, evidence=evidence)
        return answer


class Redact(View):
    """Covering parts of a picture, drawn by hand or typed as numbers."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(request, self._load(request, pk), RectangleFormSet())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        evidence = self._load(request, pk)
        forms = RectangleFormSet(request.POST)
        if not forms.is_valid():
            return self._page(request, evidence, forms)
        rectangles = [form.rectangle for form in forms if form.has_changed()]
        try:
            redact(by=person(request), evidence=evidence, rectangles=rectangles)
        except FileNotTaken as refusal:
            messages.error(request, str(refusal))
            return self._page(request, evidence, forms)
        messages.success(request, _("The marked parts are covered now; others see only this."))
        return redirect("evidence:show", pk)

    def _load(self, request: HttpRequest, pk: int) -> Evidence:
        evidence = load(request, pk)
        if not rights.may_redact(person(request), evidence):
            raise Http404
        return evidence

    def _page(
        self, request: HttpRequest, evidence: Evidence, forms: RectangleFormSet
    ) -> HttpResponse:
        facts = {"evidence": evidence, "file": evidence.seen_file, "forms": forms}
        return render(request, "evidence/redact.html", facts)


class Remove(View):
    """Taking evidence away, with a reason."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, evidence = person(request), load(request, pk)
        if not rights.may_remove(user, evidence):
            raise Http404
        form = RemovalForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Say why it is removed."))
            return redirect("evidence:show", pk)
        try:
            remove(by=user, evidence=evidence, reason=form.cleaned_data["reason"])
        except (FileNotTaken, RecordNotWrittenError) as refusal:
            messages.error(request, str(refusal))
            return redirect("evidence:show", pk)
        messages.success(request, _("The evidence is removed; that it was there stays on record."))
        if evidence.record_id:
            return redirect("evidence:of_record", evidence.record_id)
        return redirect("desk:home")


def _say_attached(request: HttpRequest, evidence: Evidence) -> None:
    messages.success(request, _("%(name)s is attached.") % {"name": evidence.name})
    others = elsewhere(person(request), evidence).count()
    if others:
        messages.warning(
            request,
            _("%(name)s is attached in %(count)d other places already. Does it show each of them?")
            % {"name": evidence.name, "count": others},
        )
