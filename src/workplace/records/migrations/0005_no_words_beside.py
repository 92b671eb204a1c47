"""The words have moved: none beside the values any more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0004_move_words")]
    operations = [migrations.RemoveField(model_name="record", name="words")]
