"""``manage.py rebuild_search``."""

from io import StringIO

import pytest
from django.core.management import call_command

from articles import search
from articles.models import Article, SearchEntry, Status
from pagecache.writing import writing
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def rebuild(**options: int) -> str:
    """What the command says."""
    out = StringIO()
    call_command("rebuild_search", stdout=out, **options)
    return out.getvalue()


def test_every_live_story_is_indexed_and_others_are_forgotten() -> None:
    for number in range(5):
        make_article(f"Tram {number}")
    make_article("Tram to come", status=Status.SCHEDULED)
    archived = make_article("Tram of old")
    search.index(archived)
    with writing():
        Article.objects.filter(pk=archived.pk).update(status=Status.ARCHIVED)
    make_article("Tram draft", status=Status.DRAFT)
    said = rebuild(batch=2)
    assert "6 articles to index" in said
    assert "6 articles indexed, 1 forgotten" in said
    assert search.find("tram").total == 6
    assert SearchEntry.objects.count() == 6


def test_it_may_run_again_and_repairs_what_was_changed_by_hand() -> None:
    article = make_article("Tram")
    rebuild()
    with writing():
        Article.objects.filter(pk=article.pk).update(headline="Bus")
    assert "1 articles indexed, 0 forgotten" in rebuild()
    rebuild()
    assert (search.find("tram").total, search.find("bus").total) == (0, 1)


def test_an_empty_site_has_nothing_to_index() -> None:
    assert "0 articles indexed" in rebuild(verbosity=0)
