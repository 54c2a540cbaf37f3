"""What was noticed of old comments becomes findings; each waits since it was written."""

from django.db import migrations
from django.db.models import F

PUSHES = {"trap": 3}


def carry_over(apps, schema_editor):
    """Every old comment, a thousand at a time."""
    comments = apps.get_model("comments", "Comment").objects
    comments.update(waiting_since=F("created_at"), rank_at=F("created_at"))
    changed = []
    for comment in comments.exclude(clues=[]).only("pk", "clues").iterator(chunk_size=1000):
        comment.findings = [{"code": clue, "push": PUSHES.get(clue, 0)} for clue in comment.clues]
        comment.why = next((clue for clue in comment.clues if clue in PUSHES), "")
        changed.append(comment)
    comments.bulk_update(changed, ["findings", "why"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("comments", "0004_comment_desk")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RemoveField("comment", "clues"),
    ]
