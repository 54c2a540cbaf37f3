"""``python fill.py content.jsonl ids.json``: our articles in the tree; those in ``ids`` have forty comments each."""

import json
import os
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
import django

django.setup()

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from newspaper.models import Article, ArticleTag, Author, Comment, HomePage, Pinned, Product, SectionPage
from taggit.models import Tag
from wagtail.models import Locale, Page, Site

LIVELY, SECTIONS, AUTHORS, FIRST, PINNED = 40, 9, 40, 100, 5


def main() -> None:
    """Fill the database and print the addresses to measure."""
    content, lively = Path(sys.argv[1]), set(json.loads(Path(sys.argv[2]).read_text()))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")
    home = _tree()
    sections = list(home.get_children().order_by("pk"))
    Author.objects.bulk_create(Author(pk=pk, name=f"Writer {pk}") for pk in range(1, AUTHORS + 1))
    _products(sections)
    tags: dict[str, int] = {}
    counts = [0] * SECTIONS
    paths = {}
    with transaction.atomic(), content.open() as lines:
        batch = []
        for line in lines:
            batch.append(json.loads(line))
            if len(batch) == 1_000:
                paths |= _articles(batch, sections, counts, tags)
                batch = []
        if batch:
            paths |= _articles(batch, sections, counts, tags)
        for section, count in zip(sections, counts, strict=True):
            Page.objects.filter(pk=section.pk).update(numchild=count)
        _around(len(paths), lively)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    article = [paths[pk] for pk in sorted(lively)]
    print(
        json.dumps({"article": article, "front": ["/"], "section": [f"/section-{n}/" for n in range(1, SECTIONS + 1)]})
    )


def _tree() -> HomePage:
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Home", slug="home"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
    for number in range(1, SECTIONS + 1):
        home.add_child(instance=SectionPage(title=f"Section {number}", slug=f"section-{number}", show_in_menus=True))
    return home


def _products(sections: list[Page]) -> None:
    Product.objects.bulk_create(
        Product(
            section=section, name=f"Product {n}", url=f"https://shop.example/{n}", price=9 + n, merchant=f"Shop {n}"
        )
        for section in sections
        for n in range(6)
    )


def _articles(batch: list[dict], sections: list[Page], counts: list[int], tags: dict[str, int]) -> dict[int, str]:
    kind, locale = ContentType.objects.get_for_model(Article), Locale.get_default()
    pages, articles, tagged, paths = [], [], [], {}
    for row in batch:
        section = sections[row["section"] - 1]
        counts[row["section"] - 1] += 1
        pk, slug, published = FIRST + row["pk"], f"{row['slug']}-{row['pk']}", datetime.fromisoformat(row["published"])
        url_path = f"{section.url_path}{slug}/"
        common = {
            "id": pk, "title": row["headline"], "draft_title": row["headline"], "slug": slug, "url_path": url_path,
            "path": Page._get_path(section.path, section.depth + 1, counts[row["section"] - 1]),
            "depth": section.depth + 1, "numchild": 0, "live": True, "content_type_id": kind.pk,
            "locale_id": locale.pk, "translation_key": uuid4(), "first_published_at": published,
            "last_published_at": published,
        }  # fmt: skip
        pages.append(Page(**common))
        body = [{"type": "paragraph", "value": f"<p>{words}</p>", "id": str(uuid4())} for words in row["paragraphs"]]
        articles.append(
            Article(
                page_ptr_id=pk, published=published, standfirst=row["standfirst"], author_id=row["author"],
                body=json.dumps(body), **{name: value for name, value in common.items() if name != "id"},
            )
        )  # fmt: skip
        for name in row["tags"]:
            if name not in tags:
                tags[name] = Tag.objects.get_or_create(name=name, defaults={"slug": name.replace(" ", "-")})[0].pk
            tagged.append(ArticleTag(content_object_id=pk, tag_id=tags[name]))
        paths[row["pk"]] = url_path.removeprefix("/home")
    Page.objects.bulk_create(pages)
    Article._base_manager.get_queryset()._insert(articles, fields=Article._meta.local_concrete_fields, using="default")
    ArticleTag.objects.bulk_create(tagged)
    return paths


def _around(number: int, lively: set[int]) -> None:
    """Pins beside every article, and comments."""
    chance = random.Random(5)
    pins = (
        Pinned(article_id=FIRST + pk, target_id=FIRST + target, sort_order=place)
        for pk in range(1, number + 1)
        for place, target in enumerate(chance.sample(range(1, number + 1), PINNED))
    )
    Pinned.objects.bulk_create(pins, batch_size=5_000)
    now = datetime.now(UTC)
    owners = [
        *(pk for pk in sorted(lively) for _one in range(LIVELY)),
        *(chance.randint(1, number) for _one in range(number * 2)),
    ]
    Comment.objects.bulk_create(
        (
            Comment(
                article_id=FIRST + owner, name=f"Reader {chance.randrange(20_000)}", approved=True,
                text="It has not been on time since they moved the stop, and nobody asked us. " * 3,
                created=now - timedelta(seconds=chance.randrange(10_000_000)),
            )
            for owner in owners
        ),
        batch_size=5_000,
    )  # fmt: skip


main()
