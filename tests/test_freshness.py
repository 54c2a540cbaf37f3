"""Whatever changes a page raises a key of that page: an oracle over changes and pages.

Each page is rendered before and after a change. Where its bytes differ, one of
the keys it named before must have a higher version.
"""

# ruff: noqa: ARG005 - not every change needs the world it changes

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from articles import corrections, publishing, revisions
from articles.models import Article, BylineRole, CorrectionKind, Section, Source, Tag
from articles.state import Credit, WorkingState
from comments import moderation
from comments.models import Comment, State
from curation import exclusions, most_read, picks
from curation.models import Campaign, KeptApart, ReadCount, Suggestion
from curation.places import FRONT
from images.models import Image
from outbox import effects
from outbox.models import Effect
from pagecache.models import Key
from pagecache.reading import versions
from pages.models import MenuItem, StaticPage
from people.models import Author, User
from products import placing
from products.models import Merchant, Offer, Product
from tests.conftest import make_cast, undone
from tests.factories import (
    make_article,
    make_author,
    make_comment,
    make_image,
    make_merchant,
    make_product,
    make_section,
    make_source,
    suggest,
)
from wastebin import bin  # noqa: A004

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Rendered = dict[str, tuple[str, dict[str, int]]]
"""By address: the page's bytes, and the versions of its keys."""


@dataclass
class World:
    """A small site in which everything that a reader can see stands somewhere."""

    story: Article
    other: Article
    state: WorkingState
    picture: Image
    body_picture: Image
    product: Product
    comment: Comment
    pending: Comment
    page: StaticPage
    moderator: User
    draft: Article
    gone: Article
    fresh: Article
    excluded: Article
    suggested: Article
    awaited: Article
    third: Article
    campaign: Campaign

    def addresses(self) -> list[str]:
        """Every kind of page."""
        return [
            "/",
            "/city/",
            "/culture/",
            "/tag/trams/",
            "/author/ines-maren/",
            "/archive/",
            "/archive/?author=Ines",
            "/archive/?author=Jonas",
            "/archive/?tag=trams",
            "/archive/?source=Northline",
            "/archive/?q=tram",
            "/search/?q=tram",
            "/search/?q=trolleys",
            "/search/?q=jonas",
            self.story.get_absolute_url(),
            self.other.get_absolute_url(),
            "/about/",
            "/corrections/",
        ]


def published(state: WorkingState) -> Article:
    return publishing.publish(revisions.create(state, actor=None), actor=None)


def make_world() -> World:
    picture, body_picture = make_image(), make_image("Rails.")
    state = make_words(picture, body_picture)
    story = published(state)
    other = published(state.with_(headline="Another tram", source=None, lead_picture=None))
    third = published(state.with_(headline="A third tram", tags=(), bylines=()))
    draft = revisions.create(state.with_(headline="A draft tram"), actor=None)
    gone, fresh, excluded, suggested, pinned, kept_apart = (
        published(state.with_(headline=f"A {name} tram", tags=(), section=make_section("Harbour").pk))
        for name in ("gone", "fresh", "excluded", "suggested", "pinned", "distant")
    )
    publishing.take_down(gone, actor=None)
    corrections.add(other, CorrectionKind.CORRECTION, "It was line 4.", actor=None)
    pick_by_hand(story, other, third, draft, gone)
    exclusions.never_anywhere(excluded, actor=None, reason="Wrong")
    exclusions.keep_apart([kept_apart, suggested], actor=None, reason="Trial")
    Effect.objects.filter(kind__startswith="curation.").delete()
    suggest(other, suggested, excluded, kept_apart)
    awaited = revisions.create(state.with_(headline="An awaited tram"), actor=None)
    product = make_product(picture=make_image("A pot."))
    placing.place(product, story, actor=None)
    return World(
        story=story,
        other=other,
        state=state,
        picture=picture,
        body_picture=body_picture,
        product=product,
        comment=make_comment(story),
        pending=make_comment(story, "Me too.", state=State.PENDING),
        page=StaticPage.objects.create(title="About", slug="about", body="<p>Us.</p>"),
        moderator=make_cast().moderator,
        draft=draft,
        gone=gone,
        fresh=fresh,
        excluded=excluded,
        suggested=suggested,
        awaited=awaited,
        third=third,
        campaign=start_campaigns(pinned, gone, awaited),
    )


