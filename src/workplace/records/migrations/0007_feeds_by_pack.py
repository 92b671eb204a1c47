"""A feed is of one pack's table: two packs may call theirs by one name."""

from typing import Any

from django.db import migrations, models

from workplace.programme import packs


def name_packs(apps: Any, _schema: Any) -> None:
    """Each feed held for every pack with a table of its name, and goes on doing so."""
    feeds = apps.get_model("records", "Feed")
    for feed in feeds.objects.filter(pack=""):
        named = [pack.name for pack in packs().values() if feed.table in pack.tables]
        for number, name in enumerate(named):
            feed.pack = name
            if number:
                feed.pk = None
            feed.save(force_insert=bool(number))


class Migration(migrations.Migration):
    dependencies = [("records", "0006_by_state_and_day")]

    operations = [
        migrations.AddField(
            model_name="feed", name="pack", field=models.CharField(default="", max_length=100),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="feed", name="one_feed_a_table_and_unit"),
        migrations.RunPython(name_packs, migrations.RunPython.noop),
    ]  # fmt: skip
