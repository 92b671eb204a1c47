from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "workplace.records"
    label = "records"
    verbose_name = "Records"

    def ready(self) -> None:
        """Say how this app's acts read on record."""
        from workplace.accounts.permissions import Permission
        from workplace.events.actions import register_actions
        from workplace.events.objects import register_objects
        from workplace.records import on_record
        from workplace.web.registry import MenuEntry, register_menu

        register_actions(
            {
                "records.saved": _("added a record"),
                "records.changed": _("changed a record"),
                "records.withdrawn": _("withdrew a record"),
                "records.put": _("put the rows of a workbook into a return"),
                "records.exported": _("exported a list of records"),
                "records.register_exported": _("exported a unit's whole register"),
            }
        )
        register_objects(on_record.KINDS)
        register_menu(
            MenuEntry(_("Records"), "records:list", (Permission.VIEW,), order=40, icon="records")
        )
