"""How acts on accounts and roles read, and the doors to their pages."""

from django.utils.translation import gettext_lazy as _

from workplace.accounts.permissions import Permission
from workplace.web.registry import MenuEntry

SENTENCES = {
    "accounts.signed_in": _("signed in"),
    "accounts.signed_out": _("signed out"),
    "accounts.sign_in_locked": _("Signing in was locked after %(failures)s wrong passwords"),
    "accounts.sign_in_unlocked": _("unlocked signing in for %(about)s"),
    "accounts.password_changed": _("changed the own password"),
    "accounts.password_set_by_link": _("set a password by a one-time link"),
    "accounts.password_reset": _("reset the password of %(about)s"),
    "accounts.second_factor_added": _("set up a second factor (%(type)s)"),
    "accounts.second_factor_removed": _("took away the own second factor (%(type)s)"),
    "accounts.second_factor_renewed": _("made new recovery codes"),
    "accounts.second_factor_forgotten": _("took away the second factor of %(about)s"),
    "accounts.created": _("made the account %(about)s"),
    "accounts.changed": _("changed the account %(about)s: %(fields)s"),
    "accounts.closed": _("closed the account %(about)s"),
    "accounts.opened": _("opened the account %(about)s again"),
    "accounts.role_given": _("gave %(about)s the role %(role)s at %(unit)s from %(valid_from)s"),
    "accounts.role_ended": _("ended the role %(role)s of %(about)s at %(unit)s on %(valid_to)s"),
    "accounts.role_taken_back": _("took back the role %(role)s of %(about)s at %(unit)s"),
    "accounts.deputy_named": _(
        "named %(about)s deputy (%(role)s at %(unit)s) from %(valid_from)s to before %(valid_to)s"
    ),
    "accounts.role_created": _("made the role %(role)s"),
    "accounts.role_change_proposed": _(
        "proposed to change the role %(role)s: add %(added)s, remove %(removed)s"
    ),
    "accounts.role_change_confirmed": _(
        "confirmed the change of the role %(role)s: add %(added)s, remove %(removed)s"
    ),
    "accounts.role_change_refused": _("refused the change of the role %(role)s"),
    "accounts.role_change_taken_back": _("took back the proposed change of the role %(role)s"),
}

MENU = (
    MenuEntry(_("Accounts"), "accounts:list", (Permission.MANAGE_ACCOUNTS,), 80, "people"),
    MenuEntry(_("My account"), "accounts:me", (), 90, "person", in_account_menu=True),
)
