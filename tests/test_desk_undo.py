"""Taking one's own changes of a list back, any number of them, never over a colleague's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles.models import Article
from curation import exclusions, picks
from curation.models import CuratedList, Exclusion, Pick
from curation.places import FRONT, Place, picks_of
from curation.undo import undo
from outbox.models import AuditEntry
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, make_section


@pytest.fixture
def article(db: None) -> Article:
    return make_article("Here")


@pytest.fixture
def three(article: Article, cast: Cast) -> list[Article]:
    made = [make_article(name) for name in "ABC"]
    for target in made:
        picks.pick(article, target, actor=cast.editor)
    return made


def order(place: Place) -> str:
    return "".join(row.target.headline for row in picks_of(place).select_related("target"))


def last(actor: User) -> int:
    entry = AuditEntry.objects.filter(actor=actor).latest("id")
    return entry.pk


def undo_last(place: Place, actor: User) -> None:
    undo(place, last(actor), actor=actor)


def test_undo_any_number_of_times_back(article: Article, three: list[Article], cast: Cast) -> None:
    a, b, c = three
    done = []
    until = timezone.now() + timedelta(days=1)
    acts: tuple[Callable[[], AuditEntry | None], ...] = (
        lambda: picks.reorder(article, [c.pk, a.pk, b.pk], actor=cast.editor),
        lambda: picks.describe(article, a, picks.Details(until=until, note="n", headline="h"), actor=cast.editor),
        lambda: exclusions.never_here(article, a, actor=cast.editor, reason="r"),
        lambda: exclusions.allow_here(article, a, actor=cast.editor),
        lambda: picks.unpick(article, c, actor=cast.editor),
        lambda: picks.switch(article, off=True, actor=cast.editor),
        lambda: picks.switch(article, off=False, actor=cast.editor),
    )
    for act in acts:
        entry = act()
        assert entry is not None
        done.append((entry.pk, order(article)))
    seen = []
    for entry_id, _after in reversed(done):
        undo(article, entry_id, actor=cast.editor)
        seen.append((order(article), CuratedList.objects.get(article=article).off, Exclusion.objects.count()))
    assert seen == [
        ("B", True, 0),
        ("B", False, 0),
        ("CB", False, 0),
        ("CB", False, 1),
        ("CAB", False, 0),
        ("CAB", False, 0),
        ("ABC", False, 0),
    ]
    assert picks.Details.of(Pick.objects.get(target=a)) == picks.Details()


def test_undoing_never_here_brings_the_pick_back_as_it_was(article: Article, three: list[Article], cast: Cast) -> None:
    details = picks.Details(until=timezone.now() + timedelta(days=1), note="n", headline="h")
    picks.describe(article, three[1], details, actor=cast.editor)
    exclusions.never_here(article, three[1], actor=cast.editor)
    assert order(article) == "AC"
    undo_last(article, cast.editor)
    assert order(article) == "ABC"
    assert picks.Details.of(Pick.objects.get(target=three[1])) == details


def test_undoing_an_unpick_brings_its_details_back(article: Article, three: list[Article], cast: Cast) -> None:
    details = picks.Details(note="n", headline="h")
    picks.describe(article, three[0], details, actor=cast.editor)
    picks.unpick(article, three[0], actor=cast.editor)
    undo_last(article, cast.editor)
    assert order(article) == "ABC"
    assert picks.Details.of(Pick.objects.get(target=three[0])) == details


def test_it_is_audited_as_undone(article: Article, three: list[Article], cast: Cast) -> None:
    entry = last(cast.editor)
    undone = undo(article, entry, actor=cast.editor)
    assert (undone.verb, undone.details) == ("undid picked", {"undone": entry, "picked": three[2].pk, "headline": "C"})
    assert AuditEntry.objects.filter(verb="unpicked").count() == 1


def test_nothing_is_undone_twice(article: Article, three: list[Article], cast: Cast) -> None:
    entry = last(cast.editor)
    undo(article, entry, actor=cast.editor)
    picks.pick(article, three[2], actor=cast.editor)
    with pytest.raises(ValidationError, match="taken back already"):
        undo(article, entry, actor=cast.editor)
    assert order(article) == "ABC"


def test_a_colleagues_later_change_of_the_same_stands(article: Article, three: list[Article], cast: Cast) -> None:
    entry = last(cast.editor)
    picks.describe(article, three[2], picks.Details(note="Mine now"), actor=cast.chief)
    with pytest.raises(ValidationError, match="Chiara Chief changed the same since"):
        undo(article, entry, actor=cast.editor)
    assert order(article) == "ABC"


def test_a_colleagues_change_of_something_else_does_not_hinder(
    article: Article, three: list[Article], cast: Cast
) -> None:
    entry = picks.reorder(article, [row.pk for row in reversed(three)], actor=cast.editor)
    assert entry is not None
    picks.pick(article, make_article("D"), actor=cast.chief, position=2)
    assert order(article) == "CDBA"
    undo(article, entry.pk, actor=cast.editor)
    assert order(article) == "ADBC"


def test_a_colleagues_later_order_stands(article: Article, three: list[Article], cast: Cast) -> None:
    a, b, c = three
    entry = picks.reorder(article, [c.pk, b.pk, a.pk], actor=cast.editor)
    assert entry is not None
    picks.reorder(article, [b.pk, a.pk, c.pk], actor=cast.chief)
    with pytest.raises(ValidationError, match="Chiara Chief"):
        undo(article, entry.pk, actor=cast.editor)
    assert order(article) == "BAC"


def test_only_ones_own_change_of_this_very_list(article: Article, three: list[Article], cast: Cast) -> None:
    entry, elsewhere = last(cast.editor), make_article("Elsewhere")
    for place, actor in ((article, cast.chief), (elsewhere, cast.editor), (FRONT, cast.editor)):
        with pytest.raises(ValidationError, match="nothing of yours"):
            undo(place, entry, actor=actor)
    for actor in (cast.contributor, cast.moderator):
        with pytest.raises(PermissionDenied):
            undo(article, entry, actor=actor)
    assert order(article) == "ABC"
    undo(article, entry, actor=cast.editor)
    assert order(article) == "AB"


def test_only_changes_of_a_list_are_undone(article: Article, cast: Cast) -> None:
    other = AuditEntry.objects.create(
        actor=cast.editor, verb="published", object_type="articles.article", object_id=str(article.pk)
    )
    with pytest.raises(ValidationError, match="nothing of yours"):
        undo(article, other.pk, actor=cast.editor)


def test_front_and_section_lists_too(cast: Cast) -> None:
    section = make_section()
    target = make_article("A")
    for place in (FRONT, section):
        picks.pick(place, target, actor=cast.editor)
        undo_last(place, cast.editor)
        assert order(place) == ""


def test_what_was_deleted_meanwhile_is_said(article: Article, three: list[Article], cast: Cast) -> None:
    picks.unpick(article, three[0], actor=cast.editor)
    entry = last(cast.editor)
    three[0].delete()
    with pytest.raises(ValidationError, match="does not exist any more"):
        undo(article, entry, actor=cast.editor)
