"""Whatever state an article is hidden in, no public address shows anything of it, nor of the desk's words about it.

Each mark begins with the same two letters, and no reader types them. Pages are
asked for through the page cache, which holds what was public before.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from articles import corrections, departure, notes, publishing, redirects, revisions, series, tag_merging
from articles.models import (
    Article,
    CorrectionKind,
    PreviewLink,
    Section,
    Series,
    Source,
    Waiver,
)
from articles.previews import answering, links
from articles.publishing import tags_named
from articles.schedule import later
from articles.state import Credit, WorkingState
from articles.together import copies
from comments.models import OwnLink
from curation import picks
from curation.places import FRONT
from images import files
from images.models import Image, RenditionName
from outbox import effects
from pagecache.front_door import FrontDoor
from people import tokens
from people.models import Scope, User
from products.models import Placement
from tests.conftest import Cast
from tests.factories import make_author, make_comment, make_image, make_product, make_section, make_source
from tests.receipt_pages import make_follower
from tests.soak_sizes import EVERYTHING
from tests.test_urls import PATTERNS
from tests.wsgi_client import ask, make_door
from wastebin import bin as waste

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MARK = "qzxkj"
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
FEED_FORMS = ("rss.xml", "atom.xml", "feed.json")
PLAIN = "lanternfish"
"""Stands in every field beside the mark, so that readers can look for the story without typing the mark."""

World = dict[str, Any]


def marked(field: str) -> str:
    """What a field holds."""
    return f"Qzxkj{field} {PLAIN}"


@pytest.fixture
def world(cast: Cast) -> World:
    """A draft with a mark in every field and every row that can hang on it, among public stories that lead to it."""
    section = make_section()
    image = _picture()
    state = WorkingState(
        headline=marked("headline"),
        standfirst=marked("standfirst"),
        slug="qzxkjslug",
        body=f'<p>{marked("body")}</p><figure data-image="{image.pk}"></figure>',
        section=section.pk,
        lead_picture=image.pk,
        lead_caption=marked("caption"),
        social_picture=image.pk,
        search_title=marked("title"),
        search_description=marked("description"),
        tags=("Qzxkjtag",),
        bylines=(Credit(make_author("Qzxkjauthor").pk),),
        source=make_source("Qzxkjsource", credit="Qzxkjcredit", feeds="full").pk,
        source_url="https://agency.example/qzxkjoriginal",
    )
    article = revisions.create(state, actor=cast.editor)
    made: World = {"article": article, "image": image, "cast": cast, "section": section}
    made["other"] = _beside(article, section)
    made["comment"] = make_comment(article, marked("comment"), email="ana@example.org")
    made["follower"] = make_follower(made["comment"])
    made["own"] = _own_link()
    made["previews"] = _desk_words(article, cast.editor)
    return made


def _picture() -> Image:
    image = make_image(alt=marked("alt"), caption=marked("image"), credit="Qzxkjphotographer", title="Qzxkjpicture")
    for row in image.renditions:
        row["name"] = f"{files.new_stem()}.jpg"
        RenditionName.objects.create(stem=row["name"].removesuffix(".jpg"), image=image)
        files.put(files.private(), row["name"], ContentFile(b"qzxkj pixels"))
    image.save()
    return image


def _beside(article: Article, section: Section) -> Article:
    """A public story in the same series, with picks, links and old addresses that lead to the hidden one."""
    body = f'<p>See <a href="/city/x-{article.pk}/">more</a> of the {PLAIN}.</p>'
    state = WorkingState(headline="A public story", section=section.pk, body=body, tags=("Fish",))
    other = publishing.publish(revisions.create(state, actor=None), actor=None)
    row = Series.objects.create(title="The harbour", slug="the-harbour")
    series.add(other, row, actor=None)
    series.add(article, row, actor=None)
    draft = revisions.create(state.with_(headline=marked("second")), actor=None)
    series.add(draft, Series.objects.create(title="Qzxkjseries", slug="qzxkjseries"), actor=None)
    picks.pick(other, article, actor=None)
    picks.pick(FRONT, article, actor=None)
    picks.pick(section, article, actor=None)
    Placement.objects.create(product=make_product("Lantern"), article=article)
    redirects.lead("/old-story/", to=article, actor=None)
    redirects.lead("/old-topic/", to="/tag/qzxkjtag/", actor=None)
    gone = publishing.publish(revisions.create(state.with_(headline="Gone"), actor=None), actor=None)
    departure.leave(gone, actor=None)
    gone.moved_to = article
    gone.save()
    return other


def _desk_words(article: Article, editor: User) -> list[str]:
    """Notes, waivers, steps, unsaved words, and links for people outside that are over; their addresses."""
    notes.write_note(article, actor=editor, text=marked("note"), quote=marked("quote"))
    Waiver.objects.create(article=article, code="qzxkj-code", reason=marked("waiver"), made_by=editor)
    copies.keep(article, [("headline", marked("unsaved"))], actor=editor, window=uuid4(), base=1)
    over, revoked = (links.make(article, actor=editor, reader="Qzxkjreader", days=1) for _link in range(2))
    _answer(revoked[0])
    links.revoke(revoked[0], actor=editor)
    PreviewLink.objects.filter(pk=over[0].pk).update(expires_at=timezone.now())
    return [f"/preview/{token}/" for _link, token in (over, revoked)]


def _answer(link: PreviewLink) -> None:
    said = answering.Said(name="Qzxkjname", verdict="changes", text=marked("answer"))
    revision = links.shown_by(link)
    assert revision is not None
    answering.answer(link, said, token=answering.form_token(link, revision))


def _own_link() -> str:
    raw = "a" * 40
    OwnLink.objects.create(digest=hashlib.sha256(raw.encode()).hexdigest(), email="ana@example.org")
    return raw


# How it comes to be hidden


def _publish(world: World, **times: Any) -> None:
    article = world["article"]
    revisions.save(article, WorkingState.of(article).with_(**times), actor=None)
    publishing.publish(article, actor=None)
    for kind in CorrectionKind:
        if article.once_public():
            corrections.add(article, kind, marked("correction"), actor=None)


def draft(world: World) -> None:
    """Never published."""


def in_review(world: World) -> None:
    """With a word to the colleague."""
    publishing.submit_for_review(world["article"], actor=world["cast"].editor, note=marked("submission"))


def approved(world: World) -> None:
    """Ready, not gone out."""
    in_review(world)
    publishing.approve(world["article"], actor=world["cast"].chief, note=marked("approval"))


def scheduled(world: World) -> None:
    """For tomorrow."""
    _publish(world, publish_at=timezone.now() + 24 * HOUR)


def embargoed(world: World) -> None:
    """Dated in the past."""
    _publish(world, publish_at=timezone.now() - HOUR, embargo_until=timezone.now() + HOUR)


def killed_unseen(world: World) -> None:
    """Before a reader saw it."""
    scheduled(world)
    publishing.kill(world["article"], actor=None, reason=marked("reason"))


def binned(world: World) -> None:
    """In the bin."""
    series.remove(world["article"], actor=None)
    waste.put(world["article"], actor=None)


def back_from_the_bin(world: World) -> None:
    """A scheduled one comes back as a draft."""
    scheduled(world)
    waste.restore(waste.put(world["article"], actor=None), actor=None)


def killed(world: World) -> None:
    """After readers saw it."""
    publishing.kill(world["article"], actor=None, reason=marked("reason"))


def taken_down(world: World) -> None:
    """Archived."""
    publishing.take_down(world["article"], actor=None, reason=marked("reason"))


def merged_away(world: World) -> None:
    """Its readers are led to another story."""
    departure.leave(world["article"], actor=None, to=world["other"], reason=marked("reason"))


def reopened(world: World) -> None:
    """From killed to draft."""
    killed(world)
    publishing.reopen(world["article"], actor=None, note=marked("reopening"))


def expired(world: World) -> None:
    """In a minute; the test waits for it."""
    _publish(world, expire_at=timezone.now() + MINUTE)


def put_off(world: World) -> None:
    """Taken down, reopened, and released for tomorrow."""
    taken_down(world)
    publishing.reopen(world["article"], actor=None)
    _publish(world, publish_at=timezone.now() + 24 * HOUR)


def killed_with_a_change_waiting(world: World) -> None:
    """And the change's minute comes."""
    article = world["article"]
    revision = revisions.save(article, WorkingState.of(article).with_(headline=marked("later")), actor=None)
    later.schedule_change(article, revision, timezone.now() + HOUR, actor=None)
    killed(world)