def make_words(picture: Image, body_picture: Image) -> WorkingState:
    """What a story says that is two hours old, and a section and an author that nobody used."""
    city, _culture = make_section("City"), make_section("Culture")
    ines, _jonas = make_author("Ines Maren"), make_author("Jonas Kettel")
    return WorkingState(
        headline="The tram is late",
        standfirst="Again.",
        section=city.pk,
        body=f'<p>It is late.</p><figure data-image="{body_picture.pk}"><figcaption></figcaption></figure>',
        lead_picture=picture.pk,
        source=make_source("Northline").pk,
        tags=("trams", "rain"),
        bylines=(Credit(ines.pk, BylineRole.WORDS.value),),
        publish_at=timezone.now() - timedelta(hours=2),
    )


def pick_by_hand(story: Article, other: Article, third: Article, draft: Article, gone: Article) -> None:
    """A list by hand: two that readers see, the second under a picture that has lapsed, and two that they do not."""
    for target in (other, third, draft, gone):
        picks.pick(story, target, actor=None)
    lapsed = make_image("A lapsed picture.", usable_until=timezone.now() - timedelta(days=1))
    picks.describe(story, third, picks.Details(picture=lapsed.pk), actor=None)


def start_campaigns(pinned: Article, gone: Article, awaited: Article) -> Campaign:
    """Three that run: one that readers see, which is returned, and two for what they cannot see."""
    ends = timezone.now() + timedelta(hours=1)
    Campaign.objects.create(target=gone, slot=2, ends=ends)
    Campaign.objects.create(target=awaited, ends=ends)
    return Campaign.objects.create(target=pinned, slot=3, ends=ends)


def edit(row: Any, **values: Any) -> None:
    """Change a row as its admin form does: fetched anew, then saved."""
    fresh = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.save()


def put_off(world: World, **values: Any) -> None:
    publishing.take_down(world.story, actor=None)
    publishing.reopen(world.story, actor=None)
    republish(world, **values)


def republish(world: World, **values: Any) -> None:
    revisions.save(world.story, world.state.with_(publish_at=world.story.publish_at, **values), actor=None)
    publishing.publish(world.story, actor=None)


def read_most(*articles: Article) -> None:
    """Readers opened these, and the order is computed."""
    for reads, article in enumerate(articles, start=1):
        ReadCount.objects.create(article=article, day=timezone.localdate(), reads=reads)
    most_read.compute()


def bring_back(article: Article) -> None:
    publishing.reopen(article, actor=None)
    publishing.publish(article, actor=None)


def campaign(world: World, **reach: Any) -> Campaign:
    made: Campaign = Campaign.objects.create(target=world.fresh, ends=timezone.now() + timedelta(hours=1), **reach)
    return made


