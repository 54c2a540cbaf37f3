"""Unsaved words: kept while somebody types, read by nobody else, offered back, and gone once they are saved."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from articles import revisions
from articles.models import Article, WorkingCopy
from articles.state import Credit, WorkingState
from articles.together import copies
from articles.together.periodic import forget_copies
from outbox.models import AuditEntry
from tests.conftest import Cast
from tests.factories import make_article, make_author, make_product, make_section
from tests.test_article_admin import change, form_data, panels, signed_in

NEW = "/admin/articles/article/unsaved/"
ADD = "/admin/articles/article/add/"


@pytest.fixture
def article(cast: Cast) -> Article:
    state = WorkingState(headline="First", section=make_section().pk, body="<p>One.</p>")
    return revisions.create(state, actor=cast.editor)


def keep(client: Client, article: Article | None, window: Any, /, **fields: Any) -> Any:
    address = f"/admin/articles/article/{article.pk}/unsaved/" if article else NEW
    base = {"base_revision": "1"} if article else {}
    return client.post(address, {"window": str(window), **base, **fields})


def form_of(client: Client, address: str) -> Any:
    return client.get(address).context["adminform"].form


# Keeping


def test_typed_words_are_kept_without_a_revision_an_audit_row_or_anybody_seeing_them(
    cast: Cast, article: Article
) -> None:
    rows = AuditEntry.objects.count()
    answer = keep(signed_in(cast.editor), article, uuid4(), headline="Typed", _publish="1", csrfmiddlewaretoken="x")
    assert answer.json()["outcome"] == "kept"
    copy = WorkingCopy.objects.get()
    assert (copy.user, copy.base, copy.fields) == (cast.editor, 1, {"headline": "Typed"})
    assert (article.revisions.count(), AuditEntry.objects.count()) == (1, rows)
    assert "Typed" not in signed_in(cast.chief).get(change(article)).content.decode()
    assert "Typed" not in signed_in(cast.editor).get("/admin/articles/article/").content.decode()


def test_keeping_again_replaces_the_copy_of_the_same_window_only(cast: Cast, article: Article) -> None:
    client, first, second = signed_in(cast.editor), uuid4(), uuid4()
    keep(client, article, first, headline="One")
    keep(client, article, first, headline="Two")
    answer = keep(client, article, second, headline="Another window")
    assert answer.json()["outcome"] == "elsewhere"
    assert WorkingCopy.objects.get().fields == {"headline": "Two"}
    keep(signed_in(cast.chief), article, second, headline="The chief's own")
    assert WorkingCopy.objects.count() == 2


def test_keeping_pauses_once_somebody_saved_a_newer_version_and_says_who(cast: Cast, article: Article) -> None:
    revisions.save(article, WorkingState.of(article).with_(headline="Theirs"), actor=cast.chief, base=1)
    answer = keep(signed_in(cast.editor), article, uuid4(), headline="Typed")
    assert answer.json()["outcome"] == "newer"
    assert answer.json()["newer"].startswith("Chiara Chief saved a newer version at ")
    assert not WorkingCopy.objects.exists()
    assert keep(signed_in(cast.editor), article, uuid4(), headline="T", restoring="1").json()["outcome"] == "kept"


def test_a_new_story_is_kept_by_its_window_and_goes_with_its_first_save(cast: Cast) -> None:
    client, window = signed_in(cast.contributor), uuid4()
    keep(client, None, window, headline="A new one")
    keep(client, None, uuid4(), headline="Another one")
    page = client.get(ADD).content.decode()
    assert "A new one" in page
    assert "Another one" in page
    client.post(ADD, form_data(make_section(), window=str(window), _continue="1"))
    assert [copy.fields["headline"] for copy in WorkingCopy.objects.all()] == ["Another one"]


def test_saving_deletes_the_copy_of_its_own_window_in_the_same_transaction(cast: Cast, article: Article) -> None:
    client, window = signed_in(cast.editor), uuid4()
    keep(client, article, window, headline="Typed")
    data = form_data(make_section(), headline="Typed", _continue="1") | panels(client, article)
    client.post(change(article), data | {"window": str(uuid4())})
    assert WorkingCopy.objects.exists()  # another window's words are nobody's to forget
    answer = client.post(change(article), data | {"window": str(window), "base_revision": "2", "standfirst": "S"})
    assert answer.headers["Location"] == f"{change(article)}?settled={window}"
    assert not WorkingCopy.objects.exists()


def test_a_refused_save_leaves_the_copy(cast: Cast, article: Article) -> None:
    window = uuid4()
    keep(signed_in(cast.editor), article, window, headline="Typed")
    with pytest.raises(revisions.TooManyTagsError):
        revisions.save(article, WorkingState(tags=("t",) * 31), actor=cast.editor, window=window)
    assert WorkingCopy.objects.exists()


def test_words_of_a_conflict_are_kept_for_their_writer(cast: Cast, article: Article) -> None:
    client, window = signed_in(cast.chief), uuid4()
    mine = form_data(make_section(), headline="Mine", window=str(window)) | panels(client, article)
    revisions.save(article, WorkingState.of(article).with_(headline="Theirs"), actor=cast.editor, base=1)
    assert client.post(change(article), mine).status_code == 409
    copy = WorkingCopy.objects.get()
    assert (copy.user, copy.fields["headline"], copy.base) == (cast.chief, "Mine", 1)


# Offering back


def test_unsaved_words_are_offered_back_and_fill_the_form_as_they_were_typed(cast: Cast, article: Article) -> None:
    client, window, author = signed_in(cast.editor), uuid4(), make_author()
    rows = {"bylines-TOTAL_FORMS": "2", "bylines-0-author": author.pk, "bylines-0-role": "data"}
    rows |= {"bylines-0-position": "1", "bylines-1-author": "", "bylines-1-role": "words"}
    typed = {"headline": "x" * 200, "body": "<p>Typed.</p>", "tags": "rain, snow", "publish_at_0": "not a date"}
    keep(client, article, window, **typed, **rows)
    revisions.save(article, WorkingState.of(article).with_(standfirst="Newer."), actor=cast.chief, base=1)
    copy = WorkingCopy.objects.get()
    page = client.get(change(article))
    assert f'data-offer="{window}"' in page.content.decode()
    assert page.context["adminform"].form["headline"].value() == "First"
    restored = client.get(f"{change(article)}?copy={copy.pk}")
    form = restored.context["adminform"].form
    assert [form[name].value() for name in ("headline", "body", "tags")] == [
        typed[n] for n in ("headline", "body", "tags")
    ]
    assert form["base_revision"].value() == 1
    assert form["publish_at"].value()[0] == "not a date"
    bylines = restored.context["inline_admin_formsets"][0].formset.forms
    assert [str(row["author"].value()) for row in bylines] == [str(author.pk), ""]
    assert restored.context["together"].window == window
    assert "Chiara Chief saved a newer version" in restored.content.decode()


def test_rows_that_were_added_to_live_ones_are_filled_again(cast: Cast) -> None:
    client, public = signed_in(cast.editor), make_article()
    revision = revisions.save(public, WorkingState.of(public), actor=cast.editor)
    kettle, pan = make_product("Kettle"), make_product("Pan")
    rows = {"placements-INITIAL_FORMS": "0", "placements-TOTAL_FORMS": "2"}
    rows |= {"placements-0-product": str(kettle.pk), "placements-1-product": str(pan.pk), "placements-1-DELETE": "on"}
    keep(client, public, uuid4(), **rows, headline="T", base_revision=revision.number)
    page = client.get(f"{change(public)}?copy={WorkingCopy.objects.get().pk}").content.decode()
    assert f'<option value="{kettle.pk}" selected' in page
    assert f'<option value="{pan.pk}" selected' not in page


def test_a_restored_form_that_is_saved_joins_what_others_saved_meanwhile(cast: Cast, article: Article) -> None:
    client, window = signed_in(cast.editor), uuid4()
    keep(client, article, window, **form_data(make_section(), headline="Mine", body="<p>One.</p>", tags=""))
    revisions.save(article, WorkingState.of(article).with_(standfirst="Newer."), actor=cast.chief, base=1)
    restored = client.get(f"{change(article)}?copy={WorkingCopy.objects.get().pk}")
    form = restored.context["adminform"].form
    data = form_data(
        make_section(), headline=form["headline"].value(), body=form["body"].value(), standfirst="", tags=""
    )
    data |= panels(client, article) | {"base_revision": form["base_revision"].value(), "window": str(window)}
    page = client.post(change(article), data)
    assert page.status_code == 409
    client.post(change(article), dict(page.context["posted"]) | {"join_with": "2", "_continue": "1"})
    state = WorkingState.of(Article.objects.get(pk=article.pk))
    assert (state.headline, state.standfirst) == ("Mine", "Newer.")
    assert not WorkingCopy.objects.exists()


def test_words_that_say_what_is_saved_are_not_offered(cast: Cast, article: Article) -> None:
    client = signed_in(cast.editor)
    state = WorkingState.of(article).with_(publish_at=timezone.now(), bylines=(Credit(make_author().pk),))
    revisions.save(article, state, actor=cast.editor)
    form = form_of(client, change(article))
    typed = {name: form[name].value() or "" for name in ("headline", "body", "tags", "section", "slug")}
    keep(client, article, uuid4(), **typed, base_revision="2")
    assert WorkingCopy.objects.exists()
    assert "data-offer=" not in client.get(change(article)).content.decode()


def test_they_are_shown_beside_what_is_saved_and_thrown_away_on_request(cast: Cast, article: Article) -> None:
    client = signed_in(cast.editor)
    keep(client, article, uuid4(), headline="First typed", body="<p>One.</p><p><script>x</script>Two.</p>")
    address = f"{NEW}{WorkingCopy.objects.get().pk}/"
    page = client.get(address).content.decode()
    assert "First <mark>typed</mark>" in page or "typed</mark>" in page
    assert "<script>x" not in page
    assert client.get(f"{address}discard/").status_code == 405
    assert client.post(f"{address}discard/").headers["Location"].startswith(f"{change(article)}?settled=")
    assert not WorkingCopy.objects.exists()
    assert client.get(address).status_code == 404


def test_enter_in_a_field_of_the_form_never_throws_words_away(cast: Cast, article: Article) -> None:
    client = signed_in(cast.editor)
    keep(client, article, uuid4(), headline="Typed")
    page = client.get(change(article)).content.decode()
    page = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)  # nothing in it is there before a script asks
    form = page[page.index('id="article_form"') :]
    inside = form[: form.index("</form>")]
    first = re.search(r'<button[^>]*type="submit"(?![^>]*form=)[^>]*>', inside)
    assert first is not None
    assert 'name="_continue"' in first.group()
    copy = WorkingCopy.objects.get().pk
    assert f'form="discard-{copy}"' in inside
    assert f'<form id="discard-{copy}"' in page[page.index("</form>", page.index('id="article_form"')) :]


def test_they_are_forgotten_after_thirty_days(cast: Cast, article: Article) -> None:
    keep(signed_in(cast.editor), article, uuid4(), headline="Typed")
    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        forget_copies()
        assert WorkingCopy.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        forget_copies()
        assert not WorkingCopy.objects.exists()


# Who may


@pytest.mark.parametrize("who", ["contributor", "chief", "moderator", "administrator"])
def test_nobody_reads_restores_or_discards_what_somebody_else_typed(cast: Cast, article: Article, who: str) -> None:
    keep(signed_in(cast.editor), article, uuid4(), headline="Harbourgate")
    copy = WorkingCopy.objects.get()
    client = signed_in(getattr(cast, who))
    assert client.get(f"{NEW}{copy.pk}/").status_code == 404
    assert client.post(f"{NEW}{copy.pk}/discard/").status_code == 404
    assert "Harbourgate" not in client.get(f"{change(article)}?copy={copy.pk}", follow=True).content.decode()
    assert WorkingCopy.objects.exists()
    assert signed_in(cast.editor).get(f"{NEW}{copy.pk}/").status_code == 200  # the control


def test_who_may_not_edit_keeps_nothing_and_hidden_drafts_do_not_exist(cast: Cast, article: Article) -> None:
    public = make_article()
    contributor, moderator = signed_in(cast.contributor), signed_in(cast.moderator)
    assert keep(contributor, article, uuid4(), headline="T").status_code == 404
    assert keep(contributor, public, uuid4(), headline="T").status_code == 403
    assert keep(moderator, public, uuid4(), headline="T").status_code == 403
    assert keep(moderator, None, uuid4(), headline="T").status_code == 403
    assert keep(Client(), article, uuid4(), headline="T").status_code == 302
    assert keep(Client(), None, uuid4(), headline="T").status_code == 302
    assert not WorkingCopy.objects.exists()
    with pytest.raises(PermissionDenied):
        copies.keep(public, [], actor=cast.contributor, window=uuid4())


def test_keeping_needs_the_token(cast: Cast, article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.editor)
    assert keep(client, article, uuid4(), headline="T").status_code == 403
    assert not WorkingCopy.objects.exists()


# Bad input


@pytest.mark.parametrize(
    "bad",
    [
        {"headline": "a\0b"},
        {"body": "x" * (copies.MOST_CHARACTERS + 1)},
        {f"field{number}": "" for number in range(copies.MOST_FIELDS + 1)},
        {"window": "not a window"},
        {"window": "x" * 10_000},
        {"window": ""},
    ],
    ids=["nul", "huge", "many", "no-uuid", "long-window", "no-window"],
)
def test_what_cannot_be_kept_is_refused_in_words(cast: Cast, article: Article, bad: dict[str, str]) -> None:
    answer = keep(signed_in(cast.editor), article, uuid4(), **bad)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize("base", ["", "abc", "-1", "9" * 50, "\0"])
def test_a_base_that_is_no_number_pauses(cast: Cast, article: Article, base: str) -> None:
    answer = keep(signed_in(cast.editor), article, uuid4(), headline="T", base_revision=base)
    assert answer.json()["outcome"] == "newer"


@pytest.mark.parametrize("number", ["0", "abc", "9" * 30, "-1"])
def test_a_copy_that_does_not_exist_restores_nothing(cast: Cast, article: Article, number: str) -> None:
    client = signed_in(cast.editor)
    assert form_of(client, f"{change(article)}?copy={number}")["headline"].value() == "First"
    assert client.get(f"{NEW}{'9' * 25}/").status_code == 404
    assert keep(client, Article(pk=10**25), uuid4()).status_code == 404


def test_odd_words_in_a_copy_break_neither_form_nor_comparison(cast: Cast, article: Article) -> None:
    client = signed_in(cast.editor)
    odd = {
        "section": "9" * 30,
        "kind": "<b>",
        "bylines-TOTAL_FORMS": "9" * 30,
        "publish_at_0": "31/31/9999",
        "source": "a",
    }
    odd |= {"bylines-0-author": "x", "bylines-0-position": "y", "body": "<div>" * 2_000, "lead_picture": "77777"}
    keep(client, article, uuid4(), **odd)
    keep(client, article, WorkingCopy.objects.get().window, **odd | {"bylines-TOTAL_FORMS": "3"})
    pk = WorkingCopy.objects.get().pk
    for address in (change(article), f"{change(article)}?copy={pk}", f"{NEW}{pk}/"):
        assert client.get(address).status_code == 200


def test_unsaved_new_stories_of_one_person_are_counted(cast: Cast) -> None:
    client = signed_in(cast.editor)
    for _number in range(copies.MOST_NEW):
        assert keep(client, None, uuid4(), headline="T").status_code == 200
    assert keep(client, None, uuid4(), headline="T").status_code == 400
    assert WorkingCopy.objects.count() == copies.MOST_NEW
