"""Nothing public tells anything of an article that readers may not see, not even that it exists."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article, Correction, Status, Tag
from articles.state import Credit, WorkingState
from curation import picks
from images import files
from images.models import Image, RenditionName
from products.models import Placement
from tests.factories import make_article, make_author, make_comment, make_image, make_product, make_section, make_source

pytestmark = pytest.mark.django_db

MARKS = {
    "headline": "Qzheadline",
    "standfirst": "Qzstandfirst",
    "body": "Qzbody",
    "lead_caption": "Qzcaption",
    "search_title": "Qzsearchtitle",
    "search_description": "Qzsearchdescription",
}
TAG, AUTHOR, ALT, COMMENT, CORRECTION, SOURCE, SLUG = (
    "Qztag", "Qzauthor", "Qzalt", "Qzcomment", "Qzcorrection", "Qzsource", "qzslug",
)  # fmt: skip
ALL = {*MARKS.values(), TAG, AUTHOR, ALT, COMMENT, CORRECTION, SOURCE, SLUG}


def draft(article: Article) -> None:
    """Never published."""


def scheduled(article: Article) -> None:
    """Released for tomorrow."""
    _publish(article, publish_at=timezone.now() + timedelta(days=1))


def embargoed(article: Article) -> None:
    """Released, dated in the past, under embargo."""
    past = timezone.now() - timedelta(days=1)
    _publish(article, publish_at=past, embargo_until=timezone.now() + timedelta(days=1))


def in_review(article: Article) -> None:
    """Handed to an editor."""
    publishing.submit_for_review(article, actor=None)


def approved(article: Article) -> None:
    """Ready to go out."""
    publishing.submit_for_review(article, actor=None)
    publishing.approve(article, actor=None)


def killed_before(article: Article) -> None:
    """Killed while nobody could have read it."""
    scheduled(article)
    publishing.kill(article, actor=None, reason="Qzreason")


def public(article: Article) -> None:
    """The control."""
    _publish(article)


def _publish(article: Article, **times: Any) -> None:
    revisions.save(article, WorkingState.of(article).with_(**times), actor=None)
    publishing.publish(article, actor=None)


HIDDEN: list[Callable[[Article], None]] = [draft, scheduled, embargoed, in_review, approved, killed_before]


@pytest.fixture
def marked() -> Article:
    """A draft with a mark in every field, picked beside a public article, and with everything that hangs on one."""
    section = make_section("City")
    shown = make_article("A public story", section=section, publish_at=timezone.now() - timedelta(hours=2))
    image = make_image(alt=ALT, caption="Qzimagecaption", credit="Qzcredit", title="Qztitle")
    for made in image.renditions:
        made["name"] = f"{files.new_stem()}.jpg"
    image.save()
    file = image.renditions[1]["name"]
    RenditionName.objects.create(stem=file.removesuffix(".jpg"), image=image)
    files.put(files.private(), file, ContentFile(b"a picture"))
    words: dict[str, Any] = {name: f"<p>{mark}</p>" if name == "body" else mark for name, mark in MARKS.items()}
    state = WorkingState(
        **words,
        slug=SLUG,
        section=section.pk,
        lead_picture=image.pk,
        social_picture=image.pk,
        tags=(TAG,),
        bylines=(Credit(make_author(AUTHOR).pk),),
        source=make_source(SOURCE, credit=SOURCE).pk,
    )
    article = revisions.create(state, actor=None)
    make_comment(article, COMMENT)
    Correction.objects.create(article=article, text=CORRECTION)
    picks.pick(shown, article, actor=None)
    Placement.objects.create(product=make_product("Lantern"), article=article)
    return article


def surfaces(article: Article) -> list[str]:
    """Every public address on which something of the article could stand."""
    pk = article.pk
    other = Article.objects.get(headline="A public story")
    return [
        "/", "/city/", "/archive/", "/archive/?section=city", "/archive/?author=qzauthor", "/archive/?source=qzsource",
        "/archive/?tag=qztag", "/archive/?kind=news", "/archive/?q=Qzbody", "/tag/qztag/", "/tag/qztag/?before=9",
        other.get_absolute_url(), f"/comments/{other.pk}/", f"/comments/{pk}/", f"/comments/{pk}/?reply_to=1",
        f"/city/{SLUG}-{pk}/", f"/city/x-{pk}/", f"/wrong/{SLUG}-{pk}/", f"/city/-{pk}/",
        *(f"/search/?q={word}" for word in sorted(ALL)), "/search/?q=Qzhea", "/search/?q=Qzta",
    ]  # fmt: skip


def sightings(client: Client, article: Article) -> set[tuple[str, str]]:
    """Each mark with the address on which it stands, apart from words that were asked for themselves."""
    seen = set()
    for address in surfaces(article):
        text = client.get(address, follow=True).content.decode()
        seen |= {(mark, address) for mark in ALL if mark in text and mark.lower() not in address.lower()}
    return seen


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
def test_no_public_page_shows_anything_of_it(client: Client, marked: Article, hide: Callable[[Article], None]) -> None:
    hide(marked)
    assert sightings(client, marked) == set()


def test_control_once_public_every_mark_is_found(client: Client, marked: Article) -> None:
    public(marked)
    assert {mark for mark, _address in sightings(client, marked)} >= ALL - {SLUG, MARKS["search_title"]} | {
        MARKS["headline"]
    }
    page = client.get(marked.get_absolute_url()).content.decode()
    assert {mark for mark in ALL if mark not in page} == set()


def as_sent(response: Any) -> tuple[int, bytes, dict[str, str]]:
    """Everything a client gets."""
    return response.status_code, response.content, dict(response.headers)


@pytest.mark.once
@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
@pytest.mark.parametrize("slug", [SLUG, "anything", ""])
@pytest.mark.parametrize("method", ["get", "head", "post", "options"])
def test_its_address_answers_byte_for_byte_as_an_unknown_one(
    client: Client, marked: Article, hide: Callable[[Article], None], slug: str, method: str
) -> None:
    hide(marked)
    send = getattr(client, method)
    for section in ("city", "sport", "nowhere"):
        hidden = as_sent(send(f"/{section}/{slug}-{marked.pk}/"))
        assert hidden == as_sent(send(f"/{section}/{slug}-{marked.pk + 7777}/"))
        assert hidden[0] in {404, 405}


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
def test_its_other_addresses_answer_as_unknown_ones(
    client: Client, marked: Article, hide: Callable[[Article], None]
) -> None:
    hide(marked)
    typed = {"text": "Hello", "name": "Ana", "email": "ana@example.org"}
    unknown = marked.pk + 7777
    assert as_sent(client.get(f"/comments/{marked.pk}/")) == as_sent(client.get(f"/comments/{unknown}/"))
    assert as_sent(client.post(f"/comments/{marked.pk}/", typed)) == as_sent(
        client.post(f"/comments/{unknown}/", typed)
    )
    image = Image.objects.get(alt=ALT)
    ours, other = (f"/media/{name}" for name in (image.renditions[1]["name"], f"00/{'0' * 32}.jpg"))
    assert as_sent(client.get(ours)) == as_sent(client.get(other))
    if Tag.objects.filter(name=TAG).exists():
        assert as_sent(client.get("/tag/qztag/")) == as_sent(client.get("/tag/qzother/"))


def test_control_a_public_one_answers_differently(client: Client, marked: Article) -> None:
    public(marked)
    assert marked.status == Status.PUBLISHED
    assert client.get(f"/city/{SLUG}-{marked.pk}/").status_code == 200
    assert client.get(f"/city/anything-{marked.pk}/").status_code == 301
    assert client.get(f"/comments/{marked.pk}/").status_code == 200
    assert client.get("/tag/qztag/").status_code == 200
    image = Image.objects.get(alt=ALT)
    assert client.get(f"/media/{image.renditions[1]['name']}").status_code == 200


def test_what_was_taken_down_says_only_that_it_is_gone(client: Client, marked: Article) -> None:
    public(marked)
    publishing.take_down(marked, actor=None)
    response = client.get(f"/city/{SLUG}-{marked.pk}/")
    assert response.status_code == 410
    assert not [mark for mark in ALL if mark in response.content.decode()]
    assert as_sent(response) == as_sent(client.get(f"/city/anything-{marked.pk}/"))
    assert sightings(client, marked) == set()