CHANGES: dict[str, Callable[[World], Any]] = {
    "a tag gets another name": lambda w: edit(Tag.objects.get(name="trams"), name="trolleys"),
    "a tag gets another address": lambda w: edit(Tag.objects.get(name="rain"), slug="wet"),
    "a tag gets a description": lambda w: edit(Tag.objects.get(name="trams"), description="All about trams."),
    "a tag gets a picture": lambda w: edit(Tag.objects.get(name="trams"), picture=w.picture),
    "a tag is deleted": lambda w: Tag.objects.get(name="rain").delete(),
    "another tag takes the name somebody searched for": lambda w: edit(Tag.objects.get(name="rain"), name="trolleys"),
    "a section gets another name": lambda w: edit(Section.objects.get(slug="city"), name="Town"),
    "a section gets another place": lambda w: edit(Section.objects.get(slug="city"), position=9),
    "a section gets a description": lambda w: edit(Section.objects.get(slug="city"), description="Streets."),
    "a section is opened": lambda w: make_section("Sport"),
    "an author gets another name": lambda w: edit(Author.objects.get(slug="ines-maren"), name="Jonas Maren"),
    "an author gets a title": lambda w: edit(Author.objects.get(slug="ines-maren"), title="Tram reporter"),
    "an author leaves": lambda w: edit(Author.objects.get(slug="ines-maren"), active=False),
    "a source gets another credit line": lambda w: edit(Source.objects.get(), credit="From {name}"),
    "a source gets another name": lambda w: edit(Source.objects.get(), name="Southline"),
    "a correction is added": lambda w: corrections.add(w.story, CorrectionKind.CORRECTION, "Tuesday.", actor=None),
    "an update is added": lambda w: corrections.add(w.story, CorrectionKind.UPDATE, "It came.", actor=None),
    "a correction is a clarification": lambda w: corrections.change(
        w.other.corrections.get(), actor=None, text="It was line 4.", kind=CorrectionKind.CLARIFICATION
    ),
    "a correction is taken back": lambda w: corrections.remove(w.other.corrections.get(), actor=None),
    "a tag goes into the bin": lambda w: bin.put(Tag.objects.get(name="trams"), actor=None),
    "a pick is made": lambda w: picks.pick(w.other, w.third, actor=None),
    "a pick is taken away": lambda w: picks.unpick(w.story, w.other, actor=None),
    "picks are reordered": lambda w: picks.reorder(
        w.story, [pick.target_id for pick in reversed(w.story.picks.all())], actor=None
    ),
    "a pick gets words and a picture of its own": lambda w: picks.describe(
        w.story, w.other, picks.Details(headline="Ours", picture=w.body_picture.pk), actor=None
    ),
    "a pick's own picture may be shown again": lambda w: edit(
        Image.objects.get(alt="A lapsed picture."), usable_until=None
    ),
    "a list is switched off": lambda w: picks.switch(w.story, off=True, actor=None),
    "a picked draft is published": lambda w: publishing.publish(w.draft, actor=None),
    "a picked story comes back from the archive": lambda w: bring_back(w.gone),
    "a pick is made for the front page": lambda w: picks.pick(FRONT, w.other, actor=None),
    "a pick is made for a section": lambda w: picks.pick(make_section("City"), w.other, actor=None),
    "a picked article is excluded here": lambda w: exclusions.never_here(w.story, w.other, actor=None),
    "an article is excluded everywhere": lambda w: exclusions.never_anywhere(w.other, actor=None, reason="Wrong"),
    "an exclusion is taken back": lambda w: exclusions.allow_anywhere(w.excluded, actor=None),
    "two articles are kept apart": lambda w: exclusions.keep_apart([w.other, w.third], actor=None, reason="Trial"),
    "two articles may stand together again": lambda w: exclusions.let_together(KeptApart.objects.get(), actor=None),
    "a campaign starts everywhere": campaign,
    "a campaign starts in a section": lambda w: campaign(w, section=make_section("City")),
    "a campaign starts with a tag": lambda w: campaign(w, tag=Tag.objects.get(name="trams")),
    "a campaign ends": lambda w: edit(w.campaign, ends=timezone.now()),
    "a campaign's draft is published": lambda w: publishing.publish(w.awaited, actor=None),
    "the engine suggests an article": lambda w: suggest(w.other, w.fresh),
    "the engine suggests an article no more": lambda w: Suggestion.objects.filter(article=w.other).drop(),
    "a suggested story is taken down": lambda w: publishing.take_down(w.suggested, actor=None),
    "a pick of another section is made for a section": lambda w: picks.pick(
        make_section("Culture"), w.story, actor=None
    ),
    "readers read something else": lambda w: read_most(
        *(make_article(f"Long read {number}", section=make_section("Sport")) for number in range(3))
    ),
    "a product is placed": lambda w: placing.place(make_product("Kettle"), w.story, actor=None),
    "a product is placed in a section": lambda w: placing.place(make_product("Kettle"), make_section(), actor=None),
    "a product is placed with a tag": lambda w: placing.place(
        make_product("Kettle"), Tag.objects.get(name="rain"), actor=None
    ),
    "a product is taken away": lambda w: placing.withdraw(w.product, w.story, actor=None),
    "a product gets another name": lambda w: edit(w.product, name="Steel pot"),
    "a product is deleted": lambda w: w.product.delete(),
    "a price changes": lambda w: edit(Offer.objects.get(), price=Decimal("11.00")),
    "a product is sold out": lambda w: edit(Offer.objects.get(), available=False),
    "a cheaper offer comes": lambda w: Offer.objects.create(
        product=w.product, merchant=make_merchant("Cheap"), price=1, url="https://cheap.example/p"
    ),
    "a merchant gets another name": lambda w: edit(Merchant.objects.get(), name="Hearth"),
    "a merchant pays us no longer": lambda w: edit(Merchant.objects.get(), affiliate=False),
    "a lead picture gets other words": lambda w: edit(w.picture, alt="A red tram.", caption="Red.", credit="N. N."),
    "a picture in the story gets other words": lambda w: edit(w.body_picture, alt="Wet rails.", caption="Wet."),
    "a lead picture's licence ends": lambda w: edit(w.picture, usable_until=timezone.now() - timedelta(days=1)),
    "a picture's licence in the story ends": lambda w: edit(
        w.body_picture, usable_until=timezone.now() - timedelta(days=1)
    ),
    "a product's picture gets other words": lambda w: edit(w.product.picture, alt="A black pot."),
    "a page gets other words": lambda w: edit(w.page, title="Who we are", body="<p>We.</p>"),
    "a page is hidden": lambda w: edit(w.page, published=False),
    "a page comes": lambda w: StaticPage.objects.create(title="Contact", slug="contact", body="<p>Write.</p>"),
    "the menu gets a link": lambda w: MenuItem.objects.create(label="Shop", url="https://shop.example/"),
    "a comment is approved": lambda w: moderation.decide([w.pending], State.APPROVED, actor=None),
    "a comment is refused afterwards": lambda w: moderation.decide([w.comment], State.REJECTED, actor=None),
    "a colleague answers": lambda w: moderation.reply_as_staff(w.comment, "Thank you.", w.moderator),
    "a headline changes": lambda w: republish(w, headline="The tram is very late"),
    "a story moves to another section": lambda w: republish(w, section=make_section("Culture").pk),
    "a story gets another byline": lambda w: republish(w, bylines=(Credit(make_author("Jonas Kettel").pk),)),
    "a story gets other tags": lambda w: republish(w, tags=("rain", "rails")),
    "a story becomes sensitive": lambda w: republish(w, sensitive=True),
    "a story loses its source": lambda w: republish(w, source=None),
    "a story is taken down": lambda w: publishing.take_down(w.other, actor=None),
    "a story is put off": lambda w: put_off(w, embargo_until=timezone.now() + timedelta(days=1)),
    "a new story comes": lambda w: published(w.state.with_(headline="A fourth tram")),
    "a decision is taken back": lambda w: (
        moderation.undo(moderation.decide([w.pending], State.APPROVED, actor=None)[0], None)
        and moderation.decide([w.comment], State.SPAM, actor=None)
    ),
}


