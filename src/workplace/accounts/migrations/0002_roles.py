"""The roles an office begins with; they are data and can be changed."""

from django.db import migrations

ROLES = [
    ("clerk", "经办人", "Clerk", ["view", "enter", "keep_meetings", "export"]),
    (
        "head",
        "单位负责人",
        "Head of unit",
        ["view", "sign", "chair", "see_originals", "redact", "preview", "export"],
    ),
    (
        "township_office",
        "乡镇办公室",
        "Township office",
        ["view", "enter", "accept", "ask", "keep_meetings", "redact", "preview", "export"],
    ),
    (
        "county_office",
        "县级主管办公室",
        "County office",
        [
            "view", "enter", "accept", "ask", "unlock", "keep_meetings", "redact", "preview",
            "seal", "export", "change_units",
        ],
    ),
    ("inspector", "督查人员", "Inspector", ["view"]),
    ("auditor", "审计人员", "Auditor", ["view", "see_originals", "see_events", "export"]),
    ("administrator", "系统管理员", "Administrator", ["manage_accounts"]),
]  # fmt: skip


def add_roles(apps, schema_editor):
    """Add those that are not there yet."""
    role = apps.get_model("accounts", "Role")
    for order, (code, zh, en, permissions) in enumerate(ROLES):
        role.objects.get_or_create(
            code=code,
            defaults={
                "label_zh": zh, "label_en": en, "permissions": permissions, "order": order,
            },
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_first")]
    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]
