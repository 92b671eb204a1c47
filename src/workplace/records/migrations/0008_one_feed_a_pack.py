"""Apart from the rows that 0007 adds: PostgreSQL changes no table that has such waiting."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0007_feeds_by_pack")]

    operations = [
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.UniqueConstraint(
                "pack", "table", "unit", name="one_feed_a_table_and_unit"
            ),
        ),
        migrations.AlterModelOptions(name="feed", options={"ordering": ["pack", "table", "unit"]}),
    ]
