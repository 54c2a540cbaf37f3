"""Headlines are looked up by three letters in a row; reading an index of whole headlines grew with the archive."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from articles import headline_index


def make(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    headline_index.make(schema_editor.connection)


def unmake(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    headline_index.unmake(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("articles", "0019_by_pipeline")]

    operations = [
        migrations.RemoveIndex(model_name="article", name="article_by_headline"),
        migrations.RemoveIndex(model_name="revision", name="revision_by_headline"),
        migrations.RunPython(make, unmake),
    ]
