from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundsConfig(AppConfig):
    name = "workplace.rounds"
    label = "rounds"
    verbose_name = "Rounds"

    def ready(self) -> None:
        from workplace.events.actions import register_actions

        register_actions(
            {
                "rounds.round_prepared": _("prepared a round"),
                "rounds.round_opened": _("opened a round"),
                "rounds.round_widened": _("asked for more in a round"),
                "rounds.round_closed": _("closed a round"),
                "rounds.return_begun": _("began a return"),
                "rounds.return_sent": _("sent a return"),
                "rounds.return_signed": _("signed a return"),
                "rounds.return_accepted": _("accepted a return"),
                "rounds.return_given_back": _("gave a return back"),
                "rounds.return_unlocked": _("opened an accepted return again"),
            }
        )
