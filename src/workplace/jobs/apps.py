from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "workplace.jobs"
    label = "jobs"
    verbose_name = "Background work"

    def ready(self) -> None:
        from workplace.accounts.permissions import Permission
        from workplace.jobs.forgetting import forget_old_jobs
        from workplace.jobs.schedule import every_night
        from workplace.web.registry import MenuEntry, register_menu

        every_night(forget_old_jobs)
        register_menu(
            MenuEntry(
                _("Background work"), "jobs:list", (Permission.MANAGE_ACCOUNTS,), 90, "clock",
                in_account_menu=True,
            )
        )  # fmt: skip
