from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "workplace.evidence"
    label = "evidence"
    verbose_name = "Evidence"
