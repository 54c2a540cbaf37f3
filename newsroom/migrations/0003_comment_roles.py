"""Give the roles what the comments' desk adds."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from people.roles import ensure_groups


def give(apps, schema_editor):
    """Only what is new: what an administrator took from a group before stays taken."""
    create_permissions(
        installed.get_app_config("comments"), verbosity=0, using=schema_editor.connection.alias, apps=apps
    )
    only = frozenset({"comments.set_rules_comment"})
    ensure_groups(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"), only=only)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0002_curation_roles"), ("comments", "0005_findings_of_old")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
