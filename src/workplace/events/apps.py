from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "workplace.events"
    label = "events"
    verbose_name = "Events"
