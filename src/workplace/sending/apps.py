from django.apps import AppConfig


class SendingConfig(AppConfig):
    name = "workplace.sending"
    label = "sending"
    verbose_name = "Sending"
