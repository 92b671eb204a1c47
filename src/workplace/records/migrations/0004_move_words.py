"""What a search looks through moves into its own table."""

from django.db import migrations

AT_ONCE = 2_000


def move_words(apps, schema_editor):
    """Copy what is there; nothing is worked out anew."""
    record, apart = (apps.get_model("records", name) for name in ("Record", "RecordWords"))
    rows = record.objects.values_list("pk", "words").iterator(chunk_size=AT_ONCE)
    apart.objects.bulk_create(
        (apart(record_id=pk, words=words) for pk, words in rows), batch_size=AT_ONCE
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0003_words_apart")]
    operations = [migrations.RunPython(move_words, migrations.RunPython.noop)]
