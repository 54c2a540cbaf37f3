"""Which authors signed something public is answered by the first of their bylines, read from an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0021_search_by_blocks")]

    operations = [
        migrations.AddIndex(
            model_name="byline",
            index=models.Index(fields=["author", "article"], name="byline_of_author"),
        ),
    ]
