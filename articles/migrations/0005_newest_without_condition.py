from django.db import migrations, models


class Migration(migrations.Migration):
    """SQLite never used the partial indexes: a bound ``status IN (?, ?)`` does not imply their condition there."""

    dependencies = [("articles", "0004_search_tables")]

    operations = [
        migrations.RemoveIndex(model_name="article", name="article_newest"),
        migrations.RemoveIndex(model_name="article", name="article_newest_in_section"),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["-publish_at", "-id"], name="article_newest"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["section", "-publish_at", "-id"], name="article_newest_in_section"),
        ),
    ]
