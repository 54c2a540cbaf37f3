"""What waits is counted in the index of what waits alone."""

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
    ]
