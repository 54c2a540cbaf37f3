"""The outline of a thread is read from an index alone."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("comments", "0009_name_key")]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["article", "created_at", "id", "parent", "answers", "featured", "state"],
                name="comment_outline",
                condition=Q(state="approved"),
            ),
        ),
        migrations.RemoveIndex(model_name="comment", name="comment_approved"),
    ]