NEVER_SEEN: list[Callable[[World], None]] = [
    draft, in_review, approved, scheduled, embargoed, killed_unseen, binned, back_from_the_bin,
]  # fmt: skip
ONCE_SEEN: list[Callable[[World], None]] = [
    killed, taken_down, merged_away, reopened, expired, put_off, killed_with_a_change_waiting,
]  # fmt: skip


# Where readers look


def addresses(world: World) -> dict[str, list[str]]:
    """By the name of each public pattern, where something of the article could stand; nobody types the mark there.

    But where the address itself holds it: then it is an address somebody knew.
    """
    pk, other = world["article"].pk, world["other"]
    stem = world["image"].renditions[1]["name"]
    return {
        "health": ["/health/"],
        "health_live": ["/health/live"],
        "metrics": ["/metrics"],
        "images:media": [f"/media/{stem}"],
        **_comments(world),
        "curation:seen": ["/related/seen/"],
        "products:go": [f"/go/{pk}/", f"/go/{other.pk}/"],
        **_api(pk, other.pk),
        "previews:page": world["previews"],
        "previews:picture": [f"{page}picture/{stem}" for page in world["previews"]],
        **_machines(pk, other.pk),
        "pages:front": ["/"],
        "pages:archive": ["/archive/", f"/archive/?q={PLAIN}", "/archive/?section=city", "/archive/?tag=fish"],
        "pages:search": [f"/search/?q={PLAIN}", "/search/?q=lanternfisch", f"/search/?q=%22{PLAIN}%22"],
        "pages:corrections": ["/corrections/"],
        "pages:tag": ["/tag/fish/", "/tag/old-topic/", "/tag/qzxkjtag/"],
        "pages:series": ["/series/the-harbour/", "/series/qzxkjseries/"],
        "pages:author": ["/author/qzxkjauthor/"],
        "pages:article": [f"/city/x-{pk}/", f"/sport/y-{pk}/", other.get_absolute_url(), *_moved()],
        "pages:first_level": ["/city/", "/old-story/", "/old-topic/"],
        "pages:elsewhere": [f"/city/x-{pk}", f"/x/{pk}.html"],
    }


