"""What a pick carries, who is told of a change, and the lists of the front page and of sections."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles.models import Article
from articles.registries import revision_parts
from curation import picks
from curation.models import CuratedList, Pick
from curation.places import FRONT, picks_of
from outbox.models import AuditEntry
from tests.conftest import Cast
from tests.factories import make_article, make_image, make_section
from tests.test_picks_change import article, version

__all__ = ["article"]

pytestmark = pytest.mark.django_db


def test_a_pick_carries_an_end_a_note_words_and_a_picture(article: Article, cast: Cast) -> None:
    other, end = make_article("Other"), timezone.now() + timedelta(hours=6)
    picks.pick(article, other, actor=cast.editor)
    details = picks.Details(until=end, note="Until the vote", headline="Ours", picture=make_image().pk)
    before = version(f"related:{article.pk}")
    assert picks.describe(article, other, details, actor=cast.chief) is not None
    assert picks.describe(article, other, details, actor=cast.chief) is None
    assert picks.Details.of(Pick.objects.get()) == details
    assert version(f"related:{article.pk}") == before + 1
    entry = AuditEntry.objects.get(verb="changed pick")
    assert entry.details["before"] == picks.Details().to_json()
    assert picks.Details.from_json(entry.details["after"]) == details


@pytest.mark.parametrize(
    ("details", "words"),
    [
        (picks.Details(note="x" * 301), "note is longer"),
        (picks.Details(headline="x" * 161), "headline is longer"),
        (picks.Details(headline="a\0b"), "cannot be stored"),
        (picks.Details(picture=999), "not in the library"),
        (picks.Details(until=datetime(2020, 1, 1, tzinfo=UTC)), "lies in the past"),
    ],
)
def test_details_that_cannot_be_are_refused_in_words(
    article: Article, cast: Cast, details: picks.Details, words: str
) -> None:
    other = make_article("Other")
    picks.pick(article, other, actor=cast.editor)
    with pytest.raises(ValidationError, match=words):
        picks.describe(article, other, details, actor=cast.editor)
    assert picks.Details.of(Pick.objects.get()) == picks.Details()


def test_a_pick_that_is_gone_cannot_be_described(article: Article, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="not picked here any more"):
        picks.describe(article, make_article("Other"), picks.Details(note="x"), actor=cast.editor)


def test_every_change_gives_the_list_a_new_version_and_says_whose(article: Article, cast: Cast) -> None:
    first, second = make_article("First"), make_article("Second")
    picks.pick(article, first, actor=cast.editor)
    picks.pick(article, second, actor=cast.chief)
    row = CuratedList.objects.get(article=article)
    assert (row.version, row.changed_by) == (2, cast.chief)
    picks.reorder(article, [first.pk, second.pk], actor=cast.editor)
    row.refresh_from_db()
    assert row.version == 2


def test_front_and_sections_have_lists_of_their_own(cast: Cast) -> None:
    section, target = make_section("Sport"), make_article("Target")
    for place in (FRONT, section):
        picks.pick(place, target, actor=cast.editor)
        assert [row.target for row in picks_of(place)] == [target]
    assert version("slots") == version(f"slots:{section.pk}") == 1
    picks.unpick(FRONT, target, actor=cast.chief)
    assert not picks_of(FRONT).exists()
    assert picks_of(section).count() == 1


@pytest.mark.parametrize(("who", "allowed"), [("contributor", False), ("moderator", False), ("editor", True)])
def test_only_editors_curate_the_front(cast: Cast, who: str, allowed: bool) -> None:
    actor, target = getattr(cast, who), make_article("Target")
    for place in (FRONT, make_section("Sport")):
        if allowed:
            picks.pick(place, target, actor=actor)
            picks.switch(place, off=True, actor=actor)
        else:
            with pytest.raises(PermissionDenied):
                picks.pick(place, target, actor=actor)
            with pytest.raises(PermissionDenied):
                picks.switch(place, off=True, actor=actor)
    assert Pick.objects.count() == (2 if allowed else 0)


def test_a_restored_revision_brings_back_what_its_picks_carried(article: Article, cast: Cast) -> None:
    other = make_article("Other")
    picks.pick(article, other, actor=cast.editor, details=picks.Details(note="Keep", headline="Ours"))
    copy = revision_parts["picks"].dump(article)
    picks.unpick(article, other, actor=cast.editor)
    revision_parts["picks"].restore(article, copy, actor=cast.editor)
    assert picks.Details.of(Pick.objects.get()) == picks.Details(note="Keep", headline="Ours")
