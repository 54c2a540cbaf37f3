"""The demo newsroom: as large, as varied and as repeatable as the tests, the pictures and the demo need it."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from articles.models import Article, Correction, Section, Source, Status
from comments import figures, merits
from comments.models import Comment, ModerationEntry, Rule, State, WriterNote
from curation.models import Pick
from images.models import Image
from newsroom.demo.load import PASSWORD, STAFF, is_loaded, load
from pages.models import MenuItem, StaticPage
from people.models import Author
from products.click_report import PRODUCT, Period, grouped
from products.models import Merchant, Offer, Placement, Product
from tests.conftest import undone
from tests.document_checks import json_findings, needs_schemas, sitemap_findings, structured_data_findings
from tests.soak_sizes import EVERYTHING

pytestmark = pytest.mark.once

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
READERS = (Article, Section, Source, Correction, Comment, Pick, Author, Product, Offer, Placement, MenuItem, StaticPage)
LEFT_OUT = {"receipt", "body_html", "body_keys", "body_text", "word_count"}
"""What two loads may differ in: a secret, and what is made from the stored body and the cut pictures."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """The demo as of ``NOW``, loaded twice where everything is tried; gives the fingerprint of each load.

    Cutting the pictures takes longest, and is left to the part ``site``: here each has its sizes, and no pixels.
    """
    fingerprints = []
    with undone(django_db_blocker):
        with (
            time_machine.travel(NOW, tick=False),
            patch("images.uploads.cut", return_value=None),
            patch("images.uploads.encode", return_value=b""),
        ):
            if EVERYTHING:
                with transaction.atomic():
                    load(NOW)
                    fingerprints.append(fingerprint())
                    transaction.set_rollback(True)
            load(NOW)
            fingerprints.append(fingerprint())
        yield fingerprints


@pytest.fixture
def demo(world: list[str], db: None) -> Iterator[None]:
    """The newsroom as it was loaded, at the moment when it was loaded."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.django_db
def test_a_new_newsroom_is_not_the_demo() -> None:
    assert not is_loaded()


def test_it_holds_sixty_stories_of_300_to_900_words_in_eight_sections(demo: None) -> None:
    stories = Article.objects.public()
    assert stories.count() >= 60
    assert stories.values("section").distinct().count() >= 8
    outside = {row.slug: row.word_count for row in stories if not 300 <= row.word_count <= 900}
    assert outside == {}
    assert stories.values("kind").distinct().count() >= 5


def test_twelve_people_sign_and_each_of_them_has_a_face(demo: None) -> None:
    assert Author.objects.count() == 12
    assert not Author.objects.filter(portrait=None).exists()
    signed = Article.objects.public().filter(bylines__author__in=Author.objects.all()).distinct()
    assert signed.values("bylines__author").distinct().count() == 12


def test_agency_stories_carry_their_credit_line(demo: None, client: Client) -> None:
    agency = Article.objects.public().filter(source__isnull=False)
    assert agency.count() >= 5
    for story in agency.select_related("section", "source"):
        assert story.source is not None
        assert story.publish_at is not None
        assert story.source_url
        line = f"© {story.source.name} {story.publish_at.year}"
        assert line in client.get(story.get_absolute_url()).content.decode()


def test_a_scheduled_and_an_embargoed_story_wait_for_their_moment(demo: None, client: Client) -> None:
    scheduled = Article.objects.get(slug="council-vote-tonight", status=Status.SCHEDULED, embargo_until=None)
    embargoed = Article.objects.get(embargo_until__gt=NOW)
    for story in (scheduled, embargoed):
        assert client.get(story.get_absolute_url()).status_code == 404
        assert story.headline not in client.get("/archive/").content.decode()
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        for story in (scheduled, embargoed):
            assert client.get(story.get_absolute_url()).status_code == 200


def test_a_corrected_story_says_so(demo: None, client: Client) -> None:
    note = Correction.objects.select_related("article__section").first()
    assert note is not None
    assert note.text[:40] in client.get(note.article.get_absolute_url()).content.decode()


