"""Make the newsroom's roles."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from people.roles import ensure_groups

ROOMS = ("people", "images", "articles", "curation", "products", "comments", "pages", "outbox", "auth")


def make_roles(apps, schema_editor):
    """Permissions are made after all migrations; the groups need them now."""
    for label in ROOMS:
        create_permissions(
            installed.get_app_config(label), verbosity=0, using=schema_editor.connection.alias, apps=apps
        )
    ensure_groups(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"))


class Migration(migrations.Migration):
    """Runs after the tables of every room exist."""

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("people", "0001_initial"),
        ("images", "0002_initial"),
        ("articles", "0002_initial"),
        ("curation", "0002_initial"),
        ("products", "0001_initial"),
        ("comments", "0002_initial"),
        ("pages", "0001_initial"),
        ("outbox", "0002_initial"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
