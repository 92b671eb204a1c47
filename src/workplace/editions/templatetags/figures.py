"""What the figures' templates ask for: names from the pack, bands, links from a row to its page."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuzhi import pipeline
from shuzhi.packs.model import Pack
from shuzhi.reports.outcomes import JudgedPromise
from shuzhi.scores.labels import item_label
from shuzhi.scores.model import Score
from workplace.editions.opened import Look
from workplace.editions.proofs import ShownRow
from workplace.editions.words import band_label
from workplace.web.texts import text_in

register = template.Library()
register.simple_tag(band_label, name="band")


@register.simple_tag
def table_label(pack: Pack, name: str) -> str:
    """What a table of the pack is called."""
    table = pack.tables.get(name)
    return text_in(table.label) if table else name


@register.simple_tag
def promise_value(look: Look, promise: JudgedPromise) -> str:
    """What the indicator of a promise says, beside its target."""
    assert promise.figure is not None
    definition = look.pack.indicators[promise.figure.indicator]
    facts = {
        "name": text_in(definition.label),
        "value": pipeline.figure_text(look.sources, promise.figure),
        "target": "" if promise.target is None else f"{promise.target:g}",
    }
    return _("%(name)s: %(value)s, promised %(target)s") % facts


@register.simple_tag
def band_of(look: Look, score: Score) -> str:
    """A score's band in the reader's language: it was sealed in Chinese."""
    labels = (band["label"] for band in look.pack.scorecard.get("bands", ()))
    return next((text_in(label) for label in labels if score.band in label.values()), score.band)


@register.simple_tag
def lost_lines(look: Look, score: Score) -> list[tuple[str, str, str]]:
    """The scorecard's lines that lost points: what each is called, why, and its indicator."""
    lang = look.sources.lang
    return [
        (item_label(look.pack, line.item, lang), line.lost, line.figure_id.partition(".")[0])
        for line in score.lines
        if line.counted and line.lost
    ]


@register.simple_tag
def record_link(row: ShownRow) -> SafeString | str:
    """The record's id, leading to its page where it is kept here."""
    text = f"{row.table} {row.key}"
    if row.record is None:
        return text
    try:
        return format_html(
            '<a href="{}">{}</a>', reverse("records:record", args=[row.record]), text
        )
    except NoReverseMatch:
        return text
