from datetime import timedelta

import django.core.validators
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import products.models.trade_numbers


def date_prices(apps, schema_editor):
    """Prices hold for a month, until a shop has a rule of its own."""
    offers = apps.get_model("products", "Offer").objects
    offers.update(check_from=models.F("seen_at") + timedelta(days=30))


class Migration(migrations.Migration):
    dependencies = [
        ("images", "0003_library_names"),
        ("products", "0003_boxes_readers_side"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="merchant",
            name="price_days",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="Counted from the day a price was seen. Older ones read “Check price” and wait on the desk.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)],
                verbose_name="prices hold for (days)",
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="check_from",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="price holds until"
            ),
        ),
        migrations.RunPython(date_prices, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name="offer",
            name="ends_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Optional; it then leaves every page by itself.",
                null=True,
                verbose_name="offer ends",
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="seen_how",
            field=models.CharField(
                choices=[("typed", "typed"), ("file", "price list"), ("feed", "feed")],
                default="typed",
                editable=False,
                max_length=5,
                verbose_name="seen how",
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="sku",
            field=models.CharField(
                blank=True,
                help_text="The shop’s own number (SKU); price lists and feeds find the offer by it.",
                max_length=64,
                verbose_name="article number",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="gtin",
            field=models.CharField(
                blank=True,
                help_text="The number under the bar code; the same thing in the lists of several shops is told by it.",
                max_length=14,
                validators=[products.models.trade_numbers.trade_number],
                verbose_name="GTIN (EAN, UPC)",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="retired_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired"),
        ),
        migrations.AlterModelOptions(name="product", options={"ordering": ["name", "id"], "verbose_name": "product"}),
        migrations.AddIndex(model_name="product", index=models.Index(fields=["name", "id"], name="product_by_name")),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                condition=models.Q(("retired_at__isnull", False)), fields=["retired_at"], name="product_retired"
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                condition=models.Q(("available", True)), fields=["check_from", "id"], name="offer_to_look_at"
            ),
        ),
        migrations.AddIndex(model_name="offer", index=models.Index(fields=["sku"], name="offer_by_sku")),
        migrations.AddIndex(model_name="product", index=models.Index(fields=["gtin"], name="product_by_gtin")),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sku", ""), _negated=True),
                fields=("merchant", "sku"),
                name="offer_sku_once_per_merchant",
                violation_error_message="This shop has another offer with this article number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gtin", ""), _negated=True),
                fields=("gtin",),
                name="product_gtin_once",
                violation_error_message="Another product has this GTIN already.",
            ),
        ),
    ]
