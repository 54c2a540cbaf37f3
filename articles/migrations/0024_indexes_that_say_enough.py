"""Lists look at no row that readers may not see; what is not published is found by its status alone, on SQLite too."""

from django.db import migrations, models
from django.db.models import Q

IF_PUBLIC = ["status", "expire_at", "embargo_until"]


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
            index=models.Index(fields=["-publish_at", "-id", *IF_PUBLIC], name="article_newest"),
        ),
        migrations.RemoveIndex(model_name="article", name="article_newest_in_section"),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["section", "-publish_at", "-id", *IF_PUBLIC], name="article_newest_in_section"),
        ),
        migrations.RemoveIndex(model_name="article", name="article_newest_of_kind"),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["kind", "-publish_at", "-id", *IF_PUBLIC], name="article_newest_of_kind"),
        ),
    ]
