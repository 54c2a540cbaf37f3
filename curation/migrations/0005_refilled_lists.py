"""Lists whose fills have changed since somebody looked are found without looking at all that are curated."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("curation", "0004_candidates_of_a_list")]

    operations = [
        migrations.RemoveIndex(model_name="curatedlist", name="list_fills_changed"),
        migrations.AddIndex(
            model_name="curatedlist",
            index=models.Index(
                fields=["fills_changed_at"],
                name="list_refilled",
                condition=Q(fills_changed_at__gt=F("looked_at")),
            ),
        ),
    ]
