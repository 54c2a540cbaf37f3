"""Many articles that move in at once are what the verbs one by one would have made of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import publishing, revisions, search
from articles.models import Article, Handover, Status
from articles.publishing.arriving import Arrival, Release, bring_in
from articles.state import Credit, WorkingState
from outbox import effects
from outbox.models import AuditEntry, Effect
from pagecache.models import Key
from tests.conftest import Cast
from tests.factories import make_author, make_image, make_section

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OWN = {"id", "slug", "latest_id", "live_id", "import_id"}
"""What two articles never share."""


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def state(**more: Any) -> WorkingState:
    """A whole working state."""
    told: dict[str, Any] = {
        "headline": "The mill opens again",
        "slug": "mill",
        "standfirst": "After nine years.",
        "section": make_section().pk,
        "body": f'<p>It <a href="/city/x-9/">does</a>.</p><figure data-image="{make_image().pk}"></figure><h2>So</h2>',
        "tags": ("Mills", "mills", "Rivers"),
        "bylines": (Credit(make_author().pk), Credit(make_author("Bo").pk, "photos")),
        "publish_at": NOW - timedelta(days=900),
        **more,
    }
    return WorkingState(**told)


def one_by_one(wanted: WorkingState, *, live: bool) -> Article:
    """What the verbs make of it."""
    article = revisions.create(wanted, actor=None)
    return publishing.publish(article, actor=None) if live else article


def facts(article: Article) -> dict[str, Any]:
    """Everything stored about an article that another may share."""
    article = Article.objects.select_related("latest", "live").get(pk=article.pk)
    latest = article.latest
    assert latest is not None
    row = {field.attname: getattr(article, field.attname) for field in Article._meta.concrete_fields}
    return {name: value for name, value in row.items() if name not in OWN} | {
        "revision": (latest.number, latest.digest, latest.state, latest.parts, latest.headline, latest.planned_at),
        "live": article.live == latest,
        "tags": sorted(article.tagged.values_list("tag__name", flat=True)),
        "bylines": list(article.bylines.values_list("author", "role", "position")),
        "pictures": list(article.images.values_list("pk", "public_since")),
        "steps": list(Handover.objects.filter(article=article).values_list("verb", "from_status", "to_status")),
        "noted": sorted(AuditEntry.objects.filter(object_id=str(article.pk)).values_list("verb", flat=True)),
        "waiting": sorted(Effect.objects.filter(payload__article=article.pk).values_list("kind", "due_at"), key=str),
    }


CASES: dict[str, tuple[dict[str, Any], bool]] = {
    "an old story": ({}, True),
    "a draft": ({}, False),
    "a story of today": ({"publish_at": NOW - timedelta(hours=2)}, True),
    "a planned story": ({"publish_at": NOW + timedelta(days=2)}, True),
    "an embargoed story": ({"embargo_until": NOW + timedelta(days=1)}, True),
    "a story that expires": ({"expire_at": NOW + timedelta(days=1)}, True),
    "a story without an address": ({"slug": ""}, True),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("more", "live"), CASES.values(), ids=CASES.keys())
def test_what_arrives_is_what_the_verbs_would_have_made(more: dict[str, Any], live: bool) -> None:
    wanted = state(**more)
    first = one_by_one(wanted, live=live)
    arrival = Arrival(wanted, Release.LIVE if live else Release.DRAFT)
    bring_in([arrival], actor=None)
    assert arrival.article is not None
    assert facts(arrival.article) == facts(first)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "more", [{"headline": ""}, {"body": " "}, {"section": None}, {"lead_picture": 9}, {"bylines": (Credit(99),)}]
)
def test_what_the_checklist_holds_back_stays_a_draft_and_says_why(more: dict[str, Any]) -> None:
    wanted = state(**more)
    article = revisions.create(wanted, actor=None)
    with pytest.raises(publishing.NotReadyError) as refused:
        publishing.publish(article, actor=None)
    arrival = Arrival(wanted, Release.LIVE)
    bring_in([arrival], actor=None)
    assert arrival.article is not None
    assert arrival.article.status == Status.DRAFT
    assert " ".join(arrival.held) == str(refused.value)


@pytest.mark.django_db
def test_pages_that_list_them_are_refreshed_and_search_finds_them_once_a_worker_ran() -> None:
    wanted = state()
    arrivals = [Arrival(wanted.with_(slug=f"mill-{number}"), Release.LIVE) for number in range(3)]
    bring_in(arrivals, actor=None)
    kept = set(Key.objects.values_list("name", flat=True))
    section, writer = wanted.section, wanted.bylines[0].author
    assert {"front", "archive", f"section-list:{section}", f"author-list:{writer}"} <= kept
    assert {f"tag-list:{tag.pk}" for tag in arrivals[0].article.tags.all()} <= kept  # type: ignore[union-attr]
    assert search.find("mill").total == 0
    effects.run_due()
    assert search.find("mill").total == search.find("rivers").total == 3


@pytest.mark.django_db
def test_what_cannot_be_stored_is_refused_alone() -> None:
    wanted = state()
    long, many = wanted.with_(headline="x" * 161), wanted.with_(tags=tuple(f"tag {number}" for number in range(31)))
    arrivals = [Arrival(one) for one in (long, many, wanted.with_(body="x" * 600_000), wanted)]
    bring_in(arrivals, actor=None)
    assert [bool(one.refused) for one in arrivals] == [True, True, True, False]
    assert Article.objects.count() == 1


@pytest.mark.django_db
def test_only_who_leads_the_desk_moves_an_archive_in(cast: Cast) -> None:
    for person in (cast.contributor, cast.editor, cast.moderator):
        with pytest.raises(PermissionDenied):
            bring_in([Arrival(state())], actor=person)
    assert not Article.objects.exists()
    bring_in([Arrival(state())], actor=cast.chief)
    assert Article.objects.get().created_by == cast.chief


@pytest.mark.once
@pytest.mark.django_db
def test_a_hundred_cost_as_many_statements_as_ten() -> None:
    counts = []
    for many in (10, 100):
        wanted = state()
        with CaptureQueriesContext(connection) as told:
            bring_in([Arrival(wanted.with_(slug=f"m-{n}"), Release.LIVE) for n in range(many)], actor=None)
        counts.append(len(told))
    assert counts[1] <= counts[0] + 8  # SQLite takes some rows in parts
