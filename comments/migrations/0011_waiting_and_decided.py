"""What waits is read and counted in the indexes of what waits alone, whatever a database believes about the others."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("comments", "0010_outline")]

    operations = [
        migrations.RemoveIndex(model_name="comment", name="comment_pending"),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["waiting_since", "id", "state"], name="comment_pending", condition=Q(state="pending")
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["article", "waiting_since", "id", "state"],
                name="comment_pending_here",
                condition=Q(state="pending"),
            ),
        ),
        migrations.RemoveIndex(model_name="comment", name="comment_urgent"),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["rank_at", "id", "state"], name="comment_urgent", condition=Q(state="pending")),
        ),
        migrations.RemoveIndex(model_name="comment", name="comment_together"),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["cluster", "rank_at", "id", "state"], name="comment_together", condition=Q(state="pending")
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["article", "cluster", "rank_at", "id", "state"],
                name="comment_together_here",
                condition=Q(state="pending"),
            ),
        ),
        migrations.RemoveIndex(model_name="comment", name="comment_by_state"),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["state", "-created_at"],
                name="comment_decided",
                condition=Q(state="approved") | Q(state="rejected") | Q(state="spam") | Q(state="withdrawn"),
            ),
        ),
    ]
