"""Names that look alike are found by an index; a writer's history is counted from one."""

from typing import Any

from django.db import migrations, models

import comments.models.name_key
from comments.models.name_key import name_key

AT_ONCE = 2_000


def fill(apps: Any, _editor: Any) -> None:
    """The key of every name there is, in batches by number."""
    rows = apps.get_model("comments", "Comment").objects.order_by("pk").only("pk", "name")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        for row in batch:
            row.name_key = name_key(row.name)
        rows.model.objects.bulk_update(batch, ["name_key"], batch_size=500)
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("comments", "0008_lessons")]

    operations = [
        migrations.RemoveIndex(model_name="comment", name="comment_by_writer"),
        migrations.RemoveIndex(model_name="comment", name="comment_by_name"),
        migrations.AddField(
            model_name="comment",
            name="name_key",
            field=comments.models.name_key.NameKeyField(
                blank=True, editable=False, help_text="The same for names that look alike.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["email", "state", "created_at"], name="comment_by_writer"),
        ),
        migrations.AddIndex(
            model_name="comment", index=models.Index(fields=["name_key", "state"], name="comment_by_name")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
