from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SendingConfig(AppConfig):
    name = "workplace.sending"
    label = "sending"
    verbose_name = "Sending"

    def ready(self) -> None:
        from workplace.events.actions import register_actions

        register_actions(
            {
                "sending.upload_received": _("sent the workbook %(file)s"),
                "sending.upload_read": _("read a workbook: %(kept)s of %(rows)s rows kept"),
                "sending.upload_refused": _("could not read a workbook"),
                "sending.upload_read_again": _("asked for a workbook to be read again"),
                "sending.upload_dropped": _("set a workbook aside"),
                "sending.upload_confirmed": _("asked for a workbook to be taken over"),
                "sending.upload_taken": _(
                    "took a workbook over: %(new)s new records, %(changed)s changed"
                ),
                "sending.upload_not_taken": _("did not take a workbook over"),
                "sending.row_mended": _("mended row %(row)s of sheet %(sheet)s"),
                "sending.alias_confirmed": _("confirmed that “%(spelling)s” means %(target)s"),
                "sending.file_fetched": _("fetched a workbook that was sent"),
            }
        )
