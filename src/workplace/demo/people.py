"""Who signs in to the example county: one user a role, all with one password that is no secret."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from workplace.accounts.models import Holding, Role, User

PASSWORD = "qinghe-demo-2023"  # noqa: S105 — printed on start; refused outside a demo's folder
ROOT, TOWNSHIP = "QH", "QH-T01"
# Units whose clerks and heads act in the story; nobody signs in as them.
OTHERS = {"QH": "县办", "QH-T02": "石门乡", "QH-T03": "双桥镇", "QH-D1": "教育局"}
_SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class Login:
    """One line of the list that is printed."""

    username: str
    name: str
    role: str
    unit: str


LOGINS = (
    Login("clerk", "王敏（经办）", "clerk", TOWNSHIP),
    Login("head", "李强（负责人）", "head", TOWNSHIP),
    Login("township", "赵云（乡镇办公室）", "township_office", TOWNSHIP),
    Login("county", "陈静（县文明办）", "county_office", ROOT),
    Login("inspector", "刘洋（督查）", "inspector", ROOT),
    Login("auditor", "孙丽（审计）", "auditor", ROOT),
    Login("admin", "周涛（系统管理）", "administrator", ROOT),
)


@transaction.atomic
def make_people() -> dict[str, User]:
    """Everybody by user name; those who are there stay. Clerks and heads of OTHERS cannot sign
    in."""
    others = [
        Login(f"{role}.{unit.lower()}", f"{name}{word}", role, unit)
        for unit, name in OTHERS.items()
        for role, word in (("clerk", "经办"), ("head", "负责人"))
    ]
    found = {}
    for login in (*LOGINS, *others):
        found[login.username] = _make(login, PASSWORD if login in LOGINS else None)
    return found


def _make(login: Login, password: str | None) -> User:
    user = User.objects.filter(username=login.username).first()
    if user is None:
        user = User.objects.create_user(login.username, password, display_name=login.name)
    Holding.objects.get_or_create(
        user=user, role=Role.objects.get(code=login.role), unit_id=login.unit, valid_from=_SINCE
    )
    return user