def rendered(addresses: list[str]) -> Rendered:
    """Each page as it is; one that answers with an error has no keys."""
    found = {}
    for address in addresses:
        response = Client().get(address)
        keys = set(response.headers.get("Surrogate-Key", "").split())
        found[address] = (response.content.decode(), versions(keys) if response.status_code == 200 else {})
    return found


def stale(before: Rendered, after: Rendered) -> list[str]:
    """Pages that a cache would go on showing although they read otherwise now."""
    return [
        address
        for address, (html, known) in before.items()
        if known and html != after[address][0] and versions(set(known)) == known
    ]


@pytest.fixture(scope="module")
def beginning(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[World, Rendered]]:
    """The world, and its pages before anything changes."""
    with undone(django_db_blocker):
        world = make_world()
        effects.run_due()
        yield world, rendered(world.addresses())


@pytest.fixture
def world(beginning: tuple[World, Rendered]) -> World:
    """The world, to be changed by one test."""
    return copy.deepcopy(beginning[0])


@pytest.fixture
def before(beginning: tuple[World, Rendered]) -> Rendered:
    """The pages of the world before it is changed."""
    return beginning[1]


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_no_page_stays_stale_when(world: World, before: Rendered, what: str) -> None:
    CHANGES[what](world)
    at_once = rendered(list(before))
    assert stale(before, at_once) == []
    later = rendered(list(before)) if effects.run_due() else at_once
    assert stale(at_once, later) == []
    assert any(html != later[address][0] for address, (html, _keys) in before.items()), "the change shows nowhere"


def test_the_oracle_sees_a_change_that_raises_no_key(world: World, before: Rendered) -> None:
    versions_before = dict(Key.objects.values_list("name", "version"))
    edit(Author.objects.get(slug="ines-maren"), name="Somebody Else")
    for name, version in versions_before.items():
        Key.objects.filter(name=name).update(version=version)
    Key.objects.exclude(name__in=versions_before).delete()
    assert world.story.get_absolute_url() in stale(before, rendered(list(before)))
