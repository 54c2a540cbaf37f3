"""Loading the demo newsroom through the same verbs that editors use."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.files import File
from django.utils import timezone

from articles import corrections, publishing, revisions
from articles.models import CorrectionKind, Section, Source
from articles.publishing import tags_named
from articles.state import Credit, WorkingState
from curation import exposure, picks, rebuilding
from images import uploads
from newsroom.demo import after, before, clicks, comment_life, files, hands, newsletters, series_and_tags, time, wires
from newsroom.demo import revisions as revised
from newsroom.demo.made import Demo
from newsroom.demo.site_pages import MENUS, PAGES
from pagecache.writing import writing
from pages.models import MenuItem, StaticPage
from people.models import Author, User
from people.roles import CHIEF_EDITOR, CONTRIBUTOR, EDITOR, MODERATOR, ensure_groups
from products.models import Merchant, Offer, Placement, Product

PASSWORD = "brackwater-demo"  # noqa: S105 - printed for whoever tries the demo
STAFF = {
    "editor@example.org": ("Ada Fenwick", EDITOR),
    "chief@example.org": ("Bram Castellan", CHIEF_EDITOR),
    "moderator@example.org": ("Cleo Ostrander", MODERATOR),
    "contributor@example.org": ("Ines Maren", CONTRIBUTOR),
}
ROLE_NAMES = {"additional reporting": "reporting"}


def is_loaded() -> bool:
    """Whether the demo's staff exist already."""
    return User.objects.filter(email__in=STAFF).exists()


def load(now: datetime | None = None) -> Demo:
    """Load the whole newsroom as of ``now``; only into a database without the demo."""
    demo = Demo(now=now or timezone.now())
    _make_staff(demo)
    _make_pictures(demo)
    world = files.world()
    with writing():
        _make_frame(demo, world)
        _make_products(demo, world)
        stories = files.stories()
        for story in stories:
            _make_article(demo, story)
    _fill_bodies_and_publish(demo, stories)
    with writing():
        for story in stories:
            _make_surroundings(demo, story)
        after.make(demo)
        hands.make(demo, PASSWORD)
        comment_life.make(demo, stories)
        before.make(demo)
        revised.make(demo)
        time.make(demo)
        series_and_tags.make(demo)
        clicks.make(demo)
        wires.make(demo)
        newsletters.make(demo)
    rebuilding.start()
    rebuilding.run_to_the_end()
    exposure.count_all()
    return demo


def _make_staff(demo: Demo) -> None:
    ensure_groups(Group, Permission)
    for email, (name, role) in STAFF.items():
        user = User.objects.create_staff(email, name, PASSWORD)
        user.groups.add(Group.objects.get(name=role))
        demo.staff[role] = user


def _make_pictures(demo: Demo) -> None:
    words = files.picture_words()
    for path in sorted(files.PICTURES.glob("*.jpg")):
        known = words.get(path.stem, {})
        with path.open("rb") as handle:
            image = uploads.add_image(
                File(handle, name=path.name),
                actor=None,
                title=path.stem.replace("-", " ").capitalize(),
                alt=known.get("alt", ""),
                credit=known.get("credit", ""),
            )
        demo.pictures[path.stem] = image.pk


def _make_frame(demo: Demo, world: dict[str, Any]) -> None:
    for position, row in enumerate(world["section"]):
        demo.sections[row["slug"]] = _saved(Section(position=position, **row))
    for row in world["source"]:
        demo.sources[row["slug"]] = _saved(Source(**row))
    for row in world["author"]:
        portrait = demo.pictures.get(f"portrait-{row['slug']}")
        demo.authors[row["slug"]] = _saved(Author(portrait_id=portrait, **row))
    contributor = demo.authors["ines-maren"]
    contributor.user = demo.staff[CONTRIBUTOR]
    contributor.save()
    for row in PAGES:
        StaticPage(**row).save()
    pages = {page.slug: page for page in StaticPage.objects.all()}
    for position, (menu, kind, slug) in enumerate(MENUS):
        target: dict[str, Any] = {kind: demo.sections[slug] if kind == "section" else pages[slug]}
        MenuItem(menu=menu, position=position, **target).save()


def _make_products(demo: Demo, world: dict[str, Any]) -> None:
    merchants = {row["slug"]: _saved(Merchant(**row)) for row in world["merchant"]}
    for position, row in enumerate(world["product"]):
        product = _saved(
            Product(
                name=row["name"],
                slug=row["slug"],
                brand=row["brand"],
                description=row["description"],
                picture_id=demo.pictures.get(row["picture"]),
                rating=Decimal(row["rating"]) if "rating" in row else None,
                pros="\n".join(row.get("pros", ())),
                cons="\n".join(row.get("cons", ())),
                words=row.get("words", ""),
            )
        )
        demo.products[row["slug"]] = product
        merchant = merchants[row["merchant"]]
        Offer(
            product=product,
            merchant=merchant,
            url=f"{merchant.url}{row['slug']}",
            price=Decimal(row["price"]),
            seen_at=demo.at(2 + position % 5),
        ).save()
        for slug in row["sections"]:
            Placement(product=product, section=demo.sections[slug], position=position).save()
        for tag in tags_named(row["tags"]):
            Placement(product=product, tag=tag, position=position).save()


def _make_article(demo: Demo, story: files.Story) -> None:
    head = story.head
    bylines = [Credit(demo.authors[slug].pk, ROLE_NAMES.get(role, role)) for slug, role in head.get("bylines", ())]
    source = demo.sources[head["source"]].pk if "source" in head else None
    embargo = head.get("embargo_days")
    state = WorkingState(
        headline=head["headline"],
        slug=story.key,
        standfirst=head["standfirst"],
        section=demo.sections[head["section"]].pk,
        kind=head["kind"],
        sensitive=head.get("sensitive", False),
        lead_picture=demo.pictures.get(head.get("picture", "")),
        lead_caption=head.get("caption", ""),
        tags=tuple(head["tags"]),
        bylines=tuple(bylines),
        source=source,
        source_url=head.get("source_url", ""),
        publish_at=demo.at(head["days_ago"]),
        embargo_until=demo.at(-embargo) if embargo else None,
    )
    demo.articles[story.key] = revisions.create(state, actor=None)


def _fill_bodies_and_publish(demo: Demo, stories: list[files.Story]) -> None:
    addresses = {story.key: f"/{story.head['section']}/{story.key}-{demo.articles[story.key].pk}/" for story in stories}
    for story in stories:
        article = demo.articles[story.key]
        body = files.with_ids(story.body, demo.pictures, addresses)
        revisions.save(article, WorkingState.of(article).with_(body=body), actor=None)
        publishing.publish(article, actor=None)


def _make_surroundings(demo: Demo, story: files.Story) -> None:
    article, head = demo.articles[story.key], story.head
    for key in head.get("picks", ()):
        if key in demo.articles:
            picks.pick(article, demo.articles[key], actor=None)
    for position, row in enumerate(head.get("products", ())):
        slug, layout, days = row if isinstance(row, list) else (row, "row", 0)
        ends = demo.at(-days) if days else None
        Placement(product=demo.products[slug], article=article, position=position, layout=layout, ends=ends).save()
    for row in head.get("correction", ()):
        made_at = demo.at(row["days_ago"])
        corrections.add(article, CorrectionKind.CORRECTION, row["text"], actor=demo.staff[EDITOR], made_at=made_at)


def _saved(row: Any) -> Any:
    row.save()
    return row
