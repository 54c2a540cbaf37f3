"""Which of our own articles a story's text links to, kept beside the rendered body."""

import re

from django.db import migrations, models

HREF = re.compile(r'<a href="/[-\w]+/[-\w]*-([0-9]{1,18})/(?:[?#][^"]*)?"')
BATCH = 500


def read_links(apps, schema_editor):
    """From the bodies as they stand."""
    articles = apps.get_model("articles", "Article").objects.using(schema_editor.connection.alias)
    changed = []
    for article in articles.filter(body_html__contains='<a href="/').only("pk", "body_html").iterator(BATCH):
        article.linked_ids = sorted({int(number) for number in HREF.findall(article.body_html)})
        if article.linked_ids:
            changed.append(article)
    articles.bulk_update(changed, ["linked_ids"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_newest_of_kind")]

    operations = [
        migrations.AddField("article", "linked_ids", models.JSONField(default=list, editable=False)),
        migrations.RunPython(read_links, migrations.RunPython.noop),
    ]