def test_what_machines_read_of_it_is_as_their_schemas_want_it(demo: None, client: Client, tmp_path: Path) -> None:
    needs_schemas()
    parts = ("pages", "news", "stories-0", "topics-0", "authors-0")
    assert [sitemap_findings(client.get(f"/sitemaps/{part}.xml").content, tmp_path) for part in parts] == [[]] * 5
    assert sitemap_findings(client.get("/sitemap.xml").content, tmp_path, "siteindex.xsd") == []
    for slug in Section.objects.values_list("slug", flat=True):
        assert json_findings(client.get(f"/feeds/section/{slug}/feed.json").content, "jsonfeed") == []
        assert json_findings(client.get(f"/feeds/section/{slug}/ninjs.json").content, "ninjs") == []
    for story in Article.objects.public().exclude(source__feeds="none"):
        assert json_findings(client.get(f"/feeds/article/{story.pk}/ninjs.json").content, "ninjs") == []


def test_its_pages_describe_themselves_as_search_engines_want_it(demo: None, client: Client) -> None:
    stories = Article.objects.public().select_related("section")
    authors, sections = Author.objects.all()[:3], Section.objects.all()[:3]
    paths = ["/", *(row.get_absolute_url() for row in (*stories, *authors, *sections))]
    wrong = {
        "control": '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Nothing"}</script>'
    }
    found = structured_data_findings({path: client.get(path).content.decode() for path in paths} | wrong)
    assert {issue["name"] for issue in found} == {"control"}, found


def test_the_desk_has_work_of_every_kind(demo: None) -> None:
    assert set(Article.objects.values_list("status", flat=True)) >= {
        Status.DRAFT,
        Status.IN_REVIEW,
        Status.SCHEDULED,
        Status.PUBLISHED,
    }
    assert set(Comment.objects.values_list("state", flat=True)) >= {State.APPROVED, State.PENDING, State.SPAM}
    assert Comment.objects.approved().filter(depth__gte=2).exists()
    assert Comment.objects.approved().exclude(staff=None).exists()


def test_the_comments_desk_has_some_of_everything(demo: None, client: Client) -> None:
    pending = Comment.objects.pending()
    grouped = Counter(pending.exclude(cluster=None).values_list("cluster", flat=True))
    assert [size for size in grouped.values() if size >= 5]
    assert {"rule-word", "rule-links", "said-before", "score"} <= set(pending.values_list("why", flat=True))
    assert list(Comment.objects.reported().values_list("state", "open_reports")) == [(State.APPROVED, 2)]
    appealed = Comment.objects.appealed().get()
    assert (appealed.state, bool(appealed.appeal.text)) == (State.REJECTED, True)
    assert Comment.objects.filter(featured=True, state=State.APPROVED).exists()
    assert Comment.objects.filter(edited_by_staff=True, state=State.APPROVED).exists()
    assert pending.filter(edited_at__isnull=False, edited_by_staff=False).exists()
    assert Comment.objects.filter(state=State.SPAM, why="spam-before", decisions__by=None).exists()
    warned = ModerationEntry.objects.get(warning=True).comment
    assert WriterNote.objects.filter(email=warned.email).exists()
    assert pending.filter(email=warned.email).exists()
    assert set(Rule.objects.values_list("kind", flat=True)) == set(Rule.Kind.values)
    client.login(username="moderator@example.org", password=PASSWORD)
    for page in ("", "rule/", "moderationentry/", "secondlook/agreement/", "deskday/", "learner/"):
        assert client.get(f"/admin/comments/{page or 'comment/'}").status_code == 200, page


def test_the_desk_s_figures_the_promise_and_the_score_come_from_decisions(demo: None) -> None:
    assert figures.made_of().within == timedelta(hours=2)
    assert sum(day.decided for day in figures.days()) >= 70
    oldest = figures.now().oldest
    assert oldest is not None
    assert oldest > NOW - timedelta(days=1)
    standing = merits.standing()
    assert standing.lessons >= 120
    assert standing.towards
    assert standing.away
    half = standing.measured[0]
    assert half.right >= 10
    assert half.precision >= 0.9
    assert not standing.is_acting
    assert not Comment.objects.filter(created_at__gt=NOW).exists()
    assert not ModerationEntry.objects.filter(at__gt=NOW).exists()


def test_products_of_two_merchants_have_dated_prices(demo: None) -> None:
    assert Merchant.objects.count() == 2
    assert Product.objects.count() >= 10
    assert all(NOW - timedelta(days=30) < offer.seen_at <= NOW for offer in Offer.objects.all())
    kept = Placement.objects.all()
    assert kept.exclude(article=None).exists()
    assert kept.exclude(section=None).exists()
    assert kept.exclude(tag=None).exists()


