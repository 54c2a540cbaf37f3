"""Going back to an earlier revision, and the screens of the history."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from articles import history, publishing, revisions
from articles.history.comparing import compare
from articles.history.listing import history_of
from articles.models import Article, Revision
from articles.registries import revision_parts
from articles.state import Credit, WorkingState
from curation import picks
from curation.models import Pick
from outbox.models import AuditEntry
from pagecache.reading import versions
from people.models import User
from products import placing
from products.models import Placement
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article, make_author, make_image, make_product, make_section

pytestmark = pytest.mark.django_db

STATE: dict[str, Any] = {"headline": "The tram is late", "body": "<p>It is late again.</p>", "tags": ("trams",)}


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def saved(article: Article, actor: User | None = None, **changes: Any) -> Revision:
    return revisions.save(article, WorkingState.of(article).with_(**changes), actor=actor)


@pytest.fixture
def story(cast: Cast) -> Article:
    """Published as revision 1; revision 2 has other words, picture, names, tags, picks and products."""
    article = revisions.create(WorkingState(section=make_section().pk, **STATE), actor=cast.editor)
    publishing.publish(article, actor=cast.editor)
    picks.pick(article, make_article("Picked since"), actor=cast.editor)
    placing.place(make_product("Placed since"), article, actor=cast.editor)
    saved(
        article,
        cast.chief,
        headline="The tram is never late",
        body="<p>It is late again.</p><p>Nobody knows why.</p>",
        tags=("trams", "delays"),
        lead_picture=make_image(title="Tram in rain").pk,
        bylines=(Credit(make_author().pk),),
        sensitive=True,
    )
    return article


def screen(article: Article, rest: str = "") -> str:
    return f"/admin/articles/article/{article.pk}/history/{rest}"


# Comparing


def test_all_that_differs_is_found(story: Article, cast: Cast) -> None:
    first, second = story.revisions.order_by("number")
    found = compare(first, second, actor=cast.editor)
    assert [change.label for change in found.fields] == ["Headline", "Sensitive"]
    assert [(change.was, change.now) for change in found.pictures] == [("none", "Tram in rain")]
    assert list(found.tags.new) == ["delays"]
    assert list(found.bylines.new) == ["Ines Maren (words)"]
    assert [row.fate.value for stretch in found.body for row in stretch.rows] == ["same", "new"]
    lines = [change.words for part in found.parts for change in part.changes]
    assert lines == ["Picked: “Picked since”", "Placed: “Placed since”"]
    assert compare(second, second, actor=cast.editor).is_same


def test_the_draft_is_compared_with_what_readers_see_in_one_click(story: Article, cast: Cast) -> None:
    page = as_user(cast.editor)
    form = page.get(f"/admin/articles/article/{story.pk}/change/").content.decode()
    assert f'href="{screen(story, "compare/")}"' in form
    shown = page.get(screen(story, "compare/")).content.decode()
    assert "never" in shown.partition("<ins>")[2].partition("</ins>")[0]
    assert "&lt;p&gt;" not in shown
    assert "as readers see it" in shown


def test_names_of_what_is_gone_do_not_hinder(story: Article, cast: Cast) -> None:
    gone = make_section("Gone")
    saved(story, cast.editor, section=gone.pk, source=99_999, lead_picture=99_999, bylines=(Credit(99_999),))
    gone.delete()
    shown = as_user(cast.editor).get(screen(story, "compare/?from=1&to=3"))
    assert shown.status_code == 200
    assert "(deleted since)" in shown.content.decode()
    saved(story, cast.editor, section=make_section().pk)
    assert history.restore(story, story.revisions.get(number=3), actor=cast.editor).section is None


@pytest.mark.parametrize("query", ["from=1", "from=x&to=2", "from=1&to=99", f"from={'9' * 30}&to=1", "from=1&to=1"])
def test_a_choice_that_makes_no_sense_is_told_in_words(story: Article, cast: Cast, query: str) -> None:
    response = as_user(cast.editor).get(screen(story, f"compare/?{query}"))
    assert response.status_code == 400
    assert 'class="errornote"' in response.content.decode()


def test_a_single_revision_has_nothing_to_be_compared_with(cast: Cast) -> None:
    article = revisions.create(WorkingState(**STATE), actor=cast.editor)
    response = as_user(cast.editor).get(screen(article, "compare/"))
    assert "only one revision" in response.content.decode()


def test_names_that_are_not_to_be_known_are_not_told(cast: Cast) -> None:
    secret = revisions.create(WorkingState(headline="Harbourgate"), actor=cast.editor)
    own = revisions.create(WorkingState(**STATE), actor=cast.contributor)
    picks.pick(own, secret, actor=cast.editor)
    saved(own, cast.contributor, headline="Another")
    told = {
        name: as_user(getattr(cast, name)).get(screen(own, "compare/")).content.decode()
        for name in ("contributor", "editor")
    }
    assert "Harbourgate" not in told["contributor"]
    assert "an article that is not public" in told["contributor"]
    assert "Harbourgate" in told["editor"]  # the control


def test_hostile_words_stay_words(story: Article, cast: Cast) -> None:
    hostile = "<script>alert(1)</script>"
    saved(story, cast.editor, headline=hostile, tags=(hostile,), lead_caption=hostile)
    shown = as_user(cast.editor).get(screen(story, "compare/")).content.decode()
    assert hostile not in shown
    assert escape(hostile) in shown


# The list


def test_the_list_says_who_when_and_what(story: Article, cast: Cast) -> None:
    newest, oldest = history_of(story).entries
    assert list(oldest.changes) == ["first save"]
    assert [str(word) for word in newest.changes] == [
        "headline",
        "text",
        "picture",
        "tags",
        "bylines",
        "sensitive",
        "Articles You May Like",
        "Products You May Like",
    ]
    shown = as_user(cast.editor).get(screen(story)).content.decode()
    assert "Chiara Chief" in shown


@pytest.mark.once
@pytest.mark.parametrize("size", [5, 60])
def test_the_list_costs_the_same_however_long_it_is(
    story: Article, cast: Cast, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    template = story.revisions.latest("number")
    for number in range(3, size + 1):
        template.pk, template.number = None, number
        template.save()
    with django_assert_num_queries(4):
        found = history_of(story)
    assert len(found.entries) == min(size, 25)
    assert history_of(story, "last").page.number == 1
    assert history_of(story, "99").page.number == found.page.paginator.num_pages


# Restoring


def test_a_restored_revision_becomes_the_newest_and_readers_see_what_they_saw(story: Article, cast: Cast) -> None:
    before = versions({f"article:{story.pk}"})
    restored = history.restore(story, story.revisions.get(number=1), actor=cast.editor)
    assert (restored.number, restored.headline, restored.made_by) == (3, "The tram is late", cast.editor)
    assert WorkingState.of(Article.objects.get(pk=story.pk)).headline == "The tram is late"
    assert Article.objects.get(pk=story.pk, live__number=1)
    assert Pick.objects.count() == Placement.objects.count() == 1
    assert versions({f"article:{story.pk}"}) == before
    told = AuditEntry.objects.get(verb="restored")
    assert (told.details["restored"], told.details["revision"], told.actor) == (1, 3, cast.editor)
    assert history_of(story).entries[0].restored == 1


def test_picks_and_products_come_back_only_where_that_is_asked_for(story: Article, cast: Cast) -> None:
    before = versions({f"related:{story.pk}"})
    restored = history.restore(story, story.revisions.get(number=1), actor=cast.editor, parts=True)
    assert not Pick.objects.exists()
    assert not Placement.objects.exists()
    assert restored.parts == {"picks": [], "placements": []}
    assert versions({f"related:{story.pk}"}) != before
    assert AuditEntry.objects.filter(verb="unpicked", actor=cast.editor).exists()
    history.restore(story, story.revisions.get(number=2), actor=cast.editor, parts=True)
    assert Pick.objects.get().target.headline == "Picked since"
    assert Placement.objects.get().product.name == "Placed since"


@pytest.mark.parametrize(
    ("who", "allowed"), [("contributor", False), ("moderator", False), ("editor", True), ("chief", True)]
)
def test_whoever_may_not_edit_restores_nothing(story: Article, cast: Cast, who: str, allowed: bool) -> None:
    actor = getattr(cast, who)
    if allowed:
        history.restore(story, story.revisions.get(number=1), actor=actor, parts=True)
    else:
        with pytest.raises(PermissionDenied):
            history.restore(story, story.revisions.get(number=1), actor=actor, parts=True)
    assert (story.revisions.count(), Pick.objects.count()) == ((3, 0) if allowed else (2, 1))


def test_nothing_is_restored_over_a_save_that_was_not_seen(story: Article, cast: Cast) -> None:
    saved(story, cast.chief, headline="Quicker")
    client = as_user(cast.editor)
    response = client.post(screen(story, "1/restore/"), {"seen": "2", "parts": "yes"})
    assert response.status_code == 409
    shown = response.content.decode()
    assert "Chiara Chief saved revision 3 meanwhile" in shown
    assert 'value="yes" checked' in shown
    assert story.revisions.count() == 3
    assert client.post(screen(story, "1/restore/"), {"seen": "3"}).status_code == 302  # the control
    assert story.revisions.count() == 4


@pytest.mark.parametrize("seen", ["", "x", "9" * 30])
def test_a_form_that_is_no_form_of_ours_restores_nothing(story: Article, cast: Cast, seen: str) -> None:
    assert as_user(cast.editor).post(screen(story, "1/restore/"), {"seen": seen}).status_code == 409
    assert story.revisions.count() == 2


def test_the_question_names_what_will_be_restored(story: Article, cast: Cast) -> None:
    shown = as_user(cast.editor).get(screen(story, "1/restore/")).content.decode()
    assert "Unpicked: “Picked since”" in shown
    assert "Withdrawn: “Placed since”" in shown
    assert 'name="parts"' in shown
    assert "checked" not in shown.partition('name="parts"')[2][:30]


def test_a_revision_of_another_article_is_not_found(story: Article, cast: Cast) -> None:
    other = revisions.create(WorkingState(**STATE), actor=cast.editor)
    for rest in ("9/restore/", f"{'9' * 30}/restore/"):
        assert as_user(cast.editor).get(screen(other, rest)).status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("rest", ["", "compare/", "1/restore/"])
@pytest.mark.parametrize(
    ("who", "status"), [("contributor", 403), ("moderator", 403), ("editor", 200), ("administrator", 200)]
)
def test_the_history_is_for_those_who_may_know_the_newest_words(
    story: Article, cast: Cast, who: str, status: int, rest: str
) -> None:
    response = as_user(getattr(cast, who)).get(screen(story, rest))
    assert response.status_code == status
    assert ("never" in response.content.decode()) == (status == 200)


def test_an_old_save_keeps_its_time(story: Article, cast: Cast) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        history.restore(story, story.revisions.get(number=1), actor=cast.editor)
        made = list(story.revisions.order_by("number").values_list("made_at", flat=True))
    assert made[2] - made[0] > timedelta(days=2)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("held_together", [True, False])
def test_two_stories_that_pick_each_other_are_restored_at_once_without_a_deadlock(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, held_together: bool
) -> None:
    state = WorkingState(section=make_section().pk, **STATE)
    first, second = (revisions.create(state, actor=cast.editor) for _story in range(2))
    for story, other in ((first, second), (second, first)):
        picks.pick(story, other, actor=cast.editor)
        saved(story, cast.editor, headline="With its pick")
    if not held_together:  # the control: each holds its own article first, and then wants the other's
        monkeypatch.setattr(revision_parts["picks"], "holds", lambda _dumped: set())

    def restored(story: Article) -> None:
        for _round in range(20):
            history.restore(story, story.revisions.get(number=2), actor=cast.editor, parts=True)

    stuck = at_once([lambda: restored(first), lambda: restored(second)])
    assert bool(stuck) is not held_together
