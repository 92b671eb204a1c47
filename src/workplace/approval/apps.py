from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalConfig(AppConfig):
    name = "workplace.approval"
    label = "approval"
    verbose_name = "Approval"

    def ready(self) -> None:
        from workplace.accounts.permissions import Permission
        from workplace.approval import cards, on_record
        from workplace.approval.flags import check_sent
        from workplace.approval.remarks import remarks_of
        from workplace.events.actions import register_actions
        from workplace.events.objects import register_objects
        from workplace.jobs.schedule import every_minutes
        from workplace.sending.remarks import register_remarks
        from workplace.web.registry import MenuEntry, register_desk_card, register_menu

        register_actions(_ACTIONS)
        register_objects(on_record.KINDS)
        register_remarks(remarks_of)
        register_menu(MenuEntry(_("To sign"), "approval:to_sign", (Permission.SIGN,), 24, "sign"))
        register_menu(
            MenuEntry(_("To accept"), "approval:to_accept", (Permission.ACCEPT,), 25, "approve")
        )
        for make in (cards.to_sign, cards.to_accept, cards.given_back):
            register_desk_card(make)
        every_minutes(2, check_sent)


_ACTIONS = {
    "approval.signed": _("signed a return at a step"),
    "approval.accepted": _("accepted a return at the last step"),
    "approval.given_back": _("gave a return back with what is to be mended"),
    "approval.unlocked": _("opened an accepted return again, with a reason"),
    "approval.remark_answered": _("answered a remark at a field"),
}
