"""What the API tells of things: every field by name, none by accident."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import Field

Address = Annotated[str, Field(description="A whole web address.")]
Slug = Annotated[str, Field(description="The last part of its address.")]
Disclosure = Annotated[
    str, Field(description="What readers must be told beside paid links; empty where there are none.")
]


class Rendition(Schema):
    """One file of a picture."""

    url: Address
    width: int
    height: int
    ratio: str = Field(description="“full”, or a crop such as “3:2”.")


class Picture(Schema):
    """A picture whose licence lasts."""

    alt: str
    caption: str
    credit: str
    renditions: list[Rendition] = Field(description="JPEG, narrowest first.")


class SectionRef(Schema):
    """A section, in short."""

    slug: Slug
    name: str


class TagRef(Schema):
    """A tag, in short."""

    slug: Slug
    name: str


class Credit(Schema):
    """A name on a story."""

    slug: Slug
    name: str
    role: str = Field(description="words, photos, translation, data, reporting or illustration.")


class Card(Schema):
    """An article as lists show it."""

    id: int
    url: Address
    headline: str
    standfirst: str
    kind: str
    section: SectionRef
    published_at: datetime
    updated_at: datetime | None = Field(description="When its words last changed in a way that matters to readers.")
    corrected_at: datetime | None
    picture: Picture | None


class Listed(Card):
    """An article of a list, with its names and tags."""

    bylines: list[Credit]
    tags: list[TagRef]


class SourceRef(Schema):
    """The agency a story comes from."""

    slug: Slug
    name: str
    credit_line: str = Field(description="To be printed with the story.")
    original: str = Field(description="Where the agency published it, or empty.")


class CorrectionNote(Schema):
    """A dated note that the story was wrong, and what is right."""

    kind: str
    text: str
    made_at: datetime


class Story(Listed):
    """An article whole."""

    body_html: str = Field(description="Sanitised HTML; addresses in it may be relative to the site.")
    body_text: str
    body_withheld: bool = Field(description="Whether the agency's terms keep us from handing the story on whole.")
    disclosure: Disclosure
    word_count: int
    lead_caption: str
    canonical: Address = Field(description="The address search engines should take as the original.")
    noindex: bool
    source: SourceRef | None
    corrections: list[CorrectionNote]
    comments_open: bool


class Listing(Schema):
    """One page of a list."""

    next: str = Field(description="The cursor of the next page; empty on the last one.")


class Articles(Listing):
    """Articles, newest first."""

    items: list[Listed]


class Hit(Schema):
    """One thing found."""

    article: Card
    snippet_html: str = Field(
        description="Escaped text with <mark> round what was found; empty where the agency keeps it to our own pages."
    )


class Found(Listing):
    """What was found, best first."""

    items: list[Hit]
    total: int = Field(description="Articles that were ranked.")
    more: bool = Field(description="Whether there are more matches than were ranked.")
    spelling: str = Field(description="A query that finds something, where this one found nothing.")


class Section(Schema):
    """A section of the site."""

    slug: Slug
    url: Address
    name: str
    description: str
    picture: Picture | None


class Sections(Listing):
    """Sections, in the order of the site."""

    items: list[Section]


class Tag(Schema):
    """A tag that something public carries."""

    slug: Slug
    url: Address
    name: str
    description: str
    picture: Picture | None


class Tags(Listing):
    """Tags by address."""

    items: list[Tag]


class Author(Schema):
    """Somebody who signed something public."""

    slug: Slug
    url: Address
    name: str
    title: str
    bio: str
    active: bool
    portrait: Picture | None


class Authors(Listing):
    """Authors by address."""

    items: list[Author]


class Related(Schema):
    """*Articles You May Like* beside one, in order."""

    items: list[Card]


class Product(Schema):
    """A product with its cheapest available offer."""

    slug: Slug
    name: str
    brand: str
    description: str
    picture: Picture | None
    price: Decimal
    currency: str
    merchant: str
    link: str = Field(description="Where readers go: beside a story by way of an address of ours, which counts.")
    rel: str = Field(description="What “rel” a link to it must carry.")
    price_seen_at: datetime
    check_price: bool = Field(description="Whether the price is older than its shop’s rule: say “Check price” instead.")


class Products(Schema):
    """*Products You May Like* beside an article, in order."""

    items: list[Product]
    disclosure: Disclosure


class AllProducts(Listing):
    """Products by address."""

    items: list[Product]
    disclosure: Disclosure


class Comment(Schema):
    """An approved comment: plain text."""

    id: int
    url: Address
    parent: int | None = Field(description="The comment it hangs under.")
    name: str
    website: str
    text: str
    written_at: datetime
    edited_at: datetime | None
    staff: bool
    featured: bool


class Comments(Listing):
    """The comments under an article, oldest first."""

    items: list[Comment]
