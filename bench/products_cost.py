"""What *Products You May Like* costs at 100,000 products and a million placements.

``python -m bench.products_cost`` measures a small and the full size on both databases, in less than ten
minutes on a machine that does nothing else. Both boxes of a page: statements, time in the database, time in
all, time of the processor; then the desk's search with hits and without, a changed price, a placement, a look
for what a story calls for, and clicks. Each measurement in ``bench/results/products-cost.json`` is replaced whole.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "products-cost.json"
sys.path.insert(0, str(ROOT))

from bench.related_cost import database, figures, timed  # noqa: E402

SIZES = {"small": (1_000, 10_000), "full": (100_000, 1_000_000)}
"""Products and placements."""

ARTICLES, SECTIONS, TAGS, MERCHANTS = 1_000, 20, 800, 50
CHOSEN, PAGES, WRITES, STORIES, SEARCHES = 12, 300, 100, 40, 20
AT_ONCE = 5_000


def fill(products: int, placements: int) -> None:
    """The world: every product offered, each tenth placement for a time that is over, each tenth for one to come."""
    from django.utils import timezone  # noqa: PLC0415 - settings depend on the database under test

    from articles.models import Article, Section, Status, Tag, TaggedArticle  # noqa: PLC0415
    from products.models import Merchant, Offer, Phrase, Product  # noqa: PLC0415

    now, random = timezone.now(), Random(6)
    made = {"publish_at": now - timedelta(days=1), "first_published_at": now, "status": Status.PUBLISHED}
    write(Section, (Section(pk=pk, name=f"S{pk}", slug=f"s{pk}") for pk in range(1, SECTIONS + 1)))
    write(Tag, (Tag(pk=pk, name=f"t{pk}", slug=f"t{pk}", key=f"t{pk}") for pk in range(1, TAGS + 1)))
    articles = range(1, ARTICLES + 1)
    write(Article, (_article(pk, made) for pk in articles))
    write(TaggedArticle, (_tagged(pk, turn) for pk in articles for turn in range(5)))
    shops = range(1, MERCHANTS + 1)
    write(Merchant, (Merchant(pk=pk, name=f"M{pk}", slug=f"m{pk}", url=f"https://m{pk}.example/") for pk in shops))
    every = range(1, products + 1)
    write(Product, (Product(pk=pk, name=f"Thing {pk}", slug=f"p{pk}", rating=Decimal("4.2")) for pk in every))
    write(Offer, (_offer(pk, now, random) for pk in every))
    write(Phrase, (Phrase(product_id=pk, text=f"thing {pk}", kind="name") for pk in every))
    place_all(products, placements, random)


def _article(pk: int, made: dict[str, Any]) -> Any:
    from articles.models import Article  # noqa: PLC0415

    words = " ".join(f"thing {(pk * 37 + turn) % 100_000} stands here" for turn in range(40))
    return Article(pk=pk, headline=f"A{pk}", slug=f"a{pk}", section_id=pk % SECTIONS + 1, body_text=words, **made)


def _tagged(article: int, turn: int) -> Any:
    from articles.models import TaggedArticle  # noqa: PLC0415

    return TaggedArticle(content_object_id=article, tag_id=(article * 13 + turn * 7) % TAGS + 1)


def _offer(pk: int, now: Any, random: Random) -> Any:
    from products.models import Offer  # noqa: PLC0415

    later = now + timedelta(days=30)
    price = Decimal(random.randrange(100, 90_000)) / 100
    merchant = pk % MERCHANTS + 1
    url = f"https://m{merchant}.example/{pk}"
    return Offer(
        product_id=pk, merchant_id=merchant, url=url, price=price, available=bool(pk % 8), seen_at=now, check_from=later
    )


def place_all(products: int, placements: int, random: Random) -> None:
    """Twelve placements for each article, a fifth of the rest for the sections, all others for the tags."""
    from django.db import transaction  # noqa: PLC0415

    left = placements - ARTICLES * CHOSEN
    by_section, by_tag = left // 5 // SECTIONS, (left - left // 5) // TAGS
    with transaction.atomic():
        for name, number, each in (
            ("article", ARTICLES, CHOSEN),
            ("section", SECTIONS, by_section),
            ("tag", TAGS, by_tag),
        ):
            for place in range(1, number + 1):
                _place_some(name, place, random.randrange(products), min(each, products), products)


def _place_some(name: str, place: int, first: int, each: int, products: int) -> None:
    """The database counts the rows itself, which is ten times as fast."""
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    past, ahead = (connection.ops.adapt_datetimefield_value(timezone.now() + timedelta(days=days)) for days in (-1, 1))
    moment = "timestamp with time zone" if connection.vendor == "postgresql" else "text"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE turns(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM turns WHERE n + 1 < %s)"
            f" INSERT INTO products_placement (product_id, {name}_id, position, layout, starts, ends)"
            f" SELECT (%s + n) %% %s + 1, %s, n, 'row', CASE n %% 10 WHEN 9 THEN CAST(%s AS {moment}) END,"
            f" CASE n %% 10 WHEN 8 THEN CAST(%s AS {moment}) END FROM turns",
            [each, first, products, place, ahead, past],
        )


def write(model: Any, rows: Iterator[Any]) -> None:
    """Make the rows, many in one statement, past the page keys: nobody reads yet."""
    from django.db import models, transaction  # noqa: PLC0415

    chunk: list[Any] = []
    with transaction.atomic():
        for row in rows:
            chunk.append(row)
            if len(chunk) == AT_ONCE:
                models.QuerySet(model).bulk_create(chunk)
                chunk = []
        models.QuerySet(model).bulk_create(chunk)


def measure(size: str) -> dict[str, Any]:
    """Fill one world and measure it."""
    from django.db import connection  # noqa: PLC0415

    began = time.perf_counter()
    fill(*SIZES[size])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    said: dict[str, Any] = {"products": SIZES[size][0], "placements": SIZES[size][1]}
    said["loading, seconds"] = round(time.perf_counter() - began)
    return said | {"page": measure_pages(), "search": measure_search()} | measure_writes(SIZES[size][0])


def measure_pages() -> dict[str, Any]:
    """Both boxes and the disclosure of a reader's page."""
    from django.db import connection  # noqa: PLC0415

    from articles.models import Article  # noqa: PLC0415
    from articles.page_plan import PagePlan  # noqa: PLC0415
    from bench.archive import Statements  # noqa: PLC0415
    from products.affiliate_links import needs_disclosure  # noqa: PLC0415
    from products.boxes import boxes_on_page  # noqa: PLC0415

    inside, total, busy, asked, shown = [], [], [], 0, 0
    for article in Article.objects.for_page().filter(pk__lte=PAGES):
        statements, plan = Statements(), PagePlan()
        start, worked = time.perf_counter(), time.process_time()
        with connection.execute_wrapper(statements):
            boxes = boxes_on_page(article, plan)
            needs_disclosure(article, plan)
        total.append(time.perf_counter() - start)
        busy.append(time.process_time() - worked)
        inside.append(statements.seconds())
        asked, shown = max(asked, len(statements.asked)), shown + len(boxes.top) + len(boxes.bottom)
    times = {"database": figures(inside), "in all": figures(total), "processor": figures(busy)}
    return {"statements": asked, "cards": shown / PAGES, **times}