def _comments(world: World) -> dict[str, list[str]]:
    """The thread, and what a reader who took part was given."""
    pk, other, comment, own = world["article"].pk, world["other"].pk, world["comment"], world["own"]
    receipt, secret = comment.receipt, world["follower"].secret
    return {
        "comments:token": [],  # a random word
        "comments:permalink": [f"/comments/at/{comment.pk}/"],
        "comments:receipt": [f"/comments/receipt/{receipt}/"],
        "comments:words": [f"/comments/receipt/{receipt}/words/"],
        "comments:withdrawal": [f"/comments/receipt/{receipt}/withdrawal/"],
        "comments:appeal": [f"/comments/receipt/{receipt}/appeal/"],
        "comments:follow": [f"/comments/receipt/{receipt}/follow/"],
        "comments:subscription": [f"/comments/mail/{secret}/"],
        "comments:confirmation": [f"/comments/mail/{secret}/confirmation/"],
        "comments:stop": [f"/comments/mail/{secret}/stop/"],
        "comments:stop_all": [f"/comments/mail/{secret}/stop/all/"],
        "comments:stopped": ["/comments/mail/stopped/"],
        "comments:ask_own": ["/comments/yours/"],
        "comments:request_own": ["/comments/yours/link/"],
        "comments:erased": ["/comments/yours/erased/"],
        "comments:own": [f"/comments/yours/{own}/"],
        "comments:own_file": [f"/comments/yours/{own}/comments.json"],
        "comments:erase": [f"/comments/yours/{own}/erasure/"],
        "comments:article": [f"/comments/{pk}/", f"/comments/{other}/", f"/comments/{pk}/?reply_to={comment.pk}"],
        "comments:report": [f"/comments/{comment.pk}/report/"],
        "comments:thread": [f"/comments/{pk}/thread/", f"/comments/{other}/thread/"],
    }


