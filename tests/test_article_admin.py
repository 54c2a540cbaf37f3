"""The article's screens: the form shows the newest revision, saving never changes the page."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import publishing, revisions
from articles.models import Article, Section, Status
from articles.state import Credit, WorkingState
from people.models import Author, User
from products import placing
from tests.conftest import Cast
from tests.factories import make_article, make_author, make_product

LIST = "/admin/articles/article/"


@pytest.fixture
def section(db: None) -> Section:
    row = Section(name="City", slug="city")
    row.save()
    return row


@pytest.fixture
def author(db: None) -> Author:
    row = Author(name="Ines Maren", slug="ines-maren")
    row.save()
    return row


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_data(home: Section, **changes: Any) -> dict[str, Any]:
    data = {
        "headline": "The tram is late",
        "standfirst": "Again.",
        "section": home.pk,
        "kind": "news",
        "body": "<p>It is late.</p>",
        "tags": "trams, rain",
        "bylines-TOTAL_FORMS": "0",
        "bylines-INITIAL_FORMS": "0",
        "bylines-MIN_NUM_FORMS": "0",
        "bylines-MAX_NUM_FORMS": "1000",
    }
    return data | changes


def change(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def panels(client: Client, article: Article) -> dict[str, Any]:
    """What the change form sends without being typed: the revision it shows, and each inline's management form."""
    context = client.get(change(article)).context
    found: dict[str, Any] = {"base_revision": context["adminform"].form["base_revision"].value()}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        for name, value in formset.management_form.initial.items():
            found[f"{formset.prefix}-{name}"] = value
        found[f"{formset.prefix}-TOTAL_FORMS"] = 0
        found[f"{formset.prefix}-INITIAL_FORMS"] = 0
    return found


def test_writing_an_article_makes_a_draft_and_its_first_revision(cast: Cast, section: Section, author: Author) -> None:
    client = signed_in(cast.contributor)
    byline = {"bylines-TOTAL_FORMS": "1", "bylines-0-author": author.pk, "bylines-0-role": "words"}
    response = client.post(f"{LIST}add/", form_data(section, **byline, _continue="1"))
    article = Article.objects.get()
    assert response.headers["Location"] == change(article)
    assert (article.status, article.headline, article.created_by) == (Status.DRAFT, "", cast.contributor)
    state = WorkingState.of(article)
    assert (state.headline, state.tags, state.bylines) == ("The tram is late", ("trams", "rain"), (Credit(author.pk),))


def test_bylines_are_kept_in_the_order_of_their_places(cast: Cast, section: Section, author: Author) -> None:
    other = Author(name="Samir Holt", slug="samir-holt")
    other.save()
    rows = {"bylines-TOTAL_FORMS": "3", "bylines-0-author": author.pk, "bylines-0-role": "words"}
    rows |= {"bylines-0-position": "2", "bylines-1-author": other.pk, "bylines-1-role": "data"}
    rows |= {"bylines-1-position": "1", "bylines-2-author": other.pk, "bylines-2-role": "words"}
    signed_in(cast.editor).post(f"{LIST}add/", form_data(section, **rows, _continue="1"))
    kept = WorkingState.of(Article.objects.get()).bylines
    assert kept == (Credit(other.pk, "data"), Credit(author.pk, "words"), Credit(other.pk, "words"))


def test_the_form_shows_the_newest_revision_not_the_page(cast: Cast, section: Section, author: Author) -> None:
    article = revisions.create(
        WorkingState(headline="Old", section=section.pk, body="<p>Old.</p>", tags=("old",)), actor=cast.editor
    )
    publishing.publish(article, actor=cast.editor)
    newer = WorkingState.of(article).with_(headline="New", tags=("new",), bylines=(Credit(author.pk, "data"),))
    revisions.save(article, newer, actor=cast.editor)
    form = signed_in(cast.editor).get(change(article)).context["adminform"].form
    assert form["headline"].value() == "New"
    assert form["tags"].value() == "new"
    formsets = signed_in(cast.editor).get(change(article)).context["inline_admin_formsets"]
    assert formsets[0].formset.forms[0]["author"].value() == author.pk
    assert Article.objects.get().headline == "Old"


