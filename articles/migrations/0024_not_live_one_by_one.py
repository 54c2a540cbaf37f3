"""The index of what is not live serves a status that is bound to a query, on SQLite too."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0023_articles_with_changes")]

    operations = [
        migrations.RemoveIndex(model_name="article", name="article_not_live"),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["status"],
                name="article_not_live",
                condition=Q(status="draft")
                | Q(status="in_review")
                | Q(status="approved")
                | Q(status="archived")
                | Q(status="killed"),
            ),
        ),
    ]
