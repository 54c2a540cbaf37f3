"""Let chief editors and administrators keep and send newsletters."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from people.roles import ensure_groups

NEW = frozenset(
    {f"syndication.{verb}_newsletter" for verb in ("view", "add", "change", "delete")} | {"syndication.send_newsletter"}
)


def give(apps, schema_editor):
    """Only what is new: what an administrator took from a group before stays taken."""
    create_permissions(
        installed.get_app_config("syndication"), verbosity=0, using=schema_editor.connection.alias, apps=apps
    )
    ensure_groups(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"), only=NEW)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0005_bin_roles"), ("syndication", "0001_newsletters")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
