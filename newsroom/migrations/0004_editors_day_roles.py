"""Give the roles what the editor's day adds."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from people.roles import ensure_groups

NEW = frozenset(
    {"articles.merge_tag", "articles.kill_article", "articles.edit_every_desk"}
    | {
        f"{app}.{verb}_{model}"
        for app, model in (
            ("articles", "series"),
            ("articles", "redirect"),
            ("articles", "deskmembership"),
            ("people", "invitation"),
        )
        for verb in ("view", "add", "change", "delete")
    }
)


def give(apps, schema_editor):
    """Only what is new: what an administrator took from a group before stays taken."""
    for label in ("articles", "people"):
        create_permissions(
            installed.get_app_config(label), verbosity=0, using=schema_editor.connection.alias, apps=apps
        )
    ensure_groups(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"), only=NEW)


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0003_comment_roles"),
        ("articles", "0010_editors_day"),
        ("people", "0002_editors_day"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
