from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class UnitsConfig(AppConfig):
    name = "workplace.units"
    label = "units"
    verbose_name = "Units"

    def ready(self) -> None:
        from workplace.units.tree import begin_request, end_request

        request_started.connect(begin_request)
        request_finished.connect(end_request)
