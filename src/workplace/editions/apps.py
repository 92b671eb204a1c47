from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditionsConfig(AppConfig):
    name = "workplace.editions"
    label = "editions"
    verbose_name = "Figures and editions"

    def ready(self) -> None:
        """Say how this app's acts read on record."""
        from workplace.events.actions import register_actions

        register_actions(
            {
                "editions.units_taken_over": _("took over a tree of units"),
                "editions.source_taken_over": _("took over what was collected before"),
            }
        )
