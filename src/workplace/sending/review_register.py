"""A unit's whole register with its evidence, taken out of the program on the record."""

import tempfile
from pathlib import Path

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import View

from shuzhi import pipeline
from shuzhi.pipeline import Source
from workplace.accounts.access import get_unit, person
from workplace.accounts.permissions import Permission
from workplace.events.record import record_event
from workplace.evidence.export import write_evidence_folder
from workplace.programme import pack_named
from workplace.records.export_views import download
from workplace.records.filters import Wanted, wanted_records
from workplace.records.ledgers import COUNTED, live_ledgers
from workplace.sending.review_flags import flag_answers
from workplace.units.tree import today
from workplace.web.texts import language


class RegisterPage(View):
    """A unit's whole register (台账), with those of the units below it, as one archive."""

    def post(self, request: HttpRequest, unit: str) -> HttpResponse:
        user = person(request)
        get_unit(user, Permission.EXPORT, unit)
        pack = pack_named(request.POST.get("pack", ""))
        own = wanted_records(user, Wanted(unit=unit), Permission.EXPORT)
        with tempfile.TemporaryDirectory(prefix="register-") as folder:
            write_evidence_folder(own.filter(pack=pack.name, state__in=COUNTED), Path(folder))
            source = Source(Path(folder), pack, live_ledgers(pack), None, flag_answers(pack.name))
            out = Path(folder) / "register.zip"
            flags = pipeline.check(source, lang=language())
            pipeline.write_unit_register(source, flags, unit, out, lang=language())
            content = out.read_bytes()
        with transaction.atomic():
            record_event("records.register_exported", by=user, unit=unit, pack=pack.name)
        return download(content, f"{_('register')}-{unit}-{today()}.zip", "application/zip")
