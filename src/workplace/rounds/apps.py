from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "workplace.rounds"
    label = "rounds"
    verbose_name = "Rounds"
