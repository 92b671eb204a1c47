"""What a role may allow. A role is data; what it can consist of is this list."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """Each holds at the unit where the role is held and at all units below it, but the two kinds
    of signing, which hold at that very unit only: nobody signs for a unit from above."""

    VIEW = "view", _("See records, returns and figures")
    ENTER = "enter", _("Enter records, send workbooks, answer flags")
    SIGN = "sign", _("Sign or return what the own unit sends")
    ACCEPT = "accept", _("Accept or return what units below send")
    ASK = "ask", _("Open rounds, remind, grant extensions")
    UNLOCK = "unlock", _("Open an accepted return again, on the record")
    KEEP_MEETINGS = "keep_meetings", _("Keep meetings and their actions")
    CHAIR = "chair", _("Close actions for the chair")
    SEE_ORIGINALS = "see_originals", _("See evidence before redaction")
    REDACT = "redact", _("Redact evidence")
    PREVIEW = "preview", _("Make preview editions")
    SEAL = "seal", _("Seal editions")
    EXPORT = "export", _("Export records and figures")
    CHANGE_UNITS = "change_units", _("Change the tree of units")
    SEE_EVENTS = "see_events", _("See everything on record")
    MANAGE_ACCOUNTS = "manage_accounts", _("Manage accounts and roles")


AT_THE_UNIT_ONLY = frozenset({Permission.SIGN, Permission.ACCEPT})
# Holders need a second factor.
NEEDS_SECOND_FACTOR = frozenset(
    {Permission.SEAL, Permission.MANAGE_ACCOUNTS, Permission.CHANGE_UNITS}
)
