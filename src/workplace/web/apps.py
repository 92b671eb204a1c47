from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "workplace.web"
    label = "web"
    verbose_name = "Page furniture"

    def ready(self) -> None:
        from workplace.web import checks  # noqa: F401 — registers itself
        from workplace.web.registry import MenuEntry, register_menu

        for label, url_name, order, icon in (
            (_("Change password"), "account_change_password", 910, "key"),
            (_("Second factor"), "mfa_index", 920, "shield"),
        ):
            register_menu(MenuEntry(label, url_name, (), order, icon, in_account_menu=True))
