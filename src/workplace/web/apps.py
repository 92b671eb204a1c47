from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "workplace.web"
    label = "web"
    verbose_name = "Page furniture"

    def ready(self) -> None:
        from workplace.web import checks  # noqa: F401 — registers itself
