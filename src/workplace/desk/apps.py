from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "workplace.desk"
    label = "desk"
    verbose_name = "The desk"