def test_the_desks_screens_of_products_have_something_to_show(demo: None) -> None:
    with time_machine.travel(NOW, tick=False):
        waiting = [offer.product.slug for offer in Offer.objects.to_look_at().select_related("product")]
        rows = grouped(Period.usual(), PRODUCT, None)
    assert 1 <= len(waiting) <= Offer.objects.count() // 2, "some to look at, most in order"
    assert "rain-cape" in waiting
    assert len(rows) >= 3
    assert rows[0].clicks > rows[-1].clicks


def test_every_picture_is_small_described_and_drawn_by_us(demo: None) -> None:
    assert Image.objects.count() >= 50
    for image in Image.objects.all():
        assert max(image.width, image.height) <= 1600, image
        assert image.alt, image
        assert image.credit, image
    pictured = Article.objects.public().exclude(lead_picture=None).count()
    assert pictured >= 40


def test_no_published_story_breaks_a_promise_of_the_checklist(demo: None) -> None:
    for story in Article.objects.public().prefetch_related("tagged", "bylines"):
        assert story.headline
        assert story.standfirst, story
        assert story.tagged.count() >= 2, story
        assert story.bylines.exists() or story.source_id, story
        assert "story:" not in story.body, story
        assert story.import_id is None


def test_every_menu_leads_somewhere(demo: None, client: Client) -> None:
    assert MenuItem.objects.filter(menu="main").count() >= 8
    for item in MenuItem.objects.all():
        assert client.get(item.href).status_code == 200, item
    assert {page.slug for page in StaticPage.objects.all()} >= {"about", "contact", "privacy", "imprint"}


def test_every_story_answers_and_every_link_inside_leads_somewhere(demo: None, client: Client) -> None:
    addresses = {story.get_absolute_url() for story in Article.objects.public().select_related("section")}
    for address in sorted(addresses):
        assert client.get(address).status_code == 200, address
    inner = {
        link.split('"')[0]
        for body in Article.objects.public().values_list("body_html", flat=True)
        for link in body.split('href="/')[1:]
    }
    known = {story.get_absolute_url().lstrip("/") for story in Article.objects.select_related("section")}
    assert {link for link in inner if link != "archive/"} <= known


def test_its_people_can_sign_in_and_it_is_loaded_only_once(demo: None, client: Client) -> None:
    assert is_loaded()
    for email in STAFF:
        assert client.login(username=email, password=PASSWORD), email
        assert client.get("/admin/").status_code == 200


@pytest.mark.skipif(not EVERYTHING, reason="loading takes long: .ci/run and make soak load it twice")
def test_loading_twice_at_one_time_gives_the_same_newsroom(demo: None, world: list[str]) -> None:
    assert len(world) == 2
    assert world[0] == world[1]


def test_control_the_comparison_sees_a_changed_word(demo: None, world: list[str]) -> None:
    assert fingerprint() == world[-1]
    note = Correction.objects.all()[0]
    note.text += "!"
    note.save()
    assert fingerprint() != world[-1]


def fingerprint() -> str:
    """A digest of everything readers see; rows count from the first, whatever its id."""
    digest = sha256()
    for model in READERS:
        for row in model._default_manager.order_by("pk"):
            values = [_value(row, field) for field in model._meta.concrete_fields if field.name not in LEFT_OUT]
            digest.update("\n".join([model._meta.label, *values]).encode())
    for image in Image.objects.order_by("pk"):
        digest.update(f"{image.title} {image.alt} {image.credit} {image.checksum}".encode())
    return digest.hexdigest()


def _value(row: Any, field: Any) -> str:
    value = getattr(row, field.attname)
    if value is not None and (field.is_relation or field.primary_key):
        return str(value - _first(field.related_model or type(row)))
    if field.name == "cluster" and value is not None:
        return str(value - _first(Comment))
    if field.name == "findings":
        value = [{**row, "facts": {**row.get("facts", {}), "rule": 0}} for row in value]
    if field.name == "linked_ids":
        value = [pk - _first(Article) for pk in value]
    if isinstance(value, str) and field.name.startswith("body"):
        value = re.sub(r'data-image="(\d+)"', lambda match: f"picture {int(match[1]) - _first(Image)}", value)
        value = re.sub(r'-(\d+)/"', lambda match: f"story {int(match[1]) - _first(Article)}", value)
    return str(value)


def _first(model: Any) -> int:
    return int(model._base_manager.order_by("pk").values_list("pk", flat=True)[0])
