from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "workplace.records"
    label = "records"
    verbose_name = "Records"
