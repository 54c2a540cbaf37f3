"""Stories are counted in an index alone; what is not published is found by its status alone, on SQLite too."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0023_articles_with_changes")]

    operations = [
        migrations.RemoveIndex(model_name="article", name="article_not_live"),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["status", "publish_at"],
                name="article_unpublished",
                condition=Q(status="draft")
                | Q(status="in_review")
                | Q(status="approved")
                | Q(status="scheduled")
                | Q(status="archived")
                | Q(status="killed"),
            ),
        ),
        migrations.RemoveIndex(model_name="article", name="article_newest"),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["-publish_at", "-id", "status", "expire_at", "embargo_until"], name="article_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="editorialnote",
            index=models.Index(
                fields=["article"], name="note_open", condition=Q(answers__isnull=True, resolved_at__isnull=True)
            ),
        ),
    ]
