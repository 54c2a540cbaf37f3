"""A whole invented newsroom of any size, the same for every run: everything a page, the desk or a search has to find.

Per article: a body, standfirst, picture, byline, three Zipf tags, a revision, twenty suggestions, its words in the
search index, and three comments on average, most of them under the newest; on every tenth picks, products everywhere.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.test import Client
from django.utils import timezone

from articles import headline_index
from articles.models import Article, Byline, Revision, SearchEntry, Section, Tag, TaggedArticle
from articles.search import databases, spelling
from articles.search.fields import GAP, Fields, place_of
from articles.state import Credit, WorkingState, digest_of
from bench.invented import loading
from bench.invented.world import HEADLINE, VOCABULARY, World, Written
from bench.invented.world import spelling as spelt
from comments.models import Comment
from comments.models.name_key import name_key
from curation.models import Pick
from images.models import Image
from people.models import Author, User
from products.models import Merchant, Offer, Placement, Product

AUTHORS, PICTURES, PRODUCTS, MERCHANTS = 40, 300, 300, 8
COMMENTS_EACH, THREADS_END = 3, 0.7
"""Comments an article has on average; the share of them that answer another."""

STATES = (
    "pending",
    "approved",
    "approved",
    "approved",
    "approved",
    "approved",
    "approved",
    "approved",
    "spam",
    "rejected",
)
PARAGRAPH = 70
"""Words of one paragraph."""

LIVELY, USUAL = 40, 6
"""Comments under each article whose page is measured."""

MEASURED = 200
"""Articles whose pages are asked for in turn, from all over the archive."""

WRITERS = 20_000
ROWS = 1_000
KINDS = ("news",) * 14 + ("analysis", "guide", "opinion", "opinion", "review", "interview")
WORDS = [spelt(word) for word in range(VOCABULARY)]
SAID = np.array(WORDS, object)


def fill(number: int, say: Callable[[str], None] = print) -> None:
    """Write all of it into an empty, migrated database."""
    loading.prepare()
    steps: list[tuple[str, Callable[[], object]]] = [
        ("people, sections, tags, pictures", _surroundings),
        ("articles with revisions and search", lambda: _articles(number)),
        ("suggestions", lambda: loading.write_suggestions(number)),
        ("picks and products", lambda: _curated(number)),
        ("comments", lambda: _comments(number)),
        ("counters and statistics", _settle),
    ]
    for name, step in steps:
        began = timezone.now()
        step()
        say(f"{name}: {(timezone.now() - began).total_seconds():.0f} s")


def measured(number: int) -> list[int]:
    """The ids of the articles whose pages are asked for."""
    count = min(MEASURED, number // 2)
    return [1 + (place * (number - 1)) // max(count - 1, 1) for place in range(count)]


def usual(number: int) -> list[int]:
    """Their neighbours, which have fewer comments."""
    return [pk + 1 if pk < number else pk - 1 for pk in measured(number)]


def text_of(said: list[str]) -> tuple[str, list[str]]:
    """Headline and paragraphs of words."""
    body = said[HEADLINE:]
    paragraphs = [body[start : start + PARAGRAPH] for start in range(0, len(body), PARAGRAPH)]
    return " ".join(said[:HEADLINE]).capitalize(), [" ".join(words).capitalize() + "." for words in paragraphs]


def _surroundings() -> None:
    loading.sections_and_tags()
    loading.insert(
        Author(pk=pk, name=f"Writer {spelt(pk).title()}", slug=f"writer-{pk}") for pk in range(1, AUTHORS + 1)
    )
    loading.insert(_picture(pk) for pk in range(1, PICTURES + 1))
    for name in ("editor", "moderator"):
        user = User.objects.create_user(name, f"{name}@example.org", is_staff=True)
        user.groups.set(Group.objects.all())


def _picture(pk: int) -> Image:
    cuts = (("full", 1600, 1067), ("3:2", 480, 320), ("3:2", 1280, 853), ("1:1", 480, 480), ("1.91:1", 1200, 628))
    made = [
        {
            "name": f"{pk % 256:02x}/{pk:032x}-{w}.{kind}",
            "width": w,
            "height": h,
            "ratio": ratio,
            "format": kind,
            "bytes": 9,
        }
        for ratio, w, h in cuts
        for kind in ("jpeg", "webp")
    ]
    size = {"width": 1600, "height": 1067, "bytes": 9, "checksum": f"{pk:064x}"}
    return Image(
        pk=pk, title=f"Picture {pk}", alt=f"A {spelt(pk)} in the rain.", credit="Harl", renditions=made, **size
    )


def _articles(number: int) -> None:
    index, batches = databases.index(), _batches(World(number).articles(), ROWS)
    names = dict(Tag.objects.values_list("pk", "name"))
    headline_index.unmake(connection)
    with loading.indexed_after(Article, Revision, Byline, TaggedArticle, SearchEntry), loading.words_gathered():
        for batch in batches:
            rows: dict[type[Any], list[dict[str, Any]]] = {Article: [], Revision: [], Byline: [], TaggedArticle: []}
            searched = [_article(pk, written, names, rows) for pk, written in batch]
            for model, made in rows.items():
                loading.write(model, made)
            index.write(searched)
    with transaction.atomic():
        headline_index.make(connection)
    spelling.learn({*WORDS, *(word for name in names.values() for word in name.split())})


def _article(
    pk: int, written: Written, names: dict[int, str], rows: dict[type[Any], list[dict[str, Any]]]
) -> tuple[int, int, Fields]:
    said = SAID[written.words].tolist()
    headline, paragraphs = text_of(said)
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    standfirst, author, picture = paragraphs[0][:150], 1 + pk % AUTHORS, 1 + pk % PICTURES
    article = loading.article_row(pk, written, headline, "\n".join(paragraphs)) | {
        "standfirst": standfirst, "kind": KINDS[pk % len(KINDS)], "lead_picture_id": picture, "body": html,
        "body_html": html, "latest_id": pk, "live_id": pk, "created_at": written.published,
    }  # fmt: skip
    tags = sorted(names[tag] for tag in written.tags)
    state = WorkingState(
        headline=article["headline"], slug=article["slug"], standfirst=standfirst, section=written.section,
        kind=article["kind"], lead_picture=picture, body=html, tags=tuple(tags), bylines=(Credit(author),),
        publish_at=written.published,
    ).to_json()  # fmt: skip
    rows[Article].append(article)
    rows[Revision].append({
        "id": pk, "article_id": pk, "number": 1, "state": state, "headline": article["headline"],
        "digest": digest_of(state), "section_id": written.section, "made_at": written.published, "made_by_id": 1,
    })  # fmt: skip
    rows[Byline].append({"article_id": pk, "author_id": author})
    rows[TaggedArticle] += [{"content_object_id": pk, "tag_id": tag} for tag in written.tags]
    labels = [word for tag in tags for word in (*tag.split(), GAP)]
    fields = Fields(said[:HEADLINE], labels, standfirst.lower().replace(".", "").split(), said[HEADLINE:])
    return pk, place_of(Article(pk=pk, publish_at=written.published)), fields


def _curated(number: int) -> None:
    chance = np.random.default_rng(11)
    beside = range(10, number + 1, 10)
    picks = (
        {"article_id": pk, "target_id": target, "position": place}
        for pk in beside
        for place, target in enumerate({*chance.integers(1, number, 2).tolist()} - {pk})
    )
    placements = (
        {"article_id": pk, "product_id": 1 + (pk + place) % PRODUCTS, "position": place}
        for pk in range(5, number + 1, 5)
        for place in range(2)
    )
    with loading.indexed_after(Pick, Placement):
        for batch in _batches(picks, ROWS):
            loading.write(Pick, batch)
        for batch in _batches(placements, ROWS):
            loading.write(Placement, batch)
    loading.insert(
        Merchant(pk=pk, name=f"Shop {pk}", slug=f"shop-{pk}", url=f"https://shop{pk}.example") for pk in _to(MERCHANTS)
    )
    loading.insert(
        Product(pk=pk, name=f"The {spelt(pk)}", slug=f"product-{pk}", brand="Harl", picture_id=pk)
        for pk in _to(PRODUCTS)
    )
    loading.insert(
        Offer(
            product_id=pk,
            merchant_id=1 + (pk + more) % MERCHANTS,
            url=f"https://shop.example/{pk}/{more}",
            price=9 + pk + more,
        )
        for pk in _to(PRODUCTS)
        for more in (0, 3)
    )
    loading.insert(
        Placement(section_id=section, product_id=section * 10 + place, position=place)
        for section in _to(9)
        for place in range(6)
    )


def _comments(number: int) -> None:
    chance, now = np.random.default_rng(12), timezone.now()
    lively = [pk for pk in measured(number) for _one in range(LIVELY)]
    lively += [pk for pk in usual(number) for _one in range(USUAL)]
    newest = np.minimum(chance.zipf(1.3, max(number * COMMENTS_EACH - len(lively), 0)), number)
    owners = enumerate([*lively, *(number + 1 - newest).tolist()], start=1)
    last: dict[int, int] = {}

    def comment(pk: int, owner: int, drawn: Drawn) -> dict[str, Any]:
        parent = last.get(owner) if drawn.answers else None
        state = "approved" if pk <= len(lively) else drawn.state
        if state == "approved" and parent is None:
            last[owner] = pk
        moment = now - timedelta(seconds=1 + int(drawn.age * 86_400 * (3 if state == "pending" else 300)))
        return {
            "id": pk, "article_id": owner, "parent_id": parent, "depth": 1 if parent else 0, "state": state,
            "name": f"Reader {drawn.writer}", "name_key": _name_key(drawn.writer),
            "email": f"reader{drawn.writer}@example.org", "created_at": moment, "waiting_since": moment,
            "rank_at": moment - timedelta(minutes=drawn.longer), "receipt": f"receipt-{pk}", "text": drawn.text,
        }  # fmt: skip

    with loading.indexed_after(Comment):
        for batch in _batches(owners, ROWS):
            drawn = zip(batch, _drawn(chance, len(batch)), strict=True)
            loading.write(Comment, [comment(pk, owner, one) for (pk, owner), one in drawn])


class Drawn(NamedTuple):
    """What chance says of a comment; ``age`` is a share of the longest, ``longer`` minutes."""

    answers: bool
    state: str
    age: float
    longer: int
    writer: int
    text: str


def _drawn(chance: np.random.Generator, size: int) -> Iterator[Drawn]:
    answers = (chance.random(size) < THREADS_END).tolist()
    states = chance.integers(len(STATES), size=size).tolist()
    ages, longer = chance.random(size).tolist(), chance.integers(600, size=size).tolist()
    writers = (chance.random(size) ** 3 * WRITERS).astype(int).tolist()
    words = SAID[chance.integers(0, 400, (size, 30))].tolist()
    said = [STATES[state] for state in states], ages, longer, writers, [" ".join(some) for some in words]
    return map(Drawn, answers, *said)


@cache
def _name_key(writer: int) -> int | None:
    return name_key(f"Reader {writer}")


def _settle() -> None:
    statements = connection.ops.sequence_reset_sql(no_style(), list(apps.get_models()))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    loading.settle()


def addresses(number: int) -> dict[str, Any]:
    """What to ask for, by name, and the cookies of the desk."""
    articles = Article.objects.select_related("section").in_bulk(measured(number))
    quieter = Article.objects.select_related("section").in_bulk(usual(number))
    common = [WORDS[word] for word in (0, 1, 2, 5, 20, 100, 400, 2_000)]
    queries = [*common, f"{common[0]}+{common[1]}", f"{common[4]}+{common[7]}", f"%22{common[3]}+{common[0]}%22"]
    return {
        "article": [article.get_absolute_url() for article in articles.values()],
        "usual article": [article.get_absolute_url() for article in quieter.values()],
        "front": ["/"],
        "section": [section.get_absolute_url() for section in Section.objects.all()],
        "tag": [
            tag.get_absolute_url()
            for tag in Tag.objects.filter(Exists(TaggedArticle.objects.filter(tag=OuterRef("pk")))).order_by("pk")[:20]
        ],
        "search": [f"/search/?q={query}" for query in queries],
        "admin list": [
            "/admin/articles/article/",
            "/admin/articles/article/?p=2",
            f"/admin/articles/article/?p={min(number // 50, 200)}",
        ],
        "admin search": [f"/admin/articles/article/?q={query}" for query in (*common[3:7], "zyzzyva")],
        "moderation queue": ["/admin/comments/comment/", "/admin/comments/comment/?order=urgency"],
        "cookie": _cookie("editor@example.org"),
    }


def content(number: int, target: Path) -> None:
    """The same articles for another system, one as JSON on each line."""
    tags = dict(Tag.objects.values_list("pk", "name"))
    with target.open("w", encoding="utf-8") as out:
        for pk, written in World(number).articles():
            headline, paragraphs = text_of(SAID[written.words].tolist())
            row = {
                "pk": pk,
                "headline": headline[:160],
                "slug": f"story-{pk}",
                "standfirst": paragraphs[0][:150],
                "paragraphs": paragraphs,
                "section": written.section,
                "tags": [tags[tag] for tag in written.tags],
                "published": written.published.isoformat(),
                "author": 1 + pk % AUTHORS,
            }
            out.write(json.dumps(row) + "\n")


def _cookie(email: str) -> str:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email=email))
    return f"sessionid={client.cookies['sessionid'].value}"


def _to(number: int) -> range:
    return range(1, number + 1)


def _batches(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := list(itertools.islice(rows, size)):
        yield batch
