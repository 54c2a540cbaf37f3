"""From rows to what the API tells of them; notes in the answer being made what it depends on."""

from collections.abc import Iterable
from typing import Any

from articles.models import Article, Byline, Section, Tag
from articles.models.source import FeedTerms
from articles.shown import show_bylines, show_picture, show_story
from articles.stories import credit_line, head_of
from articles.templatetags.link_words import AFFILIATES
from comments.models import Comment
from comments.openness import openness_of
from comments.plain_text import neutral
from images.models import Image
from images.renditions import all_of, of_format, public_address
from pagecache.reading import depends_on
from people.models import Author
from products.affiliate_links import disclosure, story_has_paid_link
from products.boxes import ProductCard
from syndication.addresses import absolute
from syndication.terms import terms_of

Told = dict[str, Any]


def picture(shown: Image | None) -> Told | None:
    """A picture, while its licence lasts."""
    if shown is None:
        return None
    show_picture(shown)
    if not shown.is_usable():
        return None
    files = [
        {"url": absolute(public_address(shown, made)), **{name: made[name] for name in ("width", "height", "ratio")}}
        for made in of_format(all_of(shown), "jpeg")
    ]
    return {"alt": shown.alt, "caption": shown.caption, "credit": shown.credit, "renditions": files}


def card(article: Article) -> Told:
    """What lists show of an article; its keys are noted by whoever lists it."""
    return {
        "id": article.pk,
        "url": absolute(article.get_absolute_url()),
        "headline": article.headline,
        "standfirst": article.standfirst,
        "kind": article.kind,
        "section": {"slug": article.section.slug, "name": article.section.name} if article.section else None,
        "published_at": article.publish_at,
        "updated_at": article.revised_at,
        "corrected_at": article.corrected_at,
        "picture": picture(article.lead_picture),
    }


def listed(article: Article) -> Told:
    """A card with names and tags, which were fetched with it."""
    rows = list(article.bylines.all())
    show_bylines(rows)
    return card(article) | {"bylines": names(rows), "tags": topics(article.tag_list)}


def names(rows: Iterable[Byline]) -> list[Told]:
    """Who did what."""
    return [{"slug": row.author.slug, "name": row.author.name, "role": row.role} for row in rows]


def topics(tags: Iterable[Tag]) -> list[Told]:
    """Tags in short."""
    rows = list(tags)
    depends_on(*(f"tag:{tag.pk}" for tag in rows))
    return [{"slug": tag.slug, "name": tag.name} for tag in rows]


def story(article: Article) -> Told:
    """A whole article, as ``articles.stories.public_article`` gave it."""
    show_story(article)
    taken = openness_of(article)
    depends_on(f"comments:{article.pk}", until=taken.closes_at)
    head = head_of(article)
    withheld = terms_of(article) != FeedTerms.FULL
    html = "" if withheld else article.body_html
    return listed(article) | {
        "body_html": html,
        "body_text": "" if withheld else article.body_text,
        "body_withheld": withheld,
        "disclosure": disclosed(paid=story_has_paid_link(article, html)),
        "word_count": article.word_count,
        "lead_caption": article.lead_caption,
        "canonical": head.canonical,
        "noindex": head.noindex,
        "source": _source(article),
        "corrections": [
            {"kind": note.kind, "text": note.text, "made_at": note.made_at} for note in article.corrections.all()
        ],
        "comments_open": taken.is_open,
    }


def _source(article: Article) -> Told | None:
    source = article.source
    if source is None:
        return None
    line = credit_line(article)
    return {"slug": source.slug, "name": source.name, "credit_line": line, "original": article.source_url}


def section(row: Section) -> Told:
    """A section."""
    return _place(row) | {"description": row.description, "picture": picture(row.picture)}


def tag(row: Tag) -> Told:
    """A tag."""
    depends_on(f"tag:{row.pk}")
    return _place(row) | {"description": row.description, "picture": picture(row.picture)}


def author(row: Author) -> Told:
    """A byline profile; whose account it is, is nobody's business."""
    depends_on(f"author:{row.pk}")
    about = {"title": row.title, "bio": row.bio, "active": row.active}
    return _place(row) | about | {"portrait": picture(row.portrait)}


def _place(row: Section | Tag | Author) -> Told:
    return {"slug": row.slug, "name": row.name, "url": absolute(row.get_absolute_url())}


def disclosed(*, paid: bool) -> str:
    """What must be told beside paid links; empty where there are none. Shops that begin to pay make it anew."""
    depends_on(AFFILIATES)
    return disclosure() if paid else ""


def product(shown: ProductCard) -> Told:
    """A product with the offer that pages show."""
    depends_on(f"product:{shown.product.pk}", f"merchant:{shown.merchant.pk}")
    return {
        **{name: getattr(shown.product, name) for name in ("slug", "name", "brand", "description")},
        "picture": picture(shown.product.picture),
        "price": shown.offer.price,
        "currency": shown.offer.currency,
        "merchant": shown.merchant.name,
        "link": absolute(shown.address or shown.offer.url),
        "rel": shown.merchant.link_rel,
        "price_seen_at": shown.offer.seen_at,
        "check_price": shown.offer.is_old,
    }


def comment(row: Comment, address: str) -> Told:
    """What a reader wrote, with nothing in it that acts on its surroundings; never their e-mail address."""
    return {
        "id": row.pk,
        "url": absolute(address),
        "parent": row.parent_id,
        "name": neutral(row.name),
        "website": row.website,
        "text": neutral(row.text),
        "written_at": row.created_at,
        "edited_at": row.edited_at,
        "staff": row.staff_id is not None,
        "featured": row.featured,
    }
