"""Two colleagues take different steps with the same things at the same instant: no deadlock, no lost step."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, transaction
from django.utils import timezone

from articles import publishing, revisions, series, tag_merging
from articles.history import restoring
from articles.models import Article, Handover, Series, Status, Tag
from articles.models.article import LIVE_STATUSES
from articles.schedule import later, moving
from articles.state import WorkingState
from articles.tag_names import tags_named
from tests.concurrency import at_once
from tests.factories import make_article, make_image, make_section
from tests.soak_sizes import EVERYTHING
from wastebin import bin as waste

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 6 if EVERYTHING else 3
REFUSALS = (PermissionDenied, ValidationError, Article.DoesNotExist)
"""What the slower of two may hear, in words; anything else is a fault."""

HOUR = timedelta(hours=1)
Step = Callable[[Article], object]


def words(**fields: Any) -> WorkingState:
    told: dict[str, Any] = {"headline": "The tram is late", "section": make_section().pk, "body": "<p>Late.</p>"}
    return WorkingState(**{"tags": ("Trams", "Streetcars"), **told, **fields})


def in_review() -> Article:
    article = revisions.create(words(lead_picture=make_image().pk), actor=None)
    revisions.save(article, words(headline="Second"), actor=None)
    publishing.submit_for_review(article, actor=None)
    series.add(article, Series.objects.get_or_create(title="The harbour", slug="the-harbour")[0], actor=None)
    return article


def live() -> Article:
    article = in_review()
    publishing.publish(article, actor=None)
    revisions.save(article, words(headline="Third"), actor=None)
    return article


def approve(article: Article) -> None:
    publishing.approve(article, actor=None)


def send_back(article: Article) -> None:
    publishing.send_back(article, actor=None)


def kill(article: Article) -> None:
    publishing.kill(article, actor=None, reason="A court order")


def publish(article: Article) -> None:
    publishing.publish(article, actor=None)


def take_down(article: Article) -> None:
    publishing.take_down(article, actor=None)


def restore(article: Article) -> None:
    restoring.restore(article, article.revisions.get(number=1), actor=None, parts=True)


def save(article: Article) -> None:
    revisions.save(article, words(headline="Saved at once"), actor=None)


def move(article: Article) -> None:
    moving.move(article, timezone.now() + HOUR, actor=None)


def plan(article: Article) -> None:
    revision = article.revisions.first()
    assert revision is not None
    later.schedule_change(article, revision, timezone.now() + HOUR, actor=None)


def put_into_bin(article: Article) -> None:
    waste.put(article, actor=None)


def leave_series(article: Article) -> None:
    series.remove(article, actor=None)


def merge_tags(_article: Article) -> None:
    tags_named(["Trams", "Streetcars"])
    gone, kept = Tag.objects.filter(name="Trams").first(), Tag.objects.filter(name="Streetcars").first()
    if gone is not None and kept is not None:
        tag_merging.merge(gone, kept, actor=None)


PAIRS: list[tuple[Callable[[], Article], Step, Step]] = [
    *((in_review, one, other) for one, other in [
        (approve, send_back), (approve, kill), (approve, restore), (move, approve), (move, kill), (publish, kill),
        (publish, move), (publish, merge_tags), (restore, save), (put_into_bin, save), (put_into_bin, publish),
        (put_into_bin, leave_series), (leave_series, kill),
    ]),
    *((live, one, other) for one, other in [
        (publish, kill), (take_down, kill), (plan, kill), (plan, publish), (plan, merge_tags), (restore, kill),
        (publish, merge_tags), (take_down, leave_series), (publish, save), (plan, save),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("make", "one", "other"), PAIRS, ids=lambda part: part.__name__)
def test_two_steps_at_once_end_as_one_after_the_other(make: Callable[[], Article], one: Step, other: Step) -> None:
    for _round in range(ROUNDS):
        article = make()
        faults = at_once([lambda a=article: one(a), lambda a=article: other(a)])  # type: ignore[misc]
        assert [fault for fault in faults if not isinstance(fault, REFUSALS)] == []
        _is_whole(article, kill in {one, other}, len(faults))


def test_who_had_to_wait_for_a_save_publishes_what_was_saved() -> None:
    article = live()
    _while_it_is_saved(article, lambda: publish(article))
    article = Article.objects.get(pk=article.pk)
    assert (article.headline, article.live) == ("Saved at once", article.latest)


def test_control_a_row_locked_with_its_revision_joined_comes_without_one() -> None:
    article, seen = live(), []
    rows = Article.objects.select_for_update(of=("self",)).select_related("latest")

    def look() -> None:
        with transaction.atomic():
            seen.append(rows.get(pk=article.pk).latest)

    _while_it_is_saved(article, look)
    assert seen == [None]


def _while_it_is_saved(article: Article, step: Callable[[], object]) -> None:
    """Have ``step`` begin while a colleague's save holds the row."""
    held = threading.Event()

    def saves() -> None:
        with transaction.atomic():
            save(article)
            held.set()
            threading.Event().wait(0.5)

    assert at_once([saves, lambda: held.wait(5) and step()]) == []


def _is_whole(article: Article, killed: bool, refused: int) -> None:
    row = Article.objects.filter(pk=article.pk).first()
    if row is None:
        return
    assert row.latest == row.revisions.first(), "the newest revision is what the form shows"
    numbers = list(row.revisions.values_list("number", flat=True))
    assert numbers == list(range(len(numbers), 0, -1))
    if killed:
        assert row.status == Status.KILLED
        assert not later.waiting_for(row)
    assert row.status not in LIVE_STATUSES or row.live is not None
    step = Handover.objects.filter(article=row).order_by("pk").last()
    assert step is not None
    assert step.to_status == row.status
    assert refused <= 1


def test_control_locks_taken_in_two_orders_are_a_fault_that_is_seen() -> None:
    """The same harness, with two steps that hold the articles in opposite order."""
    first, second = make_article("One"), make_article("Two")

    def hold(*articles: Article) -> None:
        with transaction.atomic():
            for article in articles:
                list(Article.objects.select_for_update().filter(pk=article.pk))
                waited.wait(1)

    waited = threading.Event()
    faults = at_once([lambda: hold(first, second), lambda: hold(second, first)])
    assert [type(fault) for fault in faults] == [OperationalError]


def test_control_a_step_without_the_rows_lock_is_lost() -> None:
    """Two saves of the whole row, as a careless form would do, leave one person's word only."""
    article = make_article()
    rows = [Article.objects.get(pk=article.pk) for _person in range(2)]
    rows[0].headline, rows[1].standfirst = "Mine", "Theirs"
    assert at_once([rows[0].save, rows[1].save]) == []
    article.refresh_from_db()
    assert (article.headline, article.standfirst) != ("Mine", "Theirs")
