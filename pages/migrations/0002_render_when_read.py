"""Static pages are rendered when they are read, so that nothing stored can be older than its pictures."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]

    operations = [migrations.RemoveField(model_name="staticpage", name="body_html")]
