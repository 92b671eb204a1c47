from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "workplace.events"
    label = "events"
    verbose_name = "Events"

    def ready(self) -> None:
        from workplace.accounts.permissions import Permission
        from workplace.web.registry import MenuEntry, register_menu

        register_menu(
            MenuEntry(_("On record"), "events:list", (Permission.SEE_EVENTS,), 70, "events")
        )
