from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "workplace.demo"
    label = "demo"
    verbose_name = "The example county"
