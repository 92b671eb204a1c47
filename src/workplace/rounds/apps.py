from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundsConfig(AppConfig):
    name = "workplace.rounds"
    label = "rounds"
    verbose_name = "Rounds"

    def ready(self) -> None:
        from workplace.accounts.permissions import Permission
        from workplace.events.actions import register_actions
        from workplace.events.facts import register_readings
        from workplace.events.objects import register_objects
        from workplace.jobs.schedule import every_night
        from workplace.rounds import cards, clock, on_record
        from workplace.web.registry import MenuEntry, register_desk_card, register_menu

        register_actions(_ACTIONS)
        register_objects(on_record.KINDS)
        register_readings({("rounds.unit_reminded", "kind"): on_record.reminder_kind})
        register_menu(MenuEntry(_("Rounds"), "rounds:list", (Permission.VIEW,), 20, "round"))
        for make in (cards.reminders_received, cards.asked_of_me, cards.boards, cards.wishes):
            register_desk_card(make)
        every_night(clock.remind_on_time, hour=clock.HOUR)


_ACTIONS = {
    "rounds.round_prepared": _("prepared a round"),
    "rounds.draft_revised": _("changed a round before opening it"),
    "rounds.draft_discarded": _("discarded a round that had not been opened"),
    "rounds.round_opened": _("opened a round"),
    "rounds.round_widened": _("asked for more in a round"),
    "rounds.round_closed": _("closed a round"),
    "rounds.return_begun": _("began a return"),
    "rounds.return_sent": _("sent a return"),
    "rounds.return_signed": _("signed a return"),
    "rounds.return_accepted": _("accepted a return"),
    "rounds.return_given_back": _("gave a return back"),
    "rounds.return_unlocked": _("opened an accepted return again"),
    "rounds.unit_reminded": _("reminded a unit of what it owes"),
    "rounds.time_asked_for": _("asked for more time"),
    "rounds.time_granted": _("granted more time"),
    "rounds.time_refused": _("did not grant more time"),
    "rounds.workbook_downloaded": _("downloaded a prefilled workbook"),
    "rounds.report_exported": _("exported a report of a round"),
}
