from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "workplace.evidence"
    label = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        from workplace.events.actions import register_actions
        from workplace.events.objects import Kind, register_objects
        from workplace.evidence.jobs import delete_expired_files
        from workplace.jobs.schedule import every_night

        register_actions(
            {
                "evidence.attached": _("attached evidence"),
                "evidence.removed": _("removed evidence"),
                "evidence.redacted": _("covered parts of a picture"),
                "evidence.original_seen": _("looked at a picture before it was covered"),
                "evidence.deleted_by_age": _("deleted a file whose retention was over"),
            }
        )
        register_objects({name: Kind(_("evidence")) for name in _KINDS})
        every_night(delete_expired_files)


_KINDS = ("evidence.evidence", "evidence.file")
