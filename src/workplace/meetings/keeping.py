"""Switching a unit's table from rounds to what is kept here, from a day on, on the record.

From that day on the ledgers take the rows from here, and rounds do not ask for them. The switch is
refused wherever it would leave out what was sent already, or ask twice for one period.
"""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzhi.periods import parse_period
from workplace.accounts.models import User
from workplace.events.record import record_event
from workplace.meetings.ledgers import APP, rows_of
from workplace.meetings.locks import lock_unit
from workplace.records.models import Feed, Record, RecordState
from workplace.rounds.models import Return, ReturnState, RoundState
from workplace.rounds.refusals import Refused


@transaction.atomic
def keep_here(*, by: User, unit: str, pack: str, table: str, since: date) -> Feed:
    """From `since` on the unit's rows of the pack's table come from here.

    Raises: Refused where rows sent for that day or later, or kept here before it, would be lost.
    """
    lock_unit(unit)
    feed = Feed.objects.filter(unit=unit, pack=pack, table=table).first()
    before = feed.since if feed else None
    if feed is not None and feed.app != APP:
        raise Refused(_("Another part of this workplace keeps this table for the unit."))
    if before == since:
        assert feed is not None
        return feed
    _refuse_lost_here(unit, table, before, since)
    _refuse_sent(unit, pack, table, since)
    feed, _created = Feed.objects.update_or_create(
        unit_id=unit, pack=pack, table=table, defaults={"app": APP, "since": since, "set_by": by}
    )
    record_event(
        "meetings.kept_here", by=by, unit=unit, about=feed, pack=pack, table=table, since=since,
        before=before,
    )  # fmt: skip
    return feed


@transaction.atomic
def ask_again(*, by: User, feed: Feed) -> None:
    """Rounds ask for the table again. Raises: Refused where rows kept here would be lost."""
    lock_unit(feed.unit_id)
    _refuse_lost_here(feed.unit_id, feed.table, feed.since, None)
    record_event(
        "meetings.asked_again", by=by, unit=feed.unit_id, about=feed, pack=feed.pack,
        table=feed.table, since=feed.since,
    )  # fmt: skip
    feed.delete()


def _refuse_lost_here(unit: str, table: str, before: date | None, since: date | None) -> None:
    if before is None or (since is not None and since <= before):
        return
    lost = sum(1 for _row in rows_of(table, [unit], before, since))
    if lost:
        raise Refused(
            _("%(count)d rows are kept here for days that would then be asked by rounds again.")
            % {"count": lost}
        )


def _refuse_sent(unit: str, pack: str, table: str, since: date) -> None:
    of_unit = Q(answer__unit=unit) | Q(answer=None, unit=unit)
    sent = Record.objects.filter(of_unit, pack=pack, table=table, event_date__gte=since)
    count = sent.exclude(state=RecordState.WITHDRAWN).count()
    if count:
        raise Refused(
            _(
                "%(count)d records of this table have been sent for that day or later; they would "
                "no longer count. Choose a day after the last of them."
            )
            % {"count": count}
        )
    settled = Q(round__state=RoundState.OPEN) | Q(
        state__in=(ReturnState.SENT, ReturnState.ACCEPTED)
    )
    asked = Return.objects.filter(settled, unit=unit, round__pack=pack, table=table)
    for period in asked.values_list("period", flat=True):
        if parse_period(period).start >= since:
            raise Refused(
                _(
                    "A round asks the unit for %(period)s already. Choose a day after that period, "
                    "so that nothing is asked twice."
                )
                % {"period": period}
            )
