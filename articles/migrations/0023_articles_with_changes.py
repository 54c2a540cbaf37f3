"""Articles whose newest words readers do not see yet are found without comparing the revisions of all."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0022_bylines_of_authors")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.ExpressionWrapper(F("latest_id") - F("live_id"), models.BigIntegerField()),
                name="article_with_changes",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["status"],
                name="article_not_live",
                condition=Q(status__in=["draft", "in_review", "approved", "archived", "killed"]),
            ),
        ),
    ]
