"""A table of its own for what a search looks through."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0002_words_and_days")]
    operations = [
        migrations.CreateModel(
            name="RecordWords",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="searched",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                ("words", models.TextField(default="")),
            ],
        ),
    ]
