from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    name = "workplace.approval"
    label = "approval"
    verbose_name = "Approval"
