"""Picking, unpicking and ordering what stands beside an article."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from articles import publishing, revisions
from articles.models import Article, Status
from articles.registries import revision_parts, where_used
from articles.state import WorkingState
from curation import picks
from curation.models import Pick
from outbox.models import AuditEntry
from pagecache.models import Key
from tests.conftest import Cast
from tests.factories import make_article, make_section, suggest


def version(name: str) -> int:
    return Key.objects.filter(name=name).values_list("version", flat=True).first() or 0


def order(article: Article) -> list[str]:
    return [row.target.headline for row in Pick.objects.filter(article=article).select_related("target")]


@pytest.fixture
def article(db: None) -> Article:
    return make_article("Here")


def test_a_pick_is_live_audited_and_refreshes_the_list(article: Article, cast: Cast) -> None:
    other = make_article("Other")
    row = picks.pick(article, other, actor=cast.editor)
    assert row.picked_by == cast.editor
    assert version(f"related:{article.pk}") == 1
    entry = AuditEntry.objects.get(verb="picked")
    assert (entry.actor, entry.object_id) == (cast.editor, str(article.pk))
    assert entry.details == {"picked": other.pk, "headline": "Other", "before": [], "after": [other.pk]}


def test_picking_twice_is_one_pick_and_only_moves(article: Article, cast: Cast) -> None:
    first, second = make_article("First"), make_article("Second")
    for target in (first, second, second):
        picks.pick(article, target, actor=cast.editor)
    picks.pick(article, second, actor=cast.editor, position=1)
    assert order(article) == ["Second", "First"]
    assert AuditEntry.objects.filter(verb="picked").count() == 2


def test_unpicking_closes_the_gap(article: Article, cast: Cast) -> None:
    targets = [make_article(name) for name in "ABC"]
    for target in targets:
        picks.pick(article, target, actor=cast.editor)
    picks.unpick(article, targets[1], actor=cast.editor)
    picks.unpick(article, targets[1], actor=cast.editor)
    assert list(Pick.objects.values_list("position", flat=True)) == [1, 2]
    assert order(article) == ["A", "C"]


def test_two_editors_at_one_list_lose_nobodys_pick(article: Article, cast: Cast) -> None:
    first, second = make_article("First"), make_article("Second")
    for target in (first, second):
        picks.pick(article, target, actor=cast.editor)
    picks.pick(article, make_article("A colleague's"), actor=cast.chief)
    picks.reorder(article, [second.pk, first.pk, 999], actor=cast.editor)
    assert order(article) == ["Second", "First", "A colleague's"]


def test_circles_are_fine(article: Article, cast: Cast) -> None:
    other = make_article("Other")
    picks.pick(article, other, actor=cast.editor)
    picks.pick(other, article, actor=cast.editor)
    assert Pick.objects.count() == 2


def test_the_article_itself_and_too_many_are_refused_in_words(article: Article, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="its own list"):
        picks.pick(article, article, actor=cast.editor)
    for number in range(picks.MAX_PICKS):
        picks.pick(article, make_article(f"Story {number}"), actor=cast.editor)
    with pytest.raises(ValidationError, match="12 picks at most"):
        picks.pick(article, make_article("One more"), actor=cast.editor)


@pytest.mark.parametrize(("who", "allowed"), [("contributor", False), ("moderator", False), ("editor", True)])
def test_only_who_may_edit_the_article_curates_its_list(article: Article, cast: Cast, who: str, allowed: bool) -> None:
    actor, other = getattr(cast, who), make_article("Other")
    kept = make_article("Kept")
    picks.pick(article, kept, actor=None)
    for act in (
        lambda: picks.pick(article, other, actor=actor),
        lambda: picks.reorder(article, [kept.pk], actor=actor),
        lambda: picks.unpick(article, kept, actor=actor),
    ):
        if allowed:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()
    assert order(article) == (["Other"] if allowed else ["Kept"])


def test_a_contributor_curates_their_own_draft_with_public_articles_only(cast: Cast) -> None:
    draft = make_article("Mine", status=Status.DRAFT, created_by=cast.contributor)
    secret = make_article("Somebody's draft", status=Status.DRAFT)
    picks.pick(draft, make_article("Public"), actor=cast.contributor)
    with pytest.raises(PermissionDenied):
        picks.pick(draft, secret, actor=cast.contributor)
    assert order(draft) == ["Public"]


def test_a_revision_keeps_a_copy_and_restoring_brings_it_back(article: Article, cast: Cast) -> None:
    first, second, later = make_article("First"), make_article("Second"), make_article("Later")
    for target in (second, first):
        picks.pick(article, target, actor=cast.editor)
    copy = revision_parts["picks"].dump(article)
    picks.unpick(article, second, actor=cast.editor)
    picks.pick(article, later, actor=cast.editor, position=1)
    revision_parts["picks"].restore(article, [*copy, {"target": 999}], actor=cast.editor)
    assert order(article) == ["Second", "First"]
    assert revision_parts["picks"].dump(article) == copy


def test_where_used_names_the_lists_an_article_stands_in(article: Article, cast: Cast) -> None:
    other = make_article("Other")
    picks.pick(article, other, actor=cast.editor)
    uses = [use for find in where_used for use in find(other)]
    assert [use.label for use in uses] == ["Picked for the list beside “Here”"]


# On the article's form


def rows_of(client: Any, article: Article) -> dict[str, Any]:
    """What the browser would send back untouched."""
    page = client.get(reverse("admin:articles_article_change", args=[article.pk]))
    assert page.status_code == 200
    data: dict[str, Any] = {}
    forms = [page.context["adminform"].form, *(formset.formset for formset in page.context["inline_admin_formsets"])]
    for form in forms:
        members = [form] if not hasattr(form, "forms") else [form.management_form, *form.forms]
        for member in members:
            for bound in member:
                value = bound.value()
                data[bound.html_name] = "" if value is None else value
    return {name: value for name, value in data.items() if value is not False}


@pytest.fixture
def draft(cast: Cast) -> Article:
    state = WorkingState(headline="At work", section=make_section().pk, body="<p>Words.</p>")
    return revisions.create(state, actor=cast.editor)


def form(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def test_the_form_tells_of_the_list_and_leads_to_its_desk(draft: Article, cast: Cast, client: Any) -> None:
    publishing.publish(draft, actor=cast.editor)
    picks.pick(draft, make_article("<b>Picked</b>"), actor=cast.editor)
    suggest(draft, make_article("Fills a place"))
    client.force_login(cast.editor)
    page = client.get(form(draft)).content.decode()
    assert "As readers see it" in page
    assert "Fills a place" in page
    assert "&lt;b&gt;Picked&lt;/b&gt;" in page
    assert "<b>Picked</b>" not in page
    assert page.count(reverse("admin:curation_desk_article", args=[draft.pk])) == 2
    assert page.index('id="picks"') < page.index('id="placements-group"')


def test_saving_the_form_leaves_the_picks_and_keeps_a_copy(draft: Article, cast: Cast, client: Any) -> None:
    client.force_login(cast.editor)
    data = rows_of(client, draft)
    first, second = make_article("First"), make_article("Second")
    for target in (first, second):
        picks.pick(draft, target, actor=cast.chief)
    forged = {"picks-TOTAL_FORMS": "1", "picks-INITIAL_FORMS": "0", "picks-0-target": draft.pk, "target": first.pk}
    assert client.post(form(draft), data | forged).status_code == 302
    assert order(draft) == ["First", "Second"]
    draft.refresh_from_db()
    assert draft.latest is not None
    assert [entry["target"] for entry in draft.latest.parts["picks"]] == [first.pk, second.pk]


def test_the_form_has_no_list_for_who_has_no_desk_and_none_for_a_new_article(
    draft: Article, cast: Cast, client: Any
) -> None:
    public = make_article("Public")
    client.force_login(cast.moderator)
    page = client.get(form(public))
    assert page.status_code == 200
    assert "data-desk" not in page.content.decode()
    client.force_login(cast.editor)
    assert "data-desk" in client.get(form(public)).content.decode()
    assert "data-desk" not in client.get(reverse("admin:articles_article_add")).content.decode()


def test_the_form_names_no_story_its_user_may_not_know(cast: Cast, client: Any) -> None:
    state = WorkingState(headline="Mine", section=make_section().pk, body="<p>Words.</p>")
    mine = revisions.create(state, actor=cast.contributor)
    picks.pick(mine, make_article("Somebody's secret draft", status=Status.DRAFT), actor=cast.editor)
    client.force_login(cast.contributor)
    assert "secret draft" not in client.get(form(mine)).content.decode()


def test_publishing_is_not_needed_for_a_pick_to_show(draft: Article, cast: Cast) -> None:
    publishing.publish(draft, actor=cast.editor)
    before = version(f"related:{draft.pk}")
    picks.pick(draft, make_article("Other"), actor=cast.editor)
    assert version(f"related:{draft.pk}") == before + 1
