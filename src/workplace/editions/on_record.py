"""How previews and the documents made of them are told of where events are read."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workplace.accounts.access import may_anywhere, visible
from workplace.accounts.models import User
from workplace.accounts.permissions import Permission
from workplace.editions.models import Document, Preview
from workplace.events.objects import Kind, Named, at_page
from workplace.rounds.templatetags.rounds import say_period


def _previews(user: User, pks: Collection[int]) -> list[Preview]:
    may = may_anywhere(user, Permission.PREVIEW)
    return list(Preview.objects.filter(pk__in=pks)) if may else []


def _preview(one: Preview) -> Named:
    text = str(_("preview of %(period)s")) % {"period": say_period(one.period)}
    return at_page("figures:preview", text, one.pk)


def _documents(user: User, pks: Collection[int]) -> list[Document]:
    found = Document.objects.filter(pk__in=pks).select_related("preview", "unit")
    return list(visible(found, user, Permission.PREVIEW))


def _document(one: Document) -> Named:
    facts = {"unit": one.unit.name, "period": say_period(one.preview.period)}
    text = str(_("report of %(unit)s, %(period)s")) % facts
    return Named(text, reverse("figures:document", args=[one.unit_id, one.pk]))


KINDS = {
    "editions.preview": Kind(_("preview"), _previews, _preview),
    "editions.document": Kind(_("preview of the report"), _documents, _document),
}
