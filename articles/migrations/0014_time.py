"""Plans that the calendar can find, and those that existing drafts hold."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.utils.dateparse import parse_datetime

AT_ONCE = 500


def find_plans(apps: Any, schema_editor: Any) -> None:
    """Copy the time out of the newest revisions of what is not public yet."""
    Revision = apps.get_model("articles", "Revision")
    Article = apps.get_model("articles", "Article")
    waiting = Article.objects.filter(status__in=("draft", "in_review", "approved"), latest__isnull=False)
    rows = Revision.objects.filter(pk__in=waiting.values("latest")).only("pk", "state")
    for row in rows.iterator(chunk_size=AT_ONCE):
        planned = row.state.get("publish_at")
        if planned:
            Revision.objects.filter(pk=row.pk).update(planned_at=parse_datetime(planned))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0013_previews"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="planned_at",
            field=models.DateTimeField(editable=False, help_text="The state's own time of publication.", null=True),
        ),
        migrations.RunPython(find_plans, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("planned_at__isnull", False)), fields=["planned_at"], name="revision_planned"
            ),
        ),
    ]
