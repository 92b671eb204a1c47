from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "workplace.desk"
    label = "desk"
    verbose_name = "The desk"

    def ready(self) -> None:
        from workplace.web.registry import MenuEntry, register_menu

        register_menu(MenuEntry(_("My desk"), "desk:home", (), 0, "desk"))
