from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SendingConfig(AppConfig):
    name = "workplace.sending"
    label = "sending"
    verbose_name = "Sending"

    def ready(self) -> None:
        """Say how this app's acts read on record, and what it adds to a record's page."""
        from workplace.events.actions import register_actions
        from workplace.records.parts import register_record_part
        from workplace.sending.entry_parts import evidence_part, flags_part

        register_actions({"sending.flag_explained": _("explained a doubt")})
        register_record_part(evidence_part)
        register_record_part(flags_part)
