from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "workplace.evidence"
    label = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        from workplace.events.actions import register_actions

        register_actions(
            {
                "evidence.attached": _("attached evidence"),
                "evidence.removed": _("removed evidence"),
            }
        )
