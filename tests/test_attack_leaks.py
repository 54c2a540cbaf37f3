"""Readers try to learn of stories that are not public."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing, revisions, search
from articles.models import Article, Status, Tag
from articles.state import WorkingState
from outbox import effects
from tests.factories import give_byline, give_tags, make_article, make_comment, make_section, make_source

pytestmark = pytest.mark.django_db

SECRET = "harbourgate"
HOUR = timedelta(hours=1)

HIDDEN: dict[str, dict[str, Any]] = {
    "draft": {"status": Status.DRAFT, "publish_at": None},
    "in review": {"status": Status.IN_REVIEW, "publish_at": None},
    "scheduled": {"status": Status.SCHEDULED, "publish_at": HOUR},
    "embargoed": {"status": Status.SCHEDULED, "publish_at": -HOUR, "embargo_until": HOUR},
    "expired": {"status": Status.PUBLISHED, "publish_at": -2 * HOUR, "expire_at": -HOUR},
    "archived": {"status": Status.ARCHIVED, "publish_at": -HOUR},
}


def hidden_story(why: str, **fields: Any) -> Article:
    """A story that readers may not see, with the secret word wherever a story can carry one."""
    moved = {
        name: timezone.now() + value if isinstance(value, timedelta) else value for name, value in HIDDEN[why].items()
    }
    story = make_article(
        SECRET.title(),
        slug=SECRET,
        standfirst=SECRET,
        body_text=SECRET,
        body_html=f"<p>{SECRET}</p>",
        **moved,
        **fields,
    )
    give_tags(story, SECRET)
    search.index(story)
    return story


def told(address: str) -> str:
    """What a reader gets, headers included, without the words they typed themselves."""
    response = Client().get(address)
    assert response.status_code < 500
    return (response.content.decode() + str(response.headers)).lower()


@pytest.mark.parametrize("why", HIDDEN)
def test_a_hidden_story_is_named_on_no_page(why: str) -> None:
    public = make_article("Harbour gates open", body_text="The harbour gates are open.")
    give_tags(public, "harbour")
    search.index(public)
    story = hidden_story(why, source=make_source(f"{SECRET} agency"))
    give_byline(story)
    for address in (
        "/",
        "/city/",
        "/archive/",
        "/archive/?q=harbour",
        "/archive/?author=Ines",
        "/author/ines-maren/",
        "/tag/harbour/",
        "/search/?q=harbour",
        "/search/?q=harbourgte",
        "/search/?q=harbourg*",
        public.get_absolute_url(),
        f"/city/x-{story.pk}/",
        f"/city/{story.pk}/",
        f"/comments/{story.pk}/",
    ):
        assert SECRET not in told(address), address


def test_the_same_story_made_public_is_named_there() -> None:
    story = make_article(SECRET.title(), body_text=SECRET)
    give_tags(story, SECRET)
    search.index(story)
    for address in ("/", "/city/", "/archive/", "/search/?q=harbourgte", story.get_absolute_url()):
        assert SECRET in told(address), address


@pytest.mark.parametrize("why", HIDDEN)
def test_what_only_hidden_stories_carry_answers_as_unknown(why: str) -> None:
    hidden_story(why)
    for known, unknown in (
        (f"/tag/{SECRET}/", "/tag/no-such-tag/"),
        (f"/archive/?tag={SECRET}", "/archive/?tag=nothing"),
    ):
        theirs, nobodys = Client().get(known), Client().get(unknown)
        assert theirs.status_code == nobodys.status_code
        assert theirs.content.decode().replace(SECRET, "nothing") == nobodys.content.decode()


def test_a_topic_with_words_of_its_own_may_stand_without_stories() -> None:
    hidden_story("draft")
    tag = Tag.objects.get()
    tag.description = "What we know about the gates."
    tag.save()
    assert Client().get(f"/tag/{SECRET}/").status_code == 200


@pytest.mark.parametrize("typed", ["harbourgte", "trams OR harbourgte", "tramms OR harbourgte", '"open" harbourgte'])
def test_no_hidden_word_is_offered_as_a_spelling(typed: str) -> None:
    search.index(make_article("Trams", body_text="Many trams are open"))
    hidden_story("scheduled")
    assert SECRET not in search.find(typed).spelling


def test_a_word_of_a_hidden_story_is_answered_as_one_that_no_story_holds() -> None:
    search.index(make_article("Harbourgates", body_text="Many harbourgates"))
    before = search.find(f"{SECRET} zzz").spelling, search.find(SECRET[:-1] + "d").spelling
    hidden_story("embargoed")
    assert (search.find(f"{SECRET} zzz").spelling, search.find(SECRET[:-1] + "d").spelling) == before


def test_a_word_taken_out_of_a_story_is_offered_no_more() -> None:
    story = make_article("Harbour", body_text=SECRET)
    search.index(story)
    assert search.find("harbourgte").spelling == SECRET
    story.body_text = "Nothing of the kind."
    story.save()
    search.index(story)
    assert search.find("harbourgte").spelling == ""


def test_sources_of_hidden_stories_only_are_not_offered_in_the_archive() -> None:
    hidden_story("scheduled", source=make_source("Quiet Wire"))
    make_article("Public", source=make_source("Loud Wire"))
    page = told("/archive/")
    assert "loud wire" in page
    assert "quiet wire" not in page


@pytest.mark.parametrize("why", HIDDEN)
def test_a_receipt_says_nothing_of_a_story_that_is_hidden_now(why: str) -> None:
    comment = make_comment(hidden_story(why), "I was there.")
    assert SECRET not in told(f"/comments/receipt/{comment.receipt}/")


def test_a_story_the_clock_made_public_stays_known_as_gone_when_put_off() -> None:
    """No worker ran at its minute; readers saw it all the same."""
    draft = WorkingState(headline="Early", section=make_section().pk, body="<p>x</p>")
    story = revisions.create(draft.with_(publish_at=timezone.now() - HOUR), actor=None)
    publishing.publish(story, actor=None)
    row = Article.objects.get(pk=story.pk)
    row.status, row.first_published_at = Status.SCHEDULED, None
    row.save()
    publishing.take_down(row, actor=None)
    publishing.reopen(row, actor=None)
    revisions.save(row, draft.with_(publish_at=timezone.now() + HOUR), actor=None)
    publishing.publish(row, actor=None)
    assert Client().get(f"/city/early-{row.pk}/").status_code == 410


# Names that stories are found by


def test_a_renamed_author_and_tag_are_found_by_their_new_names_only() -> None:
    story = make_article("Late again")
    give_tags(story, "trolleys")
    author = give_byline(story)
    search.index(story)
    author.name = "Jonas Kettel"
    author.save()
    tag = Tag.objects.get()
    tag.name = "streetcars"
    tag.save()
    effects.run_due()
    for word, found in (("kettel", 1), ("streetcars", 1), ("maren", 0), ("trolleys", 0)):
        assert search.find(word).total == found, word
    Tag.objects.get().delete()
    effects.run_due()
    assert search.find("streetcars").total == 0
