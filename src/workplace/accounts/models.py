"""Who signs in, which roles there are, and who holds which one where and when."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuzhi.units import FOREVER
from workplace.accounts.permissions import Permission
from workplace.units.models import Unit
from workplace.web.texts import language


class UserManager(BaseUserManager["User"]):
    """Makes accounts whose password is hashed."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A new account; without a password nobody can sign in to it until one is set."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """One person's account. What the person may do is said by the roles held, by nothing here."""

    username = models.CharField(_("user name"), max_length=150, unique=True)
    display_name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("since"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["display_name"]

    class Meta:
        ordering: ClassVar = ["username"]
        constraints: ClassVar = [
            # signing in asks for a name in small and capital letters alike
            models.UniqueConstraint(Lower("username"), name="one_user_a_name_in_any_letters"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    # allauth and Django ask for these; nothing here is decided by them.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Never: Django's own permissions are not used."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Never: Django's own permissions are not used."""
        return False


class Role(models.Model):
    """What a holder may do, as data: a list of permissions."""

    code = models.SlugField(_("code"), max_length=50, primary_key=True)
    label_zh = models.CharField(_("Chinese name"), max_length=50)
    label_en = models.CharField(_("English name"), max_length=50)
    permissions = models.JSONField(_("permissions"), default=list)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering: ClassVar = ["order", "code"]

    def __str__(self) -> str:
        return self.label_en if language() == "en" else self.label_zh

    def allows(self, permission: Permission) -> bool:
        """Whether the role's list names the permission."""
        return permission.value in self.permissions


class HoldingQuerySet(models.QuerySet["Holding"]):
    def on(self, day: date) -> "HoldingQuerySet":
        """Those that hold on a day."""
        return self.filter(valid_from__lte=day, valid_to__gt=day)


class Holding(models.Model):
    """A person holds a role at a unit from a day up to but not including another.

    `deputy_for` names the holding that this one stands in for while its holder is away.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="holdings")
    role = models.ForeignKey(Role, models.PROTECT, related_name="holdings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="holdings")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), default=FOREVER)
    deputy_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="deputies"
    )

    objects = HoldingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["unit", "role", "valid_from"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="holding_ends_after_it_begins"
            ),
            models.UniqueConstraint("user", "role", "unit", "valid_from", name="one_holding_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.unit_id}"


class RoleChange(models.Model):
    """What one administrator proposes a role to allow; it holds once another has confirmed it.

    `before` is what the role allowed when it was proposed: a proposal made of something else
    since is refused.
    """

    role = models.ForeignKey(Role, models.PROTECT, related_name="proposals")
    before = models.JSONField(default=list)
    permissions = models.JSONField(_("permissions"), default=list)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    is_confirmed = models.BooleanField(null=True)

    class Meta:
        ordering: ClassVar = ["-proposed_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "role", condition=Q(decided_at__isnull=True), name="one_open_proposal_a_role"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="nobody_confirms_his_own_proposal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_id} {self.proposed_at:%Y-%m-%d}"
