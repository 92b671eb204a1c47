from django.apps import AppConfig


class EditionsConfig(AppConfig):
    name = "workplace.editions"
    label = "editions"
    verbose_name = "Figures and editions"
