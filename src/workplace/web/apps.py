from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "workplace.web"
    label = "web"
    verbose_name = "Page furniture"
