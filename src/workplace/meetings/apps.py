from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "workplace.meetings"
    label = "meetings"
    verbose_name = "Meetings and actions"
