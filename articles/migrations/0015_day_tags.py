"""Tags are found in texts by their first word; what looks alike and is not the same is remembered."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from articles.models.tag import first_word

BATCH = 1_000


def fill(apps, schema_editor):
    for name in ("Tag", "TagSynonym"):
        model = apps.get_model("articles", name)
        batch = []
        for row in model.objects.only("name").iterator(BATCH):
            row.first_word = first_word(row.name)
            batch.append(row)
            if len(batch) == BATCH:
                model.objects.bulk_update(batch, ["first_word"])
                batch = []
        model.objects.bulk_update(batch, ["first_word"])


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0014_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="tagsynonym",
            options={"ordering": ["name"], "verbose_name": "other name", "verbose_name_plural": "other names"},
        ),
        migrations.AddField(
            model_name="tag",
            name="first_word",
            field=models.CharField(blank=True, db_index=True, default="", editable=False, max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="tagsynonym",
            name="first_word",
            field=models.CharField(blank=True, db_index=True, default="", editable=False, max_length=40),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.CreateModel(
            name="TagsApart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "first",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.tag"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.tag"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="tagsapart",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="tags_apart_once"),
        ),
        migrations.AddConstraint(
            model_name="tagsapart",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="tags_apart_in_order"
            ),
        ),
    ]
