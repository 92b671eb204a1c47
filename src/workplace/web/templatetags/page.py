"""What templates ask for: icons, built assets, states, days, texts in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django import template
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workplace.units.tree import today
from workplace.web.assets import asset_url
from workplace.web.texts import text_in

register = template.Library()
ICONS = Path(__file__).parents[1] / "icons"
COLOURS = ("green", "yellow", "red", "blue", "grey")

register.filter("in_language", text_in)


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing web/icons/NAME.svg, hidden from those who listen: a word stands beside it."""
    return _drawing(name)


@register.simple_tag
def asset(source: str) -> str:
    """The address of what was built from a file of frontend/; '' where nothing was built."""
    return asset_url(source)


@register.simple_tag
def state(colour: str, text: str) -> SafeString:
    """A word with its lamp: green, yellow, red, blue or grey; each has a shape of its own."""
    if colour not in COLOURS:
        raise template.TemplateSyntaxError(f"no state is {colour}; there are {', '.join(COLOURS)}")
    return format_html('<span class="state state-{}">{}</span>', colour, text)


@register.filter
def days_left(day: date) -> str:
    """How long it is until a day, or since, in words."""
    number = (_day(day) - today()).days
    if number == 0:
        return _("due today")
    if number > 0:
        return ngettext("%(days)d day left", "%(days)d days left", number) % {"days": number}
    return ngettext("%(days)d day late", "%(days)d days late", -number) % {"days": -number}


@register.filter
def days_colour(day: date) -> str:
    """The colour of a day by which something is due: red after it, yellow in its last three."""
    number = (_day(day) - today()).days
    return "red" if number < 0 else "yellow" if number <= 3 else "green"


@register.filter
def value_at(mapping: Mapping[object, object], key: object) -> object:
    """What a mapping holds under a key; '' where it holds nothing."""
    return mapping.get(key, "")


@register.filter
def without_placeholders(form: BaseForm) -> BaseForm:
    """The form without greyed examples that only repeat what the labels say."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.simple_tag(takes_context=True)
def is_here(context: template.Context, url: str) -> bool:
    """Whether the page stands at or below an address: the menu marks where one is."""
    request: HttpRequest = context["request"]
    return request.path == url or (url != "/" and request.path.startswith(url))


@register.simple_tag(takes_context=True)
def this_page_with(context: template.Context, **changes: object) -> str:
    """The query of this page with some parameters changed: for pages, filters, orders."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _day(day: date) -> date:
    return timezone.localdate(day) if isinstance(day, datetime) else day


@lru_cache
def _drawing(name: str) -> SafeString:
    if not (ICONS / f"{name}.svg").is_file():
        raise template.TemplateSyntaxError(f"no icon is named {name}; see {ICONS.name}/")
    return mark_safe((ICONS / f"{name}.svg").read_text("utf-8").strip())  # noqa: S308 — our own file
