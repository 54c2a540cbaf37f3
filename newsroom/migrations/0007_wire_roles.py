"""Let editors work on the wire desk, and chief editors set feeds and rules."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from people.roles import ROLES, ensure_groups

NEW = frozenset(
    code
    for wanted in ROLES.values()
    for code in wanted
    if code.partition(".")[0] == "syndication" and code.endswith(("_wireitem", "_feed", "_wirerule"))
)


def give(apps, schema_editor):
    """Only what is new: what an administrator took from a group before stays taken."""
    create_permissions(
        installed.get_app_config("syndication"), verbosity=0, using=schema_editor.connection.alias, apps=apps
    )
    ensure_groups(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"), only=NEW)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0006_newsletter_roles"), ("syndication", "0003_wires")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
