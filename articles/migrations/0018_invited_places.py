"""Desks that are given along with an invitation."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0017_headlines_by_index"),
        ("people", "0005_access_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvitedPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("writer", "writes"), ("editor", "edits and publishes")],
                        default="writer",
                        max_length=10,
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="people.invitation"
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="articles.section"
                    ),
                ),
            ],
            options={
                "ordering": ["section__position", "section__name", "id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("invitation", "section"), name="invited_once_per_section")
                ],
            },
        ),
    ]
