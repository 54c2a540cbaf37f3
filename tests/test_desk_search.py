"""Finding an article at the desk of a list: words, a tag, a number, a pasted address; only what one may know of."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import publishing, revisions, search
from articles.models import Article
from articles.state import WorkingState
from curation import exclusions, picks
from curation.desk.finding import Found, found_for
from curation.desk.showing import desk_of
from people.models import User
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_section


@pytest.fixture
def article(db: None) -> Article:
    return make_article("Here")


def public(headline: str, *tags: str) -> Article:
    made = make_article(headline)
    give_tags(made, *tags)
    search.index(made)
    return made


def find(article: Article, text: str, actor: User) -> Found:
    return found_for(desk_of(article, actor), text, actor)


def names(article: Article, text: str, actor: User) -> list[str]:
    return [row.headline for row in find(article, text, actor).rows]


def test_words_of_the_headline_typed_so_far(article: Article, cast: Cast) -> None:
    public("Harbour tram will be late")
    public("Something else")
    assert names(article, "tram harb", cast.editor) == ["Harbour tram will be late"]


def test_a_tag(article: Article, cast: Cast) -> None:
    public("A story", "Night buses")
    public("Another story")
    assert names(article, "night BUSES", cast.editor) == ["A story"]


def test_a_number(article: Article, cast: Cast) -> None:
    old = make_article("Old and not indexed")
    assert names(article, str(old.pk), cast.editor) == ["Old and not indexed"]
    assert names(article, "999999999", cast.editor) == []


def test_a_pasted_address(article: Article, cast: Cast, settings: Any) -> None:
    settings.BASE_URL = "https://news.example"
    one = make_article("Found by address")
    path = one.get_absolute_url()
    for address in (
        path,
        f"https://news.example{path}",
        f"HTTPS://NEWS.example{path}?utm_source=x#top",
        f"  https://news.example{path}  ",
        f"/city/an-older-spelling-{one.pk}/",
        f"https://news.example/admin/articles/article/{one.pk}/change/",
    ):
        assert names(article, address, cast.editor) == ["Found by address"], address


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://elsewhere.example/city/x-1/", "leads to another site"),
        ("https://news.example.evil.example/city/x-1/", "leads to another site"),
        ("https://news.example/city/", "no address of an article"),
        ("https://[x/city-1/", "no address of an article"),
        ("/", "no address of an article"),
    ],
)
def test_other_addresses_are_answered_in_words(
    article: Article, cast: Cast, settings: Any, address: str, words: str
) -> None:
    settings.BASE_URL = "https://news.example"
    assert words in find(article, address, cast.editor).problem


def test_work_in_progress_says_what_it_is(article: Article, cast: Cast) -> None:
    state = WorkingState(headline="A quiet draft", section=make_section().pk, body="<p>x</p>")
    revisions.create(state, actor=cast.chief)
    later = timezone.now() + timedelta(days=1)
    coming = WorkingState(headline="A quiet tomorrow", section=make_section().pk, body="<p>x</p>", publish_at=later)
    publishing.publish(revisions.create(coming, actor=cast.chief), actor=cast.chief)
    rows = find(article, "quiet", cast.editor).rows
    assert {row.headline: row.card.state for row in rows} == {"A quiet draft": "draft", "A quiet tomorrow": "scheduled"}
    assert any("appears" in row.why for row in rows)


def test_only_what_one_may_know_of(article: Article, cast: Cast) -> None:
    mine = revisions.create(WorkingState(headline="Harbourgate, mine"), actor=cast.contributor)
    secret = revisions.create(WorkingState(headline="Harbourgate, theirs"), actor=cast.editor)
    embargoed = public("Harbourgate, embargoed")
    embargoed.embargo_until = timezone.now() + timedelta(days=1)
    embargoed.save()
    assert names(article, "Harbourgate", cast.contributor) == ["Harbourgate, mine"]
    for hidden in (secret, embargoed):
        assert names(article, str(hidden.pk), cast.contributor) == []
        assert names(article, f"/x/y-{hidden.pk}/", cast.contributor) == []
        assert len(names(article, str(hidden.pk), cast.editor)) == 1
    assert names(article, str(mine.pk), cast.contributor) == ["Harbourgate, mine"]


def test_newer_words_of_a_public_story_are_not_told_to_others(article: Article, cast: Cast) -> None:
    story = publishing.publish(
        revisions.create(WorkingState(headline="Plain", section=make_section().pk, body="<p>x</p>"), actor=cast.editor),
        actor=cast.editor,
    )
    revisions.save(story, WorkingState(headline="Harbourgate", section=make_section().pk), actor=cast.editor)
    assert names(article, "Harbourgate", cast.contributor) == []
    assert names(article, str(story.pk), cast.contributor) == ["Plain"]


def test_the_article_itself_is_not_offered_and_what_stands_here_says_so(article: Article, cast: Cast) -> None:
    search.index(article)
    picked, never = public("Here too"), public("Here never")
    picks.pick(article, picked, actor=cast.editor)
    exclusions.never_here(article, never, actor=cast.editor)
    rows = {row.headline: row for row in find(article, "here", cast.editor).rows}
    assert set(rows) == {"Here too", "Here never"}
    assert rows["Here too"].pick is not None
    assert "Allow it again" in rows["Here never"].waiting


@pytest.mark.parametrize("text", ["x" * 3000, "9" * 400, '"', "' OR 1=1 --", "%", "_", "((", "京", "-"])
def test_nonsense_is_no_error(article: Article, cast: Cast, client: Client, text: str) -> None:
    client.force_login(cast.editor)
    address = reverse("admin:curation_desk_article_found", args=[article.pk])
    assert client.get(address, {"q": text}).status_code == 200
    page = reverse("admin:curation_desk_article", args=[article.pk])
    assert client.get(page, {"q": text, "undo": text}).status_code == 200


def test_a_search_costs_the_same_for_few_and_for_many(article: Article, cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    address = reverse("admin:curation_desk_article_found", args=[article.pk])
    costs = []
    for number in (1, 12):
        for count in range(number):
            public(f"Tram {number} {count}", "tram")
        client.get(address, {"q": "tram"})
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address, {"q": "tram"}).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 21


def test_without_script_the_page_shows_what_was_found(article: Article, cast: Cast, client: Client) -> None:
    public("Harbour tram will be late")
    client.force_login(cast.editor)
    words = client.get(reverse("admin:curation_desk_article", args=[article.pk]), {"q": "tram"}).content.decode()
    assert "1 found" in words
    assert "Harbour tram will be late" in words
    assert 'value="tram"' in words
