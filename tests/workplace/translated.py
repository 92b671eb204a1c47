"""Whether a page is all in one language: what is left when data are taken out of it."""

import re
from collections.abc import Iterable

from django.apps import apps
from django.db import models
from lxml import html as lxml_html

CHINESE = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
# Names that Chinese readers write in Latin letters too.
LATIN = frozenset({
    "A4", "CSV", "Connect", "Cookie", "Excel", "GB", "ID", "JPEG", "JPG", "KB", "LibreOffice",
    "MB", "Microsoft", "OIDC", "Office", "OpenID", "PDF", "PNG", "QR", "SHA", "SVG", "TOTP", "URL",
    "WPS", "Word", "XLSX", "ZIP", "csv", "doc", "docx", "et", "ets", "heic", "ics", "jpeg", "jpg",
    "kB", "ods", "pdf", "png", "px", "svg", "xls", "xlsx", "zip",
})  # fmt: skip
_SEEN_ATTRIBUTES = ("title", "aria-label", "alt", "placeholder", "data-label", "data-ask")
_UNSEEN = ("script", "style", "svg", "template", "code")


def assert_all_translated(page: str, language: str, data: Iterable[str] = ()) -> None:
    """No Chinese on an English page and no English on a Chinese one.

    Left out: `data`, parts that say their own language (`lang`), code, and addresses in LATIN.
    """
    text = _visible(page)
    for known in sorted(filter(None, data), key=len, reverse=True):
        text = text.replace(known, " ")
    if language.startswith("en"):
        foreign = CHINESE.findall(text)
    else:
        foreign = [word for word in WORD.findall(text) if word not in LATIN]
    assert foreign == [], f"not in {language}: {foreign[:12]}"


def texts_of_the_database() -> set[str]:
    """Whatever texts stand in the database: names, titles, values. They are data on any page."""
    found: set[str] = set()
    for model in apps.get_models():
        if model._meta.managed:
            fields = [f.attname for f in model._meta.concrete_fields if _holds_text(f)]
            for row in model._base_manager.values_list(*fields) if fields else ():
                for value in row:
                    found.update(_texts(value))
    return {text for text in found if len(text) > 1}


def _holds_text(field: models.Field) -> bool:
    kinds = (models.CharField, models.TextField, models.JSONField)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return isinstance(target, kinds)


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _visible(page: str) -> str:
    tree = lxml_html.fromstring(page)
    for part in list(tree.iter(*_UNSEEN)):
        part.drop_tree()
    for part in tree.xpath("//body//*[@lang]"):
        part.drop_tree()
    seen = [value for part in tree.iter() for value in _shown_attributes(part)]
    return " ".join([*tree.itertext(), *seen])


def _shown_attributes(part: lxml_html.HtmlElement) -> Iterable[str]:
    if not isinstance(part.tag, str):
        return
    for name in _SEEN_ATTRIBUTES:
        if name in part.attrib:
            yield part.attrib[name]
    if part.tag == "input" and part.get("type") in ("submit", "button", "reset"):
        yield part.get("value", "")
