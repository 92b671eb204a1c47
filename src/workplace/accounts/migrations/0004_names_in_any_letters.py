"""Two accounts whose names differ in capitals only would both be locked out."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_role_changes")]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                Lower("username"), name="one_user_a_name_in_any_letters"
            ),
        ),
    ]