def _machines(pk: int, other: int) -> dict[str, list[str]]:
    """Feeds, sitemaps and other documents, in every form."""
    lists = ("", "section/city/", "tag/fish/", "tag/qzxkjtag/", "tag/old-topic/", "author/qzxkjauthor/")
    feeds = [f"/feeds/{one}{form}" for one in lists for form in ("rss.xml", "atom.xml", "feed.json", "ninjs.json")]
    talk = [f"/feeds/article/{one}/comments/{form}" for one in (pk, other) for form in FEED_FORMS]
    old = ("city", "tag/fish", "tag/qzxkjtag", "author/qzxkjauthor", f"city/x-{pk}", "old-story", "old-topic")
    return {
        "syndication:newsletters": ["/newsletters/"],
        "syndication:subscribe": ["/newsletters/subscribe/"],
        "syndication:subscription": ["/newsletters/nobody/"],
        "syndication:confirmation": ["/newsletters/nobody/confirmation/"],
        "syndication:newsletter_stop": ["/newsletters/nobody/stop/"],
        "syndication:newsletter_stopped": ["/newsletters/stopped/"],
        "syndication:feeds": ["/feeds/"],
        "syndication:search": [f"/feeds/search/ninjs.json?q={PLAIN}"],
        "syndication:site_feed": [one for one in feeds if one.count("/") == 2],
        "syndication:feed": [one for one in feeds if one.count("/") > 2],
        "syndication:story": [f"/feeds/article/{pk}/ninjs.json", f"/feeds/article/{other}/ninjs.json"],
        "syndication:comments": talk,
        "syndication:old_site_feed": ["/feed/", "/feed/atom/"],
        "syndication:old_feed": [f"/{one}/feed/" for one in old],
        "syndication:sitemap": ["/sitemap.xml"],
        "syndication:sitemap_pages": ["/sitemaps/pages.xml"],
        "syndication:sitemap_part": [f"/sitemaps/{kind}-0.xml" for kind in ("stories", "topics", "authors")],
        "syndication:news_sitemap": ["/sitemaps/news.xml"],
        "syndication:old_sitemap": ["/wp-sitemap.xml"],
        "syndication:robots": ["/robots.txt"],
        "syndication:llms": ["/llms.txt"],
        "syndication:security": ["/.well-known/security.txt"],
        "syndication:old_security": ["/security.txt"],
    }


def _api(pk: int, other: int) -> dict[str, list[str]]:
    """The same of the API's addresses."""
    found = {
        "openapi": ["openapi.json"],
        "articles": ["articles/", "articles/?section=city", "articles/?tag=fish", "articles/?limit=100"],
        "article": [f"articles/{pk}/", f"articles/{other}/"],
        "related": [f"articles/{pk}/related/", f"articles/{other}/related/"],
        "article_products": [f"articles/{pk}/products/", f"articles/{other}/products/"],
        "comments": [f"articles/{pk}/comments/", f"articles/{other}/comments/"],
        "comment_token": [],  # a random word
        "sections": ["sections/"],
        "section": ["sections/city/"],
        "tags": ["tags/?limit=100"],
        "tag": ["tags/fish/", "tags/qzxkjtag/"],
        "authors": ["authors/?limit=100"],
        "author": ["authors/qzxkjauthor/"],
        "search": [f"search/?q={PLAIN}", "search/?q=lanternfisch"],
        "products": ["products/?limit=100"],
        "unknown": ["nonsense"],
        "me": ["desk/me/"],
        "drafts": ["desk/articles/"],
        "draft": [f"desk/articles/{pk}/", f"desk/articles/{other}/"],
        "review": [f"desk/articles/{pk}/review/"],
        "reasons": [f"desk/articles/{pk}/related/", f"desk/articles/{other}/related/"],
    }
    return {f"syndication:api_{name}": [f"/api/v1/{one}" for one in some] for name, some in found.items()}


