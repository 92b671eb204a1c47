from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "workplace.units"
    label = "units"
    verbose_name = "Units"
