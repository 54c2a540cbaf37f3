"""When a story was corrected, and the section its readers are sent to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_link_answers")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="corrected_at",
            field=models.DateTimeField(editable=False, help_text="When it was last corrected.", null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="clarified_at",
            field=models.DateTimeField(editable=False, help_text="When it was last clarified.", null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="moved_to_section",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The same, to the page of a section.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="articles.section",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("moved_to__isnull", True), ("moved_to_section__isnull", True), _connector="OR"),
                name="article_leads_one_way",
            ),
        ),
    ]
