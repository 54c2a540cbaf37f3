"""An import that is killed and started again ends where one that ran through does: real processes, real kills."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db.models import Count

from articles.models import Article, Redirect
from comments.models import Comment
from syndication.models import Imported
from tests.concurrency import database_url
from tests.crashing import ROOT
from tests.wxr import many

POSTS = 350
STUCK = 120
"""Seconds after which a run that gets nowhere fails the test."""


def started(path: Path) -> subprocess.Popen[bytes]:
    """An import in a process of its own, on the database of the tests."""
    environment = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "import_wordpress", str(path)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def killed_after(path: Path, count: int) -> None:
    """Start an import and kill it once so many articles are there."""
    process = started(path)
    end = time.monotonic() + STUCK
    while Article.objects.count() < count and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.01)
    process.kill()
    process.communicate()


def half_written() -> int:
    """Articles that lack what was written with them."""
    whole = Article.objects.filter(latest__isnull=False, live__isnull=False).annotate(
        tags_there=Count("tagged", distinct=True),
        comments_there=Count("comments", distinct=True),
        addresses=Count("redirects", distinct=True),
    )
    return Article.objects.count() - whole.filter(tags_there=1, comments_there=2, addresses=1).count()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_killed_and_started_again_gives_the_same_as_one_run(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(many(range(1, POSTS + 1)))
    for count in (1, 150):
        killed_after(path, count)
        assert Article.objects.count() < POSTS  # control: it was killed on its way
        assert half_written() == 0
    _out, error = started(path).communicate(timeout=STUCK)
    assert error == b""
    assert half_written() == 0
    assert Article.objects.count() == Article.objects.values("slug").distinct().count() == POSTS
    assert (Comment.objects.count(), Redirect.objects.count()) == (2 * POSTS, POSTS)
    assert Imported.objects.count() == 3 * POSTS
    assert not Comment.objects.filter(text="Wrong.", answers=None).exists()
