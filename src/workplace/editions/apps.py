from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditionsConfig(AppConfig):
    name = "workplace.editions"
    label = "editions"
    verbose_name = "Figures and editions"

    def ready(self) -> None:
        """Say how this app's acts read on record; its door in the menu; its nightly work."""
        from workplace.accounts.permissions import Permission
        from workplace.editions import checks, on_record  # noqa: F401 — checks register themselves
        from workplace.editions.previews import make_nightly
        from workplace.events.actions import register_actions
        from workplace.events.objects import register_objects
        from workplace.jobs.schedule import every_night
        from workplace.web.registry import MenuEntry, register_menu

        register_actions(
            {
                "editions.units_taken_over": _("took over a tree of units"),
                "editions.aliases_taken_over": _("took over confirmed spellings"),
                "editions.source_taken_over": _("took over what was collected before"),
                "editions.preview_asked": _("asked for a preview of the figures"),
                "editions.preview_made": _("made a preview of the figures"),
                "editions.preview_failed": _("could not make a preview of the figures"),
                "editions.preview_exported": _("exported a preview edition"),
                "editions.proof_exported": _("exported the proof of a figure"),
                "editions.document_asked": _("asked for a preview of the report"),
                "editions.document_exported": _("exported a preview of the report"),
            }
        )
        register_objects(on_record.KINDS)
        register_menu(
            MenuEntry(_("Figures"), "figures:home", (Permission.VIEW,), order=60, icon="figures")
        )
        every_night(make_nightly)
