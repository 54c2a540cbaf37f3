"""Keeping articles out of lists: who may, what it writes, and which pages change."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles.models import Article
from curation import exclusions, picks
from curation.models import CuratedList, Exclusion, KeptApart, KeptApartMember, Pick
from outbox.models import AuditEntry
from pagecache.models import Key
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, suggest

pytestmark = pytest.mark.django_db


def versions() -> dict[str, int]:
    return dict(Key.objects.values_list("name", "version"))


def raised(act: Callable[[], object]) -> set[str]:
    before = versions()
    act()
    return {name for name, number in versions().items() if number != before.get(name, 0)}


def last_entry() -> tuple[str, str, dict[str, Any]]:
    entry = AuditEntry.objects.order_by("-id")[0]
    return entry.verb, entry.object_id, entry.details


def test_never_here_is_live_audited_and_takes_the_pick_along(cast: Cast) -> None:
    here, other = make_article("Here"), make_article("Other")
    picks.pick(here, other, actor=cast.editor)
    picked_at = Pick.objects.get().picked_at.isoformat()
    keys = raised(lambda: exclusions.never_here(here, other, actor=cast.editor, reason="Sold out"))
    assert f"related:{here.pk}" in keys
    assert not Pick.objects.exists()
    row = Exclusion.objects.get()
    assert (row.article, row.target, row.reason, row.made_by) == (here, other, "Sold out", cast.editor)
    verb, about, details = last_entry()
    assert (verb, about) == ("never here", str(here.pk))
    hand = {"by": cast.editor.pk, "at": picked_at}
    kept = {"position": 1, "until": None, "note": "", "headline": "", "picture": None, "hand": hand}
    assert details == {"excluded": other.pk, "headline": "Other", "reason": "Sold out", "picked": True, "pick": kept}
    assert CuratedList.objects.get(article=here).version == 2


def test_excluding_twice_and_allowing_twice_is_once(cast: Cast) -> None:
    here, other = make_article("Here"), make_article("Other")
    assert exclusions.never_here(here, other, actor=cast.editor) is not None
    assert exclusions.never_here(here, other, actor=cast.chief) is None
    assert exclusions.allow_here(here, other, actor=cast.editor) is not None
    assert exclusions.allow_here(here, other, actor=cast.editor) is None
    assert not Exclusion.objects.exists()


def test_the_article_itself_cannot_be_excluded_from_its_own_list(cast: Cast) -> None:
    here = make_article("Here")
    with pytest.raises(ValidationError, match="own list anyway"):
        exclusions.never_here(here, here, actor=cast.editor)


def test_what_is_excluded_cannot_be_picked_and_the_reason_is_told(cast: Cast) -> None:
    here, one, two, three = (make_article(name) for name in ("Here", "One", "Two", "Three"))
    exclusions.never_here(here, one, actor=cast.editor)
    exclusions.never_anywhere(two, actor=cast.chief, reason="Retracted")
    exclusions.keep_apart([here, three], actor=cast.chief, reason="Court order")
    for target, words in ((one, "Edda Editor"), (two, "Retracted"), (three, "Court order")):
        with pytest.raises(ValidationError, match=words):
            picks.pick(here, target, actor=cast.editor)
    assert not Pick.objects.exists()


def test_never_anywhere_refreshes_every_list_it_stands_in_and_could_come_back_to(cast: Cast) -> None:
    one, two, other = make_article("One"), make_article("Two"), make_article("Other")
    suggest(one, other)
    picks.pick(two, other, actor=None)
    wanted = {f"related:{one.pk}", f"related:{two.pk}", f"article:{other.pk}"}
    assert wanted <= raised(lambda: exclusions.never_anywhere(other, actor=cast.editor, reason="Wrong"))
    assert last_entry()[0] == "never anywhere"
    assert wanted <= raised(lambda: exclusions.allow_anywhere(other, actor=cast.editor))
    assert last_entry()[0] == "allowed anywhere"
    assert Pick.objects.filter(article=two, target=other).exists()


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "a\0b"])
def test_what_holds_everywhere_needs_a_reason_that_can_be_kept(cast: Cast, reason: str) -> None:
    one, two = make_article("One"), make_article("Two")
    with pytest.raises(ValidationError):
        exclusions.never_anywhere(one, actor=cast.editor, reason=reason)
    with pytest.raises(ValidationError):
        exclusions.keep_apart([one, two], actor=cast.editor, reason=reason)
    assert not Exclusion.objects.exists()
    assert not KeptApart.objects.exists()


def test_a_group_has_a_reason_an_owner_and_at_least_two_articles(cast: Cast) -> None:
    one, two, three = (make_article(name) for name in ("One", "Two", "Three"))
    with pytest.raises(ValidationError, match="at least two"):
        exclusions.keep_apart([one, one], actor=cast.editor, reason="Trial")
    group = exclusions.keep_apart([one, two], actor=cast.editor, reason="Trial")
    assert group.owner == cast.editor
    keys = raised(lambda: exclusions.keep_apart([two, three], actor=cast.chief, reason="Appeal", group=group))
    assert {f"related:{article.pk}" for article in (one, two, three)} <= keys
    assert set(KeptApartMember.objects.values_list("article", flat=True)) == {two.pk, three.pk}
    assert last_entry()[2] == {"reason": "Appeal", "before": [one.pk, two.pk], "after": [two.pk, three.pk]}
    keys = raised(lambda: exclusions.let_together(group, actor=cast.chief))
    assert {f"related:{two.pk}", f"related:{three.pk}"} <= keys
    assert not KeptApart.objects.exists()


def acts(here: Article, other: Article, group: KeptApart, actor: User) -> dict[str, Callable[[], object]]:
    return {
        "never here": lambda: exclusions.never_here(here, other, actor=actor),
        "allow here": lambda: exclusions.allow_here(here, other, actor=actor),
        "never anywhere": lambda: exclusions.never_anywhere(other, actor=actor, reason="Wrong"),
        "allow anywhere": lambda: exclusions.allow_anywhere(other, actor=actor),
        "keep apart": lambda: exclusions.keep_apart([here, other], actor=actor, reason="Trial"),
        "change group": lambda: exclusions.keep_apart([here, other], actor=actor, reason="Appeal", group=group),
        "let together": lambda: exclusions.let_together(group, actor=actor),
    }


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("contributor", False), ("moderator", False), ("editor", True), ("chief", True), ("administrator", True)],
)
def test_only_editors_keep_articles_out(cast: Cast, who: str, allowed: bool) -> None:
    here, other = make_article("Here"), make_article("Other")
    group = exclusions.keep_apart([here, make_article("Third")], actor=None, reason="Trial")
    exclusions.never_anywhere(make_article("Fourth"), actor=None, reason="Wrong")
    before = AuditEntry.objects.count()
    for act in acts(here, other, group, getattr(cast, who)).values():
        if allowed:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()
    assert (AuditEntry.objects.count() > before) is allowed


def test_a_contributor_keeps_articles_out_of_the_list_of_their_own_draft_only(cast: Cast) -> None:
    draft = make_article("Mine", status="draft", created_by=cast.contributor)
    public, other = make_article("Public"), make_article("Other")
    assert exclusions.never_here(draft, other, actor=cast.contributor) is not None
    with pytest.raises(PermissionDenied):
        exclusions.never_here(public, other, actor=cast.contributor)


def test_a_decision_that_stands_can_be_looked_at_and_not_rewritten(cast: Cast) -> None:
    row = Exclusion.objects.create(target=make_article("The tram is late"), reason="Wrong in part", made_by=cast.editor)
    client, address = Client(), f"/admin/curation/exclusion/{row.pk}/change/"
    client.force_login(cast.editor)
    page = client.get(address).content.decode()
    assert "The tram is late" in page
    assert "Wrong in part" in page
    assert client.post(address, {"reason": "Right"}).status_code == 403
