"""Which pages are measured, and what each may cost: lists 100 ms, what counts or draws 500 ms."""

import time
from collections.abc import Iterator

from django.urls import reverse
from fill import PACK, YEAR
from measure import Page

from shuzhi.periods import parse_period
from workplace.accounts.models import User
from workplace.demo.people import LOGINS, ROOT, TOWNSHIP
from workplace.editions.previews import ask_preview
from workplace.events.models import Event
from workplace.jobs.worker import work_off
from workplace.programme import pack_named
from workplace.records.models import Record
from workplace.rounds.models import Round

_LIST, _OTHER = 100, 500


def pages() -> Iterator[Page]:
    """Lists and desks."""
    listed = reverse("records:list")
    middle = Record.objects.order_by("-event_date", "-pk")[Record.objects.count() // 2]
    deep = f"?after={middle.event_date}.{middle.pk}"
    for by in ("county", "clerk"):
        for what, query in (
            ("first page", ""),
            ("deep page", deep),
            ("of a table", f"?table={PACK}:meetings"),
            ("of a table and a month", f"?table={PACK}:meetings&from=2023-08-01&to=2023-08-31"),
            ("of a unit", f"?unit={TOWNSHIP}"),
            ("of a state", "?state=accepted"),
            ("of a state that none has", "?state=draft"),
            ("search 会议", "?q=会议"),
            ("search 推进会 安全", "?q=推进会 安全"),
            ("search for what is not there", "?q=查无此事"),
            ("search in a table", f"?table={PACK}:activities&q=宣讲"),
        ):
            yield Page(f"records list, {what}", by, listed + query, _LIST)
    yield Page("a record", "county", reverse("records:record", args=[middle.pk]), _OTHER)
    yield from _events()
    for login in LOGINS:
        yield Page("desk", login.username, reverse("desk:home"), _OTHER)
    for name, by in (
        ("rounds:list", "county"), ("approval:to_sign", "head"), ("meetings:list", "county"),
        ("meetings:actions", "county"), ("accounts:list", "admin"), ("units:tree", "county"),
    ):  # fmt: skip
        yield Page(name, by, reverse(name), _LIST)


def _events() -> Iterator[Page]:
    listed = reverse("events:list")
    middle = Event.objects.order_by("-at", "-pk")[Event.objects.count() // 2]
    stamp = middle.at.isoformat().replace("+", "%2B")
    for what, query in (
        ("first page", ""),
        ("deep page", f"?after={stamp}_{middle.pk}"),
        ("of a unit", f"?unit={TOWNSHIP}"),
        ("of an action", "?action=records.put"),
        ("of a person", "?by=clerk"),
        ("of an object", f"?about=records.record {middle.object_id}"),
    ):
        yield Page(f"events list, {what}", "auditor", listed + query, _LIST)


def board(round_: Round, what: str = "") -> Iterator[Page]:
    """The board of a round, and the part of it that a page takes in again and again."""
    for name in ("rounds:board", "rounds:board_part"):
        yield Page(f"{name}{what}", "county", reverse(name, args=[round_.pk]), _OTHER)


def unit_pages(round_: Round) -> Iterator[Page]:
    """Inboxes, and what a unit has to answer."""
    yield Page("inbox", "county", reverse("approval:to_accept"), _LIST)
    yield Page("inbox of a table", "county", reverse("approval:to_accept") + "?table=meetings",
               _LIST)  # fmt: skip
    sent = round_.returns.filter(step_unit=ROOT).first()
    assert sent is not None
    yield Page("a return", "county", reverse("approval:return", args=[sent.pk]), _OTHER)
    unit = reverse("rounds:unit", args=[round_.pk, TOWNSHIP])
    yield Page("a unit's page of a round", "clerk", unit, _OTHER)


def figures(by: User) -> Iterator[Page]:
    """The preview is made first."""
    began = time.perf_counter()
    preview = ask_preview(by=by, pack=pack_named(PACK), period=parse_period(YEAR))
    work_off()
    preview.refresh_from_db()
    assert preview.state == "ready", preview.message
    print(f"{'a preview of ' + format(preview.records, ',') + ' records':<56} "
          f"{time.perf_counter() - began:7.1f} s", flush=True)  # fmt: skip
    held = {"indicator": "meetings_held"}
    for unit in (ROOT, TOWNSHIP):
        yield Page(f"dashboard, {unit}", "county", reverse("figures:unit", args=[unit]), _OTHER)
        proof = reverse("figures:proof", kwargs={"code": unit, "period": YEAR, **held})
        yield Page(f"proof, {unit}", "county", proof, _OTHER)
    compared = reverse("figures:compare", kwargs={"code": ROOT, **held})
    yield Page("comparison", "county", compared, _OTHER)
