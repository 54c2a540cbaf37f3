"""What will happen: what the desk says before publishing is what readers then see."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article, Section, TagSynonym
from articles.outcomes import outcomes
from articles.registries import publish_letters
from articles.state import Credit, WorkingState
from articles.tag_names import tags_named
from comments import openness
from curation import picks
from pages import fronts
from pages.keyset import PER_PAGE
from products import placing
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_author, make_image, make_product, make_section

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def section(db: None) -> Section:
    return make_section()


def draft(section: Section, **changes: Any) -> Article:
    state = WorkingState(headline="The last tram", section=section.pk, body="<p>It leaves.</p>")
    return revisions.create(state.with_(**changes), actor=None)


def said(article: Article, actor: Any = None) -> dict[str, list[str]]:
    """By sentence: the places named with it."""
    found = outcomes(article, WorkingState.of(article), actor)
    return {str(one.sentence): [str(place.label) for place in one.places] for one in found}


def crowd(section: Section, count: int, **fields: Any) -> list[Article]:
    """Public stories, the newest first."""
    now = timezone.now()
    return [
        make_article(f"Story {number}", section=section, publish_at=now - timedelta(hours=number + 1), **fields)
        for number in range(count)
    ]


def test_times_are_told_with_weekday_and_zone(section: Section) -> None:
    with time_machine.travel(NOON, tick=False):
        later = NOON + timedelta(days=1)
        assert "Readers see it at once." in said(draft(section))
        assert "Readers see it from Tuesday 3 March 2026, 12:00 (UTC)." in said(draft(section, publish_at=later))
        told = said(draft(section, embargo_until=later, expire_at=later + timedelta(days=2)))
        assert "Readers see it when the embargo ends: Tuesday 3 March 2026, 12:00 (UTC)." in told
        assert any(sentence.startswith("It expires on Thursday 5 March 2026, 12:00") for sentence in told)
        assert "Readers see it at once, dated 1 February 2026." in said(
            draft(section, publish_at=datetime(2026, 2, 1, tzinfo=UTC))
        )


def test_a_live_story_is_not_put_off_by_a_time_ahead(section: Section, cast: Cast) -> None:
    story = publishing.publish(draft(section), actor=cast.editor)
    assert any("it stays dated" in sentence for sentence in said(story))
    later = timezone.now() + timedelta(days=1)
    revisions.save(story, WorkingState.of(story).with_(publish_at=later), actor=cast.editor)
    assert any(sentence.startswith("Nothing yet: readers see it now") for sentence in said(story))


def test_a_new_address_and_what_becomes_of_the_old_one(section: Section, cast: Cast, client: Client) -> None:
    story = draft(section)
    assert f"Its address: /city/the-last-tram-{story.pk}/" in said(story)
    publishing.publish(story, actor=cast.editor)
    assert not any("address" in sentence for sentence in said(story))
    before = story.get_absolute_url()
    state = WorkingState.of(story).with_(section=make_section("Sport").pk, slug="the-last-tram-home")
    revisions.save(story, state, actor=cast.editor)
    after = f"/sport/the-last-tram-home-{story.pk}/"
    assert f"Its address becomes {after}; {before} leads there from now on." in said(story)
    publishing.publish(story, actor=cast.editor)
    assert client.get(before)["Location"] == after


@pytest.mark.parametrize(
    ("pictured", "kind", "part"),
    [
        (True, "news", "On the front page: the lead."),
        (False, "news", "On the front page: under the latest."),
        (False, "opinion", "On the front page: among the opinions."),
    ],
)
def test_its_place_on_the_front_page_is_the_one_it_then_has(
    section: Section, cast: Cast, pictured: bool, kind: str, part: str
) -> None:
    crowd(section, 30, lead_picture=make_image())
    story = draft(section, kind=kind, lead_picture=make_image().pk if pictured else None)
    told = said(story)
    assert part in told
    before = {row.headline for row in fronts.front().articles}
    lead = fronts.front().lead
    publishing.publish(story, actor=cast.editor)
    page = fronts.front()
    gone = before - {row.headline for row in page.articles}
    pushed = next((names for sentence, names in told.items() if "off the front page" in sentence), [])
    assert set(pushed) == gone
    places: dict[str, list[Any]] = {
        "the lead": [page.lead],
        "under the latest": page.latest,
        "among the opinions": page.opinions,
    }
    assert story.pk in {row.pk for row in places[part.removeprefix("On the front page: ").rstrip(".")] if row}
    if pictured and lead is not None:
        assert told["Until now the lead:"] == [lead.headline]
    assert any("On the front page it stays where it is" in sentence for sentence in said(story))


def test_an_old_story_does_not_reach_the_front_page(section: Section) -> None:
    crowd(section, 40)
    old = draft(section, publish_at=timezone.now() - timedelta(days=400))
    assert "It does not reach the front page as that stands now." in said(old)
    assert "In its section it stands beyond the first page." in said(old)


def test_its_section_topics_and_authors(section: Section, cast: Cast) -> None:
    rows = crowd(section, PER_PAGE)
    give_tags(rows[0], "Trams")
    person = make_author()
    story = draft(section, tags=("trams", "Night"), bylines=(Credit(person.pk),))
    told = said(story)
    assert told["In its section: place 1 of the newest."] == ["City"]
    assert told["It pushes to the section’s second page:"] == [rows[-1].headline]
    assert told["On the pages of these topics:"] == ["Trams", "Night (new)"]
    assert told["On the pages of its authors:"] == ["Ines Maren"]


def test_lists_products_comments_and_letters(section: Section, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    story = draft(section)
    picks.pick(make_article("Beside", section=section), story, actor=None)
    product = make_product()
    placing.place(product, section, actor=None)
    told = said(story)
    assert "Colleagues picked it for the list beside 1 story." in told
    assert told["1 product stands beside it:"] == [f"{product.name} (Harbour & Hearth)"]
    assert "Readers can comment." in told
    assert "Nobody gets a mail." in told
    openness.set_openness(story, closed=True, premoderated=False, actor=None)
    monkeypatch.setattr("articles.outcomes.publish_letters", [*publish_letters, lambda _article, _state: ["Ines"]])
    told = said(Article.objects.select_related("latest").get(pk=story.pk))
    assert "It takes no comments." in told
    assert "A mail goes to Ines." in told


def test_products_of_a_tag_are_told_of_whatever_name_it_is_called_by(section: Section) -> None:
    [trams] = tags_named(["Trams"])
    TagSynonym.objects.create(tag=trams, name="streetcar")
    product = make_product()
    placing.place(product, trams, actor=None)
    assert said(draft(section, tags=("streetcar",)))["1 product stands beside it:"]
    assert "1 product stands beside it:" not in said(draft(section, tags=("bicycle",)))


def test_a_sensitive_story_shows_no_products_and_its_comments_wait(section: Section) -> None:
    placing.place(make_product(), section, actor=None)
    told = said(draft(section, sensitive=True))
    assert not any("stands beside it" in sentence for sentence in told)
    assert "Readers can comment; every comment waits for a moderator." in told


def test_the_panel_is_there_while_publishing_would_change_something(section: Section, cast: Cast) -> None:
    story = draft(section, headline="<b>Bold</b> & last tram")
    client = Client()
    client.force_login(cast.editor)
    page = client.get(f"/admin/articles/article/{story.pk}/checklist/").content.decode()
    assert "What will happen" in page
    publishing.publish(story, actor=cast.editor)
    assert "What will happen" not in client.get(f"/admin/articles/article/{story.pk}/change/").content.decode()


def test_what_it_pushes_out_names_nothing_hidden(section: Section, cast: Cast) -> None:
    crowd(section, 30)
    make_article("Secret", section=section, publish_at=timezone.now() + timedelta(days=1), first_published_at=None)
    assert "Secret" not in str(said(draft(section), cast.contributor))
