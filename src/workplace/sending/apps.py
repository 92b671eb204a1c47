from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SendingConfig(AppConfig):
    name = "workplace.sending"
    label = "sending"
    verbose_name = "Sending"

    def ready(self) -> None:
        """Say how this app's acts read on record, and what it adds to a record's page."""
        from workplace.events.actions import register_actions
        from workplace.events.objects import register_objects
        from workplace.records.parts import register_record_part
        from workplace.sending import on_record
        from workplace.sending.entry_parts import evidence_part, flags_part
        from workplace.sending.uploads_desk import uploads_card
        from workplace.web.registry import register_desk_card

        register_desk_card(uploads_card)
        register_objects(on_record.KINDS)
        register_actions(
            {
                "sending.flag_explained": _("explained a flag"),
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
        register_record_part(evidence_part)
        register_record_part(flags_part)