def _moved() -> list[str]:
    return [f"/city/x-{pk}/" for pk in Article.objects.exclude(moved_to=None).values_list("pk", flat=True)]


def sightings(door: FrontDoor, world: World, method: str = "GET") -> set[tuple[str, str]]:
    """Each address whose answer, headers included, holds the mark, with the words round it.

    A commenter's private pages may show their own words, an author's page
    their name; an address that was asked for may be repeated.
    """
    seen = set()
    for address in (one for some in addresses(world).values() for one in some):
        path, _sign, query = address.partition("?")
        answer = ask(door, path, query, method)
        text = (answer.body.decode(errors="replace") + str(answer.headers)).replace(path, "")
        own = marked("comment") if "/receipt/" in path or "/yours/" in path else "Qzxkjauthor"
        private = path.startswith(("/comments/", "/author/", "/feeds/author/"))
        text = text.replace(own, "").replace("qzxkjauthor", "") if private else text
        place = text.lower().find(MARK)
        if place >= 0:
            seen.add((address, text[max(0, place - 60) : place + 60]))
    return seen


@pytest.fixture
def door() -> FrontDoor:
    return make_door()


def test_every_public_address_is_looked_at(world: World) -> None:
    public = {name for name, address, _entry in PATTERNS if not address.startswith("admin/")}
    assert public == addresses(world).keys()


@pytest.mark.parametrize("hide", NEVER_SEEN, ids=lambda hide: hide.__name__)
def test_what_no_reader_saw_is_nowhere(door: FrontDoor, world: World, hide: Callable[[World], None]) -> None:
    """In every state by GET and, by turns, one other method; by each where everything is tried."""
    hide(world)
    effects.run_due()
    others = ["POST", "OPTIONS"]
    for method in ["GET", *(others if EVERYTHING else others[NEVER_SEEN.index(hide) % 2 :][:1])]:
        assert sightings(door, world, method) == set()
    _merge_topics()
    assert sightings(door, world) == set()


@pytest.mark.parametrize("hide", ONCE_SEEN, ids=lambda hide: hide.__name__)
def test_what_readers_saw_is_gone_from_everywhere_at_once(
    door: FrontDoor, world: World, hide: Callable[[World], None]
) -> None:
    _publish(world)
    sightings(door, world)
    assert sightings(door, world), "the control: stored pages hold it"
    hide(world)
    with time_machine.travel(timezone.now() + MINUTE, tick=False):
        media = addresses(world)["images:media"]
        assert {address for address, _text in sightings(door, world)} <= set(media)
        effects.run_due()
        assert sightings(door, world) == set()
    with time_machine.travel(timezone.now() + 2 * HOUR, tick=False):
        effects.run_due()
        assert sightings(door, world) == set()


WORDS = ("headline", "standfirst", "body", "caption", "title", "description", "comment", "correction", "credit")


def _handed_on(door: FrontDoor, world: World) -> set[str]:
    """The names of the addresses for other people's programs that hold words of the story."""
    pk, other = world["article"].pk, world["other"].pk
    names = _machines(pk, other) | _api(pk, other)
    of_our_own_pages = {name for name in names if "sitemap" in name}
    return {
        name
        for name in names.keys() - of_our_own_pages
        for address in names[name]
        if any(f"qzxkj{word}".encode() in ask(door, *address.split("?")).body.lower() for word in WORDS)
    }


def _spelling_of(door: FrontDoor, typed: str) -> str:
    return str(json.loads(ask(door, "/api/v1/search/", f"q={typed}").body)["spelling"])