def test_saving_a_published_article_leaves_the_page_until_publish_is_pressed(cast: Cast, section: Section) -> None:
    article = revisions.create(WorkingState(headline="Old", section=section.pk, body="<p>Old.</p>"), actor=cast.editor)
    publishing.publish(article, actor=cast.editor)
    client = signed_in(cast.editor)
    data = form_data(section) | panels(client, article)
    client.post(change(article), data | {"_continue": "1"})
    assert Article.objects.get().headline == "Old"
    client.post(change(article), data | {"_publish": "1"})
    row = Article.objects.get()
    assert row.headline == "The tram is late"
    assert sorted(tag.name for tag in row.tags.all()) == ["rain", "trams"]


def test_publishing_an_unfinished_article_keeps_the_words_and_says_what_is_missing(
    cast: Cast, section: Section
) -> None:
    response = signed_in(cast.editor).post(f"{LIST}add/", form_data(section, body="", _publish="1"), follow=True)
    article = Article.objects.get()
    assert article.status == Status.DRAFT
    assert WorkingState.of(article).headline == "The tram is late"
    assert "The story is empty." in [str(message) for message in response.context["messages"]]


def test_a_contributor_who_forges_the_publish_button_publishes_nothing(cast: Cast, section: Section) -> None:
    response = signed_in(cast.contributor).post(f"{LIST}add/", form_data(section, _publish="1"), follow=True)
    assert Article.objects.get().status == Status.DRAFT
    assert "You may not publish this article." in [str(message) for message in response.context["messages"]]


def test_a_contributor_can_neither_open_nor_change_somebody_elses_draft(cast: Cast, section: Section) -> None:
    article = revisions.create(WorkingState(headline="Mine"), actor=cast.editor)
    client = signed_in(cast.contributor)
    assert client.get(change(article)).status_code == 302
    assert client.post(change(article), form_data(section, headline="Yours")).status_code in {302, 403}
    assert WorkingState.of(Article.objects.get()).headline == "Mine"
    control = signed_in(cast.editor)
    control.post(change(article), form_data(section, headline="Ours") | panels(control, article))
    assert WorkingState.of(Article.objects.get()).headline == "Ours"


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("headline", "x" * 161, "at most 160"),
        ("tags", ",".join(f"t{n}" for n in range(31)), "30 at most"),
        ("source_url", "javascript:alert(1)", "valid URL"),
        ("publish_at_0", "tomorrow", "valid date"),
        ("section", "999999", "valid choice"),
        ("headline", "a\x00b", "Null characters"),
    ],
)
def test_bad_input_is_refused_in_words_and_kept(
    cast: Cast, section: Section, field: str, value: str, complaint: str
) -> None:
    response = signed_in(cast.editor).post(f"{LIST}add/", form_data(section, **{field: value}))
    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert not Article.objects.exists()


