"""Before anything is deleted the desk says what uses it: in words, with links, never a whole archive."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import departure, redirects, revisions
from articles.models import Article, Byline, Section, Series, SeriesEntry, Tag
from articles.state import Credit, WorkingState
from articles.uses import where_used
from curation import picks
from people.models import Author, User
from tests.conftest import Cast
from tests.factories import give_byline, give_tags, make_article, make_author, make_section, make_source

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asks(user: User, kind: str, pk: int) -> str:
    return signed_in(user).get(f"/admin/{kind}/{pk}/delete/").content.decode()


def test_what_needs_it_is_named_with_a_link_and_it_is_kept(cast: Cast) -> None:
    story = make_article(source=make_source())
    author = give_byline(story)
    for kind, obj in (
        ("articles/section", story.section),
        ("articles/source", story.source),
        ("people/author", author),
    ):
        html = asks(cast.chief, kind, obj.pk)  # type: ignore[union-attr]
        assert "is in use, so it cannot be deleted" in html
        assert f'<a href="/admin/articles/article/{story.pk}/change/">Article: The tram is late</a>' in html
        answer = signed_in(cast.chief).post(f"/admin/{kind}/{obj.pk}/delete/", {"post": "yes"})  # type: ignore[union-attr]
        assert answer.status_code == 200
        assert type(obj)._base_manager.filter(pk=obj.pk).exists()  # type: ignore[union-attr]


def test_drafts_that_want_it_count_too(cast: Cast) -> None:
    author = make_author()
    state = WorkingState(headline="Not yet", section=make_section().pk, bylines=(Credit(author.pk),))
    revisions.create(state, actor=cast.editor)
    assert "Article: Not yet" in asks(cast.chief, "people/author", author.pk)


@pytest.mark.parametrize("many", [3, 45])
def test_a_long_list_ends_with_how_many_more(cast: Cast, many: int) -> None:
    author = make_author()
    stories = [make_article(f"Story {number}") for number in range(many)]
    Byline.objects.bulk_create(Byline(article=story, author=author) for story in stories)
    html = asks(cast.chief, "people/author", author.pk)
    assert html.count("Article: Story") == min(many, 20)
    assert ("and 25 more" in html) is (many == 45)


@pytest.mark.once
def test_the_page_costs_the_same_whatever_uses_it(cast: Cast) -> None:
    author, client, counts = make_author(), signed_in(cast.chief), []
    for number in range(8):
        give_byline(make_article(f"Story {number}"))
        if number in {1, 7}:
            with CaptureQueriesContext(connection) as seen:
                client.get(f"/admin/people/author/{author.pk}/delete/")
            counts.append(len(seen))
    assert counts[0] == counts[1]


def test_where_used_names_what_shows_a_tag_a_series_and_a_story(cast: Cast) -> None:
    story = make_article()
    give_tags(story, "trams")
    series = Series.objects.create(title="The harbour", slug="the-harbour")
    SeriesEntry.objects.create(series=series, article=story)
    picks.pick(make_article("Beside"), story, actor=cast.editor)
    redirects.lead("/old/", to=story, actor=cast.editor)
    departure.leave(make_article("Former"), actor=cast.editor, to=story)
    said = {obj: " ".join(str(use.label) for use in where_used(obj)) for obj in (Tag.objects.get(), series, story)}
    assert said[Tag.objects.get()] == "1 story carries it"
    assert said[series] == "Part of the series: “The tram is late”"
    for words in ("“Beside”", "/old/", "“Former”"):
        assert words in said[story]


def test_a_writer_is_not_told_which_hidden_story_shows_theirs(cast: Cast) -> None:
    mine = revisions.create(WorkingState(headline="Mine", section=make_section().pk), actor=cast.contributor)
    secret = revisions.create(WorkingState(headline="Qzsecret", section=make_section().pk), actor=cast.editor)
    picks.pick(secret, mine, actor=cast.editor)
    assert "Qzsecret" in asks(cast.editor, "articles/article", mine.pk)  # the control
    html = asks(cast.contributor, "articles/article", mine.pk)
    assert "Qzsecret" not in html
    assert "A story that you may not see" in html


def test_several_at_once_say_which_is_used_by_what(cast: Cast) -> None:
    used, free = make_section(), make_section("Empty")
    make_article()
    client = signed_in(cast.chief)
    chosen = {"action": "delete_selected", "_selected_action": [used.pk, free.pk]}
    html = client.post("/admin/articles/section/", chosen).content.decode()
    assert "City – Article: The tram is late" in html
    client.post("/admin/articles/section/", chosen | {"post": "yes"})
    assert Section.objects.count() == 2
    client.post("/admin/articles/section/", {**chosen, "_selected_action": [free.pk], "post": "yes"})
    assert Section.objects.get() == used


def test_what_comes_into_use_while_somebody_deletes_is_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    author: Author = give_byline(make_article())
    asked: Callable[..., list[object]] = lambda *_given: []  # noqa: E731 - the question came too early
    monkeypatch.setattr("wastebin.desk.forbidding", asked)
    answer = signed_in(cast.chief).post(f"/admin/people/author/{author.pk}/delete/", {"post": "yes"}, follow=True)
    assert "is in use and was not deleted" in answer.content.decode()
    assert Author.objects.filter(pk=author.pk).exists()
    assert Article.objects.count() == 1
