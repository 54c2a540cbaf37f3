"""Rows for tests, each with only what its test does not care about filled in."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from articles.models import (
    Article,
    Byline,
    BylineRole,
    DeskMembership,
    DeskRole,
    Section,
    Source,
    Status,
    TaggedArticle,
)
from articles.publishing import tags_named
from comments.models import Comment, State
from curation.models import Suggestion
from images.models import Image
from people.models import Author, User
from products.models import Merchant, Offer, Product

_numbers = count(1)


def make_section(name: str = "City", **fields: Any) -> Section:
    """A section; asking again for the same name gives the same one."""
    section: Section = Section.objects.get_or_create(slug=name.lower(), defaults={"name": name, **fields})[0]
    return section


def make_article(headline: str = "The tram is late", **fields: Any) -> Article:
    """An article as readers see it, published an hour ago unless ``fields`` say otherwise."""
    values: dict[str, Any] = {
        "slug": "the-tram-is-late",
        "status": Status.PUBLISHED,
        "publish_at": timezone.now() - timedelta(hours=1),
        "body": "<p>It is late again.</p>",
        "body_html": "<p>It is late again.</p>",
        "body_text": "It is late again.",
        **fields,
    }
    if "section" not in values:
        values["section"] = make_section()
    values.setdefault("first_published_at", values["publish_at"])
    article: Article = Article.objects.create(headline=headline, **values)
    return article


def give_tags(article: Article, *names: str) -> None:
    """Put tags on an article as readers see it."""
    rows = [TaggedArticle(tag=tag, content_object=article) for tag in tags_named(names)]
    TaggedArticle.objects.bulk_create(rows)


def make_author(name: str = "Ines Maren", **fields: Any) -> Author:
    """A byline profile; asking again for the same name gives the same one."""
    author: Author = Author.objects.get_or_create(slug=slugify(name), defaults={"name": name, **fields})[0]
    return author


def suggest(article: Article, *targets: Article, score: float = 0.5) -> None:
    """Have the engine suggest ``targets`` beside ``article``, best first."""
    Suggestion.objects.bulk_create(
        Suggestion(article=article, target=target, score=score - place / 1000) for place, target in enumerate(targets)
    )


def give_byline(article: Article, name: str = "Ines Maren", role: BylineRole = BylineRole.WORDS) -> Author:
    """Put a name on an article as readers see it."""
    author = make_author(name)
    Byline.objects.create(article=article, author=author, role=role, position=article.bylines.count())
    return author


def make_source(name: str = "Northline", **fields: Any) -> Source:
    """An agency."""
    source: Source = Source.objects.create(name=name, slug=slugify(name), **fields)
    return source


def make_image(alt: str = "A tram in the rain.", **fields: Any) -> Image:
    """A picture with renditions to refer to, though there is no file behind them."""
    number = next(_numbers)
    cuts = (("full", 1600, 1067), ("3:2", 800, 533), ("1:1", 240, 240), ("1.91:1", 1200, 628))
    values: dict[str, Any] = {
        "title": f"Picture {number}",
        "width": 1600,
        "height": 1067,
        "bytes": 1000,
        "checksum": f"{number:064x}",
        "renditions": [
            {
                "name": f"{number:02x}/{number:032x}-{width}.jpg",
                "width": width,
                "height": height,
                "ratio": ratio,
                "format": "jpeg",
                "bytes": 1000,
            }
            for ratio, width, height in cuts
        ],
        **fields,
    }
    image: Image = Image.objects.create(alt=alt, **values)
    return image


def make_comment(article: Article, text: str = "I was on that tram.", **fields: Any) -> Comment:
    """A reader's comment, approved unless ``fields`` say otherwise."""
    number = next(_numbers)
    values = {"name": f"Reader {number}", "email": f"reader{number}@example.org", "state": State.APPROVED, **fields}
    parent = values.get("parent")
    if parent is not None:
        values.setdefault("depth", parent.depth + 1)
        values.setdefault("answers", parent)
    comment: Comment = Comment.objects.create(article=article, text=text, **values)
    return comment


def give_place(user: User, section: Section, role: DeskRole = DeskRole.EDITOR) -> User:
    """Seat somebody on a section's desk; the account comes back as a new request would find it."""
    DeskMembership.objects.update_or_create(user=user, section=section, defaults={"role": role})
    return User.objects.get(pk=user.pk)


def make_merchant(name: str = "Harbour & Hearth", **fields: Any) -> Merchant:
    """A shop that pays us; asking again for the same name gives the same one."""
    slug = slugify(name)
    defaults = {"name": name, "url": f"https://{slug}.example/", **fields}
    merchant: Merchant = Merchant.objects.get_or_create(slug=slug, defaults=defaults)[0]
    return merchant


def make_product(name: str = "Cast-iron pot", *, price: str | None = "74.90", **fields: Any) -> Product:
    """A product with one available offer, or none when ``price`` is ``None``."""
    merchant = fields.pop("merchant", None) or make_merchant()
    product: Product = Product.objects.create(name=name, slug=f"{slugify(name)}-{next(_numbers)}", **fields)
    if price is not None:
        Offer.objects.create(product=product, merchant=merchant, price=price, url=f"{merchant.url}p/{product.pk}")
    return product
