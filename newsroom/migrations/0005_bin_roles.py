"""Let chief editors and administrators delete for good what is in the bin."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from people.roles import ensure_groups

NEW = frozenset({"wastebin.delete_binned"})


def give(apps, schema_editor):
    """Only what is new: what an administrator took from a group before stays taken."""
    create_permissions(
        installed.get_app_config("wastebin"), verbosity=0, using=schema_editor.connection.alias, apps=apps
    )
    ensure_groups(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"), only=NEW)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0004_editors_day_roles"), ("wastebin", "0001_editors_day")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
