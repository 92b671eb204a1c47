from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "workplace.jobs"
    label = "jobs"
    verbose_name = "Background work"
