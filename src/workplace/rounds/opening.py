"""Preparing, opening, widening and closing a round, on the record."""

import secrets
from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuzhi.packs.model import Pack
from shuzhi.periods import Period, parse_period
from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.programme import pack_named
from workplace.rounds.asking import Asking, Known, askings
from workplace.rounds.models import Return, Round, RoundState
from workplace.rounds.refusals import Refused
from workplace.units.tree import current_tree, today

# What is asked for in the middle of a round cannot be due tomorrow.
LEAST_DAYS_LATER = 7


@transaction.atomic
def prepare_round(
    *, by: User, pack: Pack, period: Period, tables: Collection[str],
    units: Collection[str] = (), due_on: date, title: str, note: str = "",
) -> Round:  # fmt: skip
    """A round that only those who open rounds see; no unit is asked before it is opened.

    `units`: all that the pack asks, where none are named.
    """
    round_ = Round.objects.create(
        title=title, pack=pack.name, pack_version=pack.version, period=period.name,
        tables=[name for name in pack.tables if name in tables], units=sorted(set(units)),
        due_on=due_on, note=note, seed=secrets.token_hex(16), opened_by=by,
    )  # fmt: skip
    record_event(
        "rounds.round_prepared", by=by, about=round_, pack=pack.name, version=pack.version,
        period=period.name, tables=round_.tables, due_on=due_on,
    )  # fmt: skip
    return round_


@transaction.atomic
def revise_draft(
    *, by: User, round_: Round, tables: Collection[str], units: Collection[str], due_on: date,
    title: str, note: str = "",
) -> Round:  # fmt: skip
    """Change a round that has not been opened. Raises: Refused for one that has."""
    _refuse_unless_draft(round_)
    pack = pack_named(round_.pack)
    round_.tables = [name for name in pack.tables if name in tables]
    round_.units, round_.due_on, round_.title, round_.note = sorted(units), due_on, title, note
    round_.pack_version = pack.version
    round_.save(update_fields=["tables", "units", "due_on", "title", "note", "pack_version"])
    record_event("rounds.draft_revised", by=by, about=round_, tables=round_.tables, due_on=due_on)
    return round_


@transaction.atomic
def discard_draft(*, by: User, round_: Round) -> None:
    """Remove a round that has not been opened; nobody was asked. Raises: Refused for one that
    has."""
    _refuse_unless_draft(round_)
    record_event("rounds.draft_discarded", by=by, about=round_, title=round_.title)
    round_.delete()


@transaction.atomic
def open_prepared(*, by: User, round_: Round) -> Round:
    """Ask the units: one return a table, unit and reporting period that is not known already.

    Raises: Refused where it is open already, or asks nobody for anything.
    """
    _refuse_unless_draft(round_)
    asked = _ask(round_, what_it_asks(round_), round_.due_on)
    if not asked:
        raise Refused(
            _("This round would ask nobody for anything. Choose other tables, units or period.")
        )
    round_.state, round_.opened_at, round_.opened_by = RoundState.OPEN, timezone.now(), by
    round_.save(update_fields=["state", "opened_at", "opened_by"])
    record_event(
        "rounds.round_opened", by=by, about=round_, pack=round_.pack, period=round_.period,
        tables=round_.tables, returns=len(asked), due_on=round_.due_on,
        units=len({each.unit for each in asked}), seed=round_.seed,
    )  # fmt: skip
    return round_


def open_round(
    *, by: User, pack: Pack, period: Period, tables: Collection[str],
    units: Collection[str] = (), due_on: date, title: str, note: str = "",
) -> Round:  # fmt: skip
    """Prepare a round and open it in one go."""
    with transaction.atomic():
        round_ = prepare_round(
            by=by, pack=pack, period=period, tables=tables, units=units, due_on=due_on,
            title=title, note=note,
        )  # fmt: skip
        return open_prepared(by=by, round_=round_)


@transaction.atomic
def widen_round(
    *, by: User, round_: Round, tables: Collection[str] = (), units: Collection[str] = ()
) -> list[Asking]:
    """Ask for further tables of all units that are in it, and further units for all its tables.

    It is due LEAST_DAYS_LATER from now or later. Raises: Refused where nothing would be asked.
    """
    _refuse_unless_open(round_)
    pack = pack_named(round_.pack)
    round_.tables = [n for n in pack.tables if n in {*round_.tables, *tables}]
    inside = set(round_.returns.values_list("unit_id", flat=True).distinct())
    there = set(round_.returns.values_list("table", "unit_id", "period"))
    wanted = inside | set(units)
    found = askings(
        pack, current_tree(), parse_period(round_.period), round_.tables, wanted,
        besides=round_.pk,
    )  # fmt: skip
    new = [each for each in found if each.key not in there]
    new = [each for each in new if each.table in tables or each.unit in units]
    asked = _ask(round_, new, max(round_.due_on, today() + timedelta(days=LEAST_DAYS_LATER)))
    if not asked:
        raise Refused(_("Nothing more would be asked: it is all asked or known already."))
    round_.save(update_fields=["tables"])
    record_event(
        "rounds.round_widened", by=by, about=round_, tables=sorted(tables), units=sorted(units),
        returns=len(asked),
    )  # fmt: skip
    return asked


@transaction.atomic
def close_round(*, by: User, round_: Round) -> Round:
    """End it: nothing more can be sent for it; what is still missing stays missing."""
    _refuse_unless_open(round_)
    round_.state, round_.closed_at = RoundState.CLOSED, timezone.now()
    round_.save(update_fields=["state", "closed_at"])
    record_event("rounds.round_closed", by=by, about=round_, missing=round_.returns.open().count())
    return round_


def what_it_asks(round_: Round) -> list[Asking]:
    """What a round asks or would ask, with what is known already."""
    return askings(
        pack_named(round_.pack), current_tree(), parse_period(round_.period), round_.tables,
        round_.units, besides=round_.pk,
    )  # fmt: skip


def _ask(round_: Round, found: Collection[Asking], due_on: date) -> list[Asking]:
    asked = [each for each in found if each.known is Known.NO]
    Return.objects.bulk_create(
        (
            Return(
                round=round_, table=each.table, unit_id=each.unit, period=each.period,
                due_on=due_on, first_due_on=due_on,
            )
            for each in asked
        ),
        batch_size=1_000,
    )  # fmt: skip
    return asked


def _refuse_unless_open(round_: Round) -> None:
    _hold(round_)
    if round_.state != RoundState.OPEN:
        raise Refused(_("This round is not open."))


def _refuse_unless_draft(round_: Round) -> None:
    _hold(round_)
    if round_.state != RoundState.DRAFT:
        raise Refused(_("This round has been opened already."))


def _hold(round_: Round) -> None:
    """The round as the database has it, held until the transaction ends with all others of its
    pack: of two that are opened at once, the second knows what the first one asks."""
    others = Round.objects.select_for_update(no_key=True).filter(pack=round_.pack).order_by("pk")
    list(others.values_list("pk"))
    round_.refresh_from_db()
