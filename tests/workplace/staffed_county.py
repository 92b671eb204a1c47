"""A small county with fixed people, as every test of the workplace finds it.

    C            county office
    ├ D1         a department
    ├ T1         a township, with the villages T1V1 and T1V2
    └ T2         another one, with the village T2V1

Each of the first roles is held at T1 by somebody whose name ends in 1 and at T2 by a stranger to T1
whose name ends in 2; the others are held at the county. `nobody` holds no role.
"""

from collections.abc import Iterable
from datetime import date

from allauth.mfa.models import Authenticator

from shuzhi.units import UnitSpan, UnitTree
from workplace.accounts.models import Holding, Role, User
from workplace.units.tree import replace_tree

FROM = date(2015, 1, 1)
UNITS = (
    ("C", "清河县文明办", "county", ""),
    ("D1", "清河县教育局", "department", "C"),
    ("T1", "青石镇", "township", "C"),
    ("T1V1", "上坪村", "village", "T1"),
    ("T1V2", "下坪村", "village", "T1"),
    ("T2", "白沙镇", "township", "C"),
    ("T2V1", "沙头村", "village", "T2"),
)
PEOPLE = {
    "clerk1": ("clerk", "T1"),
    "clerk2": ("clerk", "T2"),
    "head1": ("head", "T1"),
    "head2": ("head", "T2"),
    "office1": ("township_office", "T1"),
    "office2": ("township_office", "T2"),
    "county": ("county_office", "C"),
    "inspector": ("inspector", "C"),
    "auditor": ("auditor", "C"),
    "administrator": ("administrator", "C"),
    "nobody": ("", ""),
}
# They hold roles that open only with a second factor.
WITH_SECOND_FACTOR = ("county", "administrator")


def make_county() -> UnitTree:
    """The tree, put into the database."""
    tree = UnitTree(UnitSpan(code, name, level, above, FROM) for code, name, level, above in UNITS)
    replace_tree(tree)
    return tree


def make_people(first_roles: Iterable[Role]) -> dict[str, User]:
    """Everybody by user name, with the roles they hold."""
    # a test in a browser commits, and leaves every table empty
    Role.objects.bulk_create(first_roles, ignore_conflicts=True)
    found = {}
    for name, (role, unit) in PEOPLE.items():
        found[name] = user = User.objects.create_user(name, "a long password", display_name=name)
        if role:
            Holding.objects.create(
                user=user, role=Role.objects.get(code=role), unit_id=unit, valid_from=FROM
            )
    for name in WITH_SECOND_FACTOR:
        Authenticator.objects.create(user=found[name], type="totp", data={"secret": ""})
    return found
