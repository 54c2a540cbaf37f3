from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("syndication", "0003_wires"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="imported",
            name="imported_once",
        ),
        migrations.AddConstraint(
            model_name="imported",
            constraint=models.UniqueConstraint(fields=("source", "kind", "site"), name="imported_once"),
        ),
    ]
