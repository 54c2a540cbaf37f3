"""Give the roles what curation adds."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from people.roles import ROLES, ensure_groups


def give(apps, schema_editor):
    """Only what is new: what an administrator took from a group before stays taken."""
    create_permissions(
        installed.get_app_config("curation"), verbosity=0, using=schema_editor.connection.alias, apps=apps
    )
    models = ("exclusion", "keptapart", "campaign")
    new = {code for codes in ROLES.values() for code in codes if code.endswith(models) and code.startswith("curation.")}
    only = frozenset(new | {"curation.curate_front"})
    ensure_groups(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"), only=only)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0001_roles"), ("curation", "0003_curation_desk")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