def test_what_readers_saw_cannot_be_deleted(cast: Cast, section: Section) -> None:
    article = revisions.create(WorkingState(headline="A", section=section.pk, body="<p>B</p>"), actor=cast.chief)
    chief = signed_in(cast.chief)
    assert chief.get(f"{LIST}{article.pk}/delete/").status_code == 200
    publishing.publish(article, actor=cast.chief)
    assert chief.get(f"{LIST}{article.pk}/delete/").status_code == 403
    assert chief.post(f"{LIST}{article.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Article.objects.exists()


def test_duplicating_needs_post_and_the_right_to_write(cast: Cast, section: Section) -> None:
    article = revisions.create(WorkingState(headline="A", section=section.pk), actor=cast.editor)
    address = f"{LIST}{article.pk}/duplicate/"
    signed_in(cast.editor).get(address)
    signed_in(cast.moderator).post(address)
    assert Article.objects.count() == 1
    signed_in(cast.editor).post(address)
    assert Article.objects.count() == 2


@pytest.mark.parametrize("action", ["publish_selected", "take_down_selected"])
def test_bulk_publishing_is_for_publishers(cast: Cast, section: Section, action: str) -> None:
    article = revisions.create(WorkingState(headline="A", section=section.pk, body="<p>B</p>"), actor=cast.contributor)
    signed_in(cast.contributor).post(LIST, {"action": action, "_selected_action": [article.pk]})
    assert Article.objects.get().status == Status.DRAFT
    signed_in(cast.editor).post(LIST, {"action": "publish_selected", "_selected_action": [article.pk]})
    assert Article.objects.get().status == Status.PUBLISHED


@pytest.mark.parametrize(
    "query",
    [
        "whose=mine",
        "whose=x",
        "when=coming",
        "missing=tags",
        "in=city",
        "source=own",
        "in=%00",
        "status=draft",
        "p=9999",
    ],
)
def test_every_filter_answers_even_nonsense(cast: Cast, section: Section, query: str) -> None:
    revisions.create(WorkingState(headline="A", section=section.pk), actor=cast.editor)
    assert signed_in(cast.editor).get(f"{LIST}?{query}").status_code in {200, 302, 400}


@pytest.mark.once
@pytest.mark.parametrize("size", [3, 30])
def test_the_list_costs_the_same_whatever_its_length(
    cast: Cast, section: Section, size: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(size):
        revisions.create(WorkingState(headline=f"A {number}", section=section.pk), actor=cast.editor)
    client = signed_in(cast.editor)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_whoever_may_only_look_reads_the_story_as_readers_do(cast: Cast, section: Section) -> None:
    body = "<p>It is <strong>late</strong>.</p>"
    article = revisions.create(WorkingState(headline="A", section=section.pk, body=body), actor=cast.editor)
    publishing.publish(article, actor=cast.editor)
    page = signed_in(cast.contributor).get(change(article)).content.decode()
    assert "It is <strong>late</strong>." in page
    assert "&lt;strong&gt;" not in page


@pytest.mark.once
def test_the_form_costs_the_same_whatever_was_chosen(client: Client, cast: Cast, section: Section) -> None:
    """Products and bylines are named without a question each."""

    def questions(size: int) -> int:
        article = make_article(f"Story {size}", slug=f"story-{size}", section=section)
        named = tuple(Credit(make_author(f"Ada {size} {number}").pk, "words") for number in range(size))
        revisions.save(article, WorkingState.of(article).with_(bylines=named), actor=None)
        for number in range(size):
            placing.place(make_product(f"Kettle {size} {number}"), article, actor=None)
        with CaptureQueriesContext(connection) as found:
            page = client.get(reverse("admin:articles_article_change", args=[article.pk]))
        assert page.text.count(f">Kettle {size} ") >= size
        assert page.text.count(f">Ada {size} ") >= size
        return len(found)

    client.force_login(cast.editor)
    questions(1)
    assert questions(2) == questions(9)


def test_whoever_may_only_look_reads_the_newest_words_they_may_know(
    client: Client, cast: Cast, section: Section
) -> None:
    mine = revisions.create(WorkingState(headline="My own", body="<p>Mine at length.</p>"), actor=cast.contributor)
    publishing.submit_for_review(mine, actor=cast.contributor)
    theirs = make_article("What readers see", section=section)
    revisions.save(theirs, WorkingState.of(theirs).with_(headline="Not out yet"), actor=cast.editor)
    client.force_login(cast.contributor)
    page = client.get(reverse("admin:articles_article_change", args=[mine.pk])).text
    assert "My own" in page
    assert "Mine at length." in page
    page = client.get(reverse("admin:articles_article_change", args=[theirs.pk])).text
    assert "What readers see" in page
    assert "Not out yet" not in page
