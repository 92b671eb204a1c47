from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TreeConfig(AppConfig):
    name = "workplace.tree"
    label = "tree"
    verbose_name = "The tree of units"

    def ready(self) -> None:
        from workplace.accounts.permissions import Permission
        from workplace.events.actions import register_actions
        from workplace.events.objects import Kind, register_objects
        from workplace.web.registry import MenuEntry, register_menu

        register_actions(
            {
                "units.added": _("added the unit %(code)s %(name)s below %(parent)s"),
                "units.renamed": _("renamed %(before)s to %(name)s from %(valid_from)s"),
                "units.moved": _("moved %(unit)s to %(parent)s from %(valid_from)s"),
                "units.merged": _("merged %(codes)s into %(into)s from %(valid_from)s"),
                "units.ended": _("ended %(unit)s on %(valid_from)s; successor: %(successor)s"),
                "units.taken_over": _("took over a tree of %(units)s units from the file %(file)s"),
            }
        )
        register_objects({"tree.treedraft": Kind(_("change of the tree"))})
        register_menu(MenuEntry(_("Units"), "units:tree", (Permission.VIEW,), 60, "units"))