def test_a_story_that_its_agency_lets_us_not_hand_on_is_in_nothing_for_programs(
    door: FrontDoor, world: World, cast: Cast
) -> None:
    _publish(world)
    pk = world["article"].pk
    source = Source.objects.get(articles=pk)
    api = {f"syndication:api_{name}" for name in ("articles", "article", "related", "comments", "search")}
    feeds = {f"syndication:{name}" for name in ("site_feed", "feed", "story", "comments", "search")}
    assert _handed_on(door, world) == api | feeds, "the control: these are stored pages from now on"
    assert _spelling_of(door, "qzxkjheadlime") == "qzxkjheadline", "the control"
    source.feeds = "none"
    source.save()
    assert _handed_on(door, world) == set()
    hidden, unknown = (ask(door, f"/api/v1/articles/{number}/") for number in (pk, 10**9))
    assert (hidden.status, hidden.body) == (404, unknown.body)
    found = json.loads(ask(door, "/api/v1/search/", "q=qzxkjheadline").body)
    assert (found["items"], found["total"], found["more"], found["spelling"]) == ([], 0, False, "")
    assert _spelling_of(door, "qzxkjheadlime") == "", "nor is it to be guessed"
    readers = ask(door, Article.objects.get(pk=pk).get_absolute_url())
    assert b"Qzxkjbody" in readers.body, "readers of our own pages get the whole story"
    _token, secret = tokens.make("Script", [Scope.READ], 7, actor=cast.editor)
    desk = Client().get(f"/api/v1/desk/articles/{pk}/", headers={"Authorization": f"Bearer {secret}"})
    assert desk.json()["state"]["headline"] == marked("headline"), "and so does the desk"


def test_a_killed_storys_pictures_wait_for_no_worker(
    door: FrontDoor, world: World, django_capture_on_commit_callbacks: Any
) -> None:
    _publish(world)
    address = addresses(world)["images:media"][0]
    assert ask(door, address).status == 200
    with django_capture_on_commit_callbacks(execute=True):
        publishing.kill(world["article"], actor=None, reason="A court order")
    assert ask(door, address).status == 404


def test_control_what_is_public_is_found_where_readers_look(door: FrontDoor, world: World) -> None:
    _publish(world)
    _merge_topics()
    names = addresses(world)
    found = {address for address, _text in sightings(door, world)}
    shown = {name for name, some in names.items() if set(some) & found}
    assert shown >= {
        *("images:media", "comments:permalink", "comments:receipt", "comments:own", "comments:article"),
        *("pages:front", "pages:archive", "pages:search", "pages:corrections", "pages:tag", "pages:author"),
        *("pages:article", "pages:first_level", "pages:series", "syndication:site_feed", "syndication:feed"),
        *("syndication:story", "syndication:comments", "syndication:search", "syndication:news_sitemap"),
        "syndication:sitemap_part",
        *(f"syndication:api_{name}" for name in ("articles", "article", "related", "comments", "tags", "authors")),
        *(f"syndication:api_{name}" for name in ("tag", "author", "search")),
    }


def test_a_change_that_is_not_due_is_nowhere(door: FrontDoor, world: World) -> None:
    other = world["other"]
    state = WorkingState.of(world["article"]).with_(slug="", publish_at=other.publish_at)
    revision = revisions.save(other, state, actor=None)
    later.schedule_change(other, revision, timezone.now() + HOUR, actor=None)
    effects.run_due()
    assert sightings(door, world) == set()
    with time_machine.travel(timezone.now() + 2 * HOUR, tick=False):
        assert sightings(door, world), "the control: its minute came"


def test_links_for_people_outside_end_with_the_article(world: World) -> None:
    _link, token = links.make(world["article"], actor=world["cast"].editor, reader="Ana", days=2)
    client = Client()
    assert MARK in client.get(f"/preview/{token}/").content.decode().lower()
    unknown = client.get("/preview/nobody/")
    binned = waste.put(world["article"], actor=None)
    assert client.get(f"/preview/{token}/").content == unknown.content
    waste.restore(binned, actor=None)
    assert client.get(f"/preview/{token}/").content == unknown.content
    publishing.kill(world["article"], actor=None, reason="A court order")
    assert client.get(f"/preview/{token}/").content == unknown.content
    publishing.reopen(world["article"], actor=None)
    assert client.get(f"/preview/{token}/").content == unknown.content


def _merge_topics() -> None:
    """The old topic's page leads to one that perhaps only the hidden story carries."""
    gone, kept = tags_named(["Old topic", "Qzxkjtag"])
    tag_merging.merge(gone, kept, actor=None)