def measure_search() -> dict[str, Any]:
    """The list of products on the desk: as it opens, a word all have, one product, and words nothing has."""
    from django.contrib import admin  # noqa: PLC0415
    from django.test import RequestFactory  # noqa: PLC0415
    from django.urls import resolve, reverse  # noqa: PLC0415

    from people.models import User  # noqa: PLC0415
    from products.models import Product  # noqa: PLC0415

    desk = admin.site.get_model_admin(Product)
    address = reverse("admin:products_product_changelist")
    whoever = User(is_superuser=True, is_staff=True, is_active=True)

    def search(words: str, _turn: int) -> None:
        request = RequestFactory().get(address, {"q": words} if words else {})
        request.user, request.resolver_match = whoever, resolve(address)
        list(desk.get_changelist_instance(request).result_list)

    asked = {"the list": "", "many hits": "thing", "one hit": "Thing 777", "no hits": "qwertyuiop"}
    return {name: figures(timed(partial(search, words), range(SEARCHES))) for name, words in asked.items()}


def measure_writes(products: int) -> dict[str, Any]:
    """A changed price, a placement beside a story, a story's own words, clicks."""
    from django.utils import timezone  # noqa: PLC0415

    from articles.models import Article  # noqa: PLC0415
    from products import clicks, matching, placing, pricing  # noqa: PLC0415
    from products.models import Offer, Product  # noqa: PLC0415

    def reprice(pk: int) -> None:
        offer = Offer.objects.get(product=pk)
        offer.price += 1
        pricing.note_offer(offer, actor=None)

    def place(pk: int) -> None:
        placing.place(Product.objects.get(pk=pk), Article.objects.get(pk=pk), actor=None)

    def look(pk: int) -> None:
        article = Article.objects.get(pk=pk)
        matching.called_for(article.headline, article.body_text, article.kind)

    for pk in range(1, WRITES + 1):
        clicks.clicks.add((pk, pk, 1, timezone.localdate()))
    flush = timed(lambda _turn: clicks.clicks.flush(), [1])
    some = range(1, min(WRITES, products) + 1)
    for pk, product in _firsts():
        placing.withdraw(Product.objects.get(pk=product), Article.objects.get(pk=pk), actor=None)
    return {
        "price": figures(timed(reprice, some)),
        "placement": figures(timed(place, some)),
        "words of a story": figures(timed(look, range(1, STORIES + 1))),
        "100 clicks written, ms": round(flush[0] * 1000, 1),
    }


def _firsts() -> list[tuple[int, int]]:
    """For each of the first articles its first product, to make room for another."""
    from products.models import Placement  # noqa: PLC0415

    rows = Placement.objects.filter(article__lte=WRITES, position=0)
    return list(rows.values_list("article", "product"))


def main() -> None:
    """Measure what was asked for; keep what was measured before of everything else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", choices=SIZES)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--sizes", nargs="+", default=list(SIZES), choices=SIZES)
    asked = parser.parse_args()
    if asked.measure:
        import django  # noqa: PLC0415

        django.setup()
        print(json.dumps(measure(asked.measure)))
        return
    for kind in asked.databases:
        for size in asked.sizes:
            keep(f"{kind} {size}", run(kind, size))


def run(kind: str, size: str) -> dict[str, Any]:
    """Measure one world in a process of its own: settings are read once."""
    with database(kind) as environment:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, __file__, "--measure", size]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def keep(name: str, said: dict[str, Any]) -> None:
    """Add one measurement to the results."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results[name] = said
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(name, json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
