import django.core.validators
from django.conf import settings
from django.db import migrations, models

import products.models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_newest_without_condition"),
        ("products", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="merchant",
            name="url",
            field=models.URLField(validators=[products.models.web_address], verbose_name="website"),
        ),
        migrations.AlterField(
            model_name="offer",
            name="available",
            field=models.BooleanField(
                default=True,
                help_text="Untick when it is sold out; it then leaves every page.",
                verbose_name="available",
            ),
        ),
        migrations.AlterField(
            model_name="offer",
            name="currency",
            field=models.CharField(
                default="EUR",
                help_text="Three letters, such as EUR.",
                max_length=3,
                validators=[django.core.validators.RegexValidator("^[A-Z]{3}$", "Three letters, such as EUR.")],
                verbose_name="currency",
            ),
        ),
        migrations.AlterField(
            model_name="offer",
            name="url",
            field=models.URLField(
                help_text="Where readers go; https:// or http://.",
                max_length=500,
                validators=[products.models.web_address],
                verbose_name="link",
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["product", "available", "price", "id"], name="offer_cheapest"),
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(fields=["section", "position", "id"], name="placement_in_section"),
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(fields=["tag", "position", "id"], name="placement_with_tag"),
        ),
        migrations.AddConstraint(
            model_name="merchant",
            constraint=models.CheckConstraint(
                condition=models.Q(("url__istartswith", "http://"), ("url__istartswith", "https://"), _connector="OR"),
                name="merchant_website_is_web",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("url__istartswith", "http://"), ("url__istartswith", "https://"), _connector="OR"),
                name="offer_link_is_web",
            ),
        ),
    ]
