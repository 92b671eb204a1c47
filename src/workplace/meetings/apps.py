from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "workplace.meetings"
    label = "meetings"
    verbose_name = "Meetings and actions"

    def ready(self) -> None:
        """Put this app into the record, the menu, the desk and the ledgers."""
        from workplace.accounts.permissions import Permission
        from workplace.events.actions import register_actions
        from workplace.events.facts import register_readings
        from workplace.events.objects import register_objects
        from workplace.meetings import desk, on_record
        from workplace.meetings.ledgers import register_doors
        from workplace.web.registry import MenuEntry, register_desk_card, register_menu

        register_menu(MenuEntry(_("Meetings"), "meetings:list", (Permission.VIEW,), 40, "meetings"))
        for card in desk.CARDS:
            register_desk_card(card)
        register_doors()
        register_objects(on_record.KINDS)
        register_readings({("meetings.outcome_written", "outcome"): on_record.outcome_kind})
        register_actions(
            {
                "meetings.meeting_called": _("called a meeting"),
                "meetings.meeting_changed": _("changed a meeting before it was held"),
                "meetings.meeting_held": _("wrote the minutes of a meeting"),
                "meetings.meeting_cancelled": _("cancelled a meeting"),
                "meetings.minutes_corrected": _("corrected the minutes of a meeting"),
                "meetings.item_added": _("added a topic to an agenda"),
                "meetings.item_changed": _("changed an item of an agenda"),
                "meetings.item_moved": _("moved an item of an agenda"),
                "meetings.item_postponed": _("postponed an item to the next meeting"),
                "meetings.item_withdrawn": _("withdrew an item from an agenda"),
                "meetings.outcome_written": _("wrote an outcome of a meeting"),
                "meetings.outcome_corrected": _("corrected an outcome of a meeting"),
                "meetings.progress_reported": _("reported progress of an action"),
                "meetings.action_reported_done": _("reported an action done"),
                "meetings.action_closed": _("closed an action"),
                "meetings.action_sent_back": _("sent an action back to its owner"),
                "meetings.action_withdrawn": _("withdrew an action"),
                "meetings.calendar_made": _("made the address of a calendar"),
                "meetings.calendar_revoked": _("revoked the address of a calendar"),
                "meetings.kept_here": _("switched a table from rounds to what is kept here"),
                "meetings.asked_again": _("switched a table back to rounds"),
                "meetings.duty_set_out": _("set out a duty"),
                "meetings.duty_changed": _("changed a duty"),
                "meetings.duty_withdrawn": _("withdrew a duty"),
                "meetings.duty_broken_down": _("broke a duty down to posts"),
            }
        )
