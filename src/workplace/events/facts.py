"""Facts of events in words: what each is called, and how its value reads."""

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuzhi.errors import UserError
from shuzhi.periods import parse_period
from shuzhi.pipeline import say_period
from workplace.programme import packs
from workplace.web.texts import language, text_in

WORDS: dict[str, Promise] = {
    "added": _("added"),
    "aliases": _("confirmed spellings"),
    "answer": _("return"),
    "asked": _("what was asked for"),
    "assigned_on": _("assigned on"),
    "assisting": _("assisting units"),
    "at": _("step at"),
    "attended": _("present"),
    "before": _("before"),
    "carried_over": _("times carried over"),
    "changed": _("changed"),
    "columns": _("columns"),
    "content": _("SHA-256 of the content"),
    "count": _("how many"),
    "done_on": _("done on"),
    "due_on": _("due on"),
    "expected": _("expected"),
    "failures": _("failed attempts"),
    "fields": _("fields"),
    "figure": _("figure"),
    "figures": _("figures"),
    "file": _("file"),
    "files": _("files"),
    "flag": _("flag"),
    "format": _("format"),
    "held_on": _("held on"),
    "kept": _("rows kept"),
    "kind": _("kind"),
    "lead": _("leading unit"),
    "missing": _("still missing"),
    "name": _("file name"),
    "new": _("new"),
    "number": _("number"),
    "of": _("belongs to"),
    "of_action": _("action carried over"),
    "of_id": _("number of what it belongs to"),
    "original": _("SHA-256 of the original"),
    "outcome": _("kind of outcome"),
    "owes": _("returns owed"),
    "owner": _("owner"),
    "pack": _("pack"),
    "percent": _("per cent done"),
    "period": _("period"),
    "posts": _("how many posts"),
    "reason": _("reason"),
    "records": _("how many records"),
    "rectangles": _("parts covered"),
    "refused": _("rows refused"),
    "remarks": _("remarks"),
    "removed": _("taken away"),
    "returns": _("returns asked for"),
    "role": _("role"),
    "root": _("root hash"),
    "round": _("round"),
    "rounds": _("rounds"),
    "row": _("row"),
    "rows": _("rows read"),
    "rule": _("rule"),
    "seed": _("seed of the sample"),
    "sha256": _("SHA-256"),
    "sheet": _("sheet"),
    "shown": _("SHA-256 of what is shown"),
    "since": _("from"),
    "size": _("bytes"),
    "spelling": _("spelling"),
    "state": _("state"),
    "step": _("step"),
    "table": _("table"),
    "tables": _("tables"),
    "target": _("what it means"),
    "title": _("title"),
    "told": _("who was told"),
    "type": _("kind"),
    "unchanged": _("unchanged"),
    "units": _("units asked"),
    "until": _("until"),
    "up": _("moved up"),
    "upload": _("workbook"),
    "valid_from": _("from"),
    "valid_to": _("until"),
    "version": _("version"),
    "was_due_on": _("was due on"),
    "what": _("what"),
    "which": _("which file"),
    "why": _("why"),
    "withdrawn": _("withdrawn"),
    "wrong": _("changed behind the program's back"),
}
# Facts that are the number of an object of another kind.
OBJECTS = {"answer": "rounds.return", "round": "rounds.round", "upload": "sending.upload",
           "of_action": "meetings.action"}  # fmt: skip

_readings: dict[tuple[str, str], Callable[[str], str]] = {}


def register_readings(readings: Mapping[tuple[str, str], Callable[[str], str]]) -> None:
    """Say how the value of a fact of an action reads: (action, fact) → words. Called by an app's
    `ready()`."""
    _readings.update(readings)


def word_for(fact: str) -> str:
    """What a fact is called; its name where it has no word."""
    return str(WORDS.get(fact, fact))


def reading(action: str, fact: str, value: str) -> str:
    """A value in words; as it is where there is nothing to put in words."""
    if known := _readings.get((action, fact)):
        return known(value)
    if fact in ("table", "tables"):
        return next((text_in(p.tables[value].label) for p in packs().values() if value in p.tables),
                    value)  # fmt: skip
    if fact == "pack" and value in packs():
        return text_in(packs()[value].title)
    return _period(value) if fact == "period" else value


def _period(name: str) -> str:
    try:
        return say_period(parse_period(name), language())
    except UserError:
        return name
