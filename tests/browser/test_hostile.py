"""Hostile text in every field that readers or staff see is shown as text: on no page does any of it act.

Every string field of every model below is filled with payloads, by the verbs
where there are some and into the columns where a verb would refuse; then every
public page and every list and form of the desk is opened. A payload that acts
sets ``window.__xss`` or opens a dialog; the control shows that one does.
"""

from pathlib import Path
from typing import Any

import pytest
from django.db import models
from playwright.sync_api import Dialog, Page

from articles import publishing, revisions
from articles.models import Article, Correction, Section, Source, Tag
from articles.state import Credit, WorkingState
from comments.models import Comment, State
from curation import picks
from images.models import Image
from pagecache.writing import writing
from pages.models import MenuItem, StaticPage
from people.models import Author, User
from products.models import Merchant, Placement, Product
from tests.browser.conftest import OpenPage
from tests.browser.visiting import sign_in
from tests.browser.watching import Watch
from tests.conftest import Cast
from tests.factories import (
    make_article,
    make_author,
    make_comment,
    make_image,
    make_product,
    make_section,
    make_source,
)

pytestmark = [pytest.mark.site, pytest.mark.django_db(transaction=True)]

ATTACKS = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "data" / "attacks" / "xss"
PER_ROUND = 30
"""Payloads that share one visit to every page."""

OWN = (
    "<script>ACT</script>",
    "</script><script>ACT</script>",
    '"><script>ACT</script>',
    "'><script>ACT</script>",
    "</title><script>ACT</script>",
    "</textarea><script>ACT</script>",
    "</style><script>ACT</script>",
    "--><script>ACT</script>",
    "]]><script>ACT</script>",
    "<img src=x onerror=ACT>",
    '"><img src=x onerror=ACT>',
    "'><img src=x onerror=ACT>",
    '" onerror="ACT" x="',
    "' onerror='ACT' x='",
    '" autofocus onfocus="ACT" x="',
    "' autofocus onfocus='ACT' x='",
    "<svg onload=ACT>",
    "<svg><script>ACT</script></svg>",
    "<svg/onload=ACT//",
    "<svg><animate onbegin=ACT attributeName=x dur=1s>",
    "<math><mtext></p><style><img src=x onerror=ACT></style></mtext></math>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=ACT></annotation-xml></math>",
    "<body onload=ACT>",
    "<details open ontoggle=ACT>",
    "<input autofocus onfocus=ACT>",
    "<select autofocus onfocus=ACT>",
    "<textarea autofocus onfocus=ACT>",
    "<video><source onerror=ACT></video>",
    "<audio src=x onerror=ACT>",
    "<marquee onstart=ACT>",
    "<iframe srcdoc='<script>parent.ACT</script>'></iframe>",
    "<iframe src='javascript:parent.ACT'></iframe>",
    "<object data='javascript:ACT'></object>",
    "<embed src='javascript:ACT'>",
    "<a href='javascript:ACT' id=bait>bait</a>",
    "<a href='&#106;avascript:ACT'>bait</a>",
    "<a href='java\tscript:ACT'>bait</a>",
    "<form action='javascript:ACT'><button autofocus>bait</button></form>",
    "<meta http-equiv=refresh content='0;url=javascript:ACT'>",
    "<base href='https://evil.example/'>",
    "<link rel=stylesheet href='https://evil.example/a.css'>",
    "<noscript><p title='</noscript><img src=x onerror=ACT>'>",
    "<template><script>ACT</script></template><script>ACT</script>",
    "{{constructor.constructor('ACT')()}}",
    "${ACT}",
    "{% load x %}<script>ACT</script>",
    "\u2028<script>ACT</script>\u2029",
    "<scr\x01ipt>ACT</script><img src=x onerror\x0c=ACT>",
    "&lt;script&gt;ACT&lt;/script&gt;",
)

ACT = "(window.__xss=1,alert(1))"
CONTROL = [payload.replace("ACT", ACT) for payload in OWN[:20]]


def own_payloads() -> list[str]:
    return [payload.replace("ACT", ACT) for payload in OWN]


def collected() -> list[str]:
    """Every line of the collection of payloads; those with a call of their own open a dialog."""
    lines: dict[str, None] = {}
    for path in sorted(ATTACKS.rglob("*")):
        if path.is_file():
            lines.update(dict.fromkeys(path.read_bytes().decode("utf-8", "replace").splitlines()))
    return [line for line in lines if line.strip() and "\x00" not in line]


class Shooting:
    """Takes one payload after the other, cut to what a column holds."""

    def __init__(self, payloads: list[str]) -> None:
        self.payloads = payloads
        self.number = 0

    def fitting(self, length: int | None) -> str:
        """The next payload that fits; a clean word where none does, as some columns must hold one."""
        for _try in self.payloads:
            self.number += 1
            payload = self.payloads[self.number % len(self.payloads)]
            if payload.strip() and (length is None or len(payload) <= length):
                return payload
        return "Clean"[:length]


SHOWN: tuple[type[models.Model], ...] = (
    Article, Author, Comment, Correction, Image, MenuItem, Merchant, Product, Section, Source, StaticPage, Tag, User,
)  # fmt: skip
NOT_WORDS = {
    "Article": {"body_html", "body_text", "body_pipeline", "import_id", "body"},
    "Image": {"original", "checksum"},
    "Comment": {"receipt", "address_block", "email", "website"},
    "Merchant": {"url"},
    "Source": {"url"},
    "MenuItem": {"url"},
    "StaticPage": {"body"},
    "User": {"password", "email", "username"},
    "Tag": {"key"},
}
"""What the database or a look-up forbids to be words; bodies come in through their own doors, links below."""


def word_fields(model: type[models.Model]) -> list[Any]:
    """The columns that hold words somebody wrote."""
    kept = NOT_WORDS.get(model.__name__, set())
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField | models.EmailField | models.URLField)
        and not field.choices
        and field.name not in kept
    ]


@pytest.fixture
def story(cast: Cast) -> Article:
    """One of everything, published through the verbs."""
    section, author, image = make_section("City"), make_author("Ines Maren"), make_image()
    state = WorkingState(
        headline="Clean", slug="clean", standfirst="Clean", section=section.pk, body="<p>Clean.</p>",
        lead_picture=image.pk, lead_caption="Clean", tags=("Trams",), bylines=(Credit(author.pk),),
        source=make_source().pk, source_url="https://agency.example/",
    )  # fmt: skip
    article = publishing.publish(revisions.create(state, actor=cast.chief), actor=cast.chief)
    other = make_article("Other", section=section, lead_picture=image)
    picks.pick(article, other, actor=None)
    Placement.objects.create(product=make_product(picture=image), article=article)
    Correction.objects.create(article=article, text="Clean")
    make_comment(article, parent=make_comment(article), website="https://reader.example/")
    make_comment(article, state=State.PENDING)
    page = StaticPage.objects.create(title="About", slug="about", body="<p>Us.</p>")
    for menu in ("main", "footer"):
        MenuItem.objects.create(menu=menu, page=page, label="Clean")
    return article


def hostile_value(shots: Shooting, field: Any, pk: int) -> str:
    """A payload for the column, with a number where no two rows may hold the same."""
    if not field.unique:
        return shots.fitting(field.max_length)
    return f"{shots.fitting(field.max_length - 8)} {pk}"


def poison(story: Article, payloads: list[str]) -> set[str]:
    """Fill every word of every row; gives the names of the filled columns.

    The story begins with a word of its own: of some payloads nothing is left, and an empty story is not published.
    """
    shots, filled = Shooting(payloads), set()
    body = "<p>Clean.</p>" + "".join(f"<p>{payload}</p>" for payload in payloads)
    for article in Article.objects.all():
        state = WorkingState.of(article)
        words = {"headline": 160, "standfirst": 1000, "lead_caption": 400, "search_title": 120,
                 "search_description": 300}  # fmt: skip
        hostile = {name: shots.fitting(length) for name, length in words.items()}
        tags = [tag for tag in (shots.fitting(80) for _each in range(8)) if "," not in tag and tag]
        revisions.save(article, state.with_(**hostile, tags=tags, body=body, slug="clean"), actor=None)
        publishing.publish(article, actor=None)
    with writing():
        for model in SHOWN:
            for row in model._default_manager.all():
                values = {field.name: hostile_value(shots, field, row.pk) for field in word_fields(model)}
                model._default_manager.filter(pk=row.pk).update(**values)
                filled |= {f"{model.__name__}.{name}" for name in values}
    page = StaticPage.objects.get()
    page.body = body
    page.save()
    return filled


def public_addresses(story: Article) -> list[str]:
    story.refresh_from_db()
    receipt = Comment.objects.pending().get().receipt
    tags = [f"/tag/{slug}/" for slug in Tag.objects.values_list("slug", flat=True)[:2]]
    return [
        "/", "/city/", "/about/", "/author/ines-maren/", story.get_absolute_url(), "/archive/", "/search/?q=clean",
        "/search/?q=script+alert", f"/comments/{story.pk}/", f"/comments/receipt/{receipt}/", *tags,
    ]  # fmt: skip


def desk_addresses(story: Article) -> list[str]:
    rows: list[models.Model | None] = [
        story, story.section, Author.objects.first(), Source.objects.first(), Tag.objects.first(),
        Image.objects.first(), Product.objects.first(), Merchant.objects.first(), Comment.objects.pending().first(),
        StaticPage.objects.first(), MenuItem.objects.first(), User.objects.first(),
    ]  # fmt: skip
    lists = {f"/admin/{row._meta.app_label}/{row._meta.model_name}/": row.pk for row in rows if row is not None}
    forms = [f"{address}{pk}/change/" for address, pk in lists.items()]
    return ["/admin/", *lists, *forms, f"/admin/articles/article/{story.pk}/history/"]


def watched(page: Page) -> list[str]:
    """Dialogs as they open."""
    opened: list[str] = []

    def note(dialog: Dialog) -> None:
        opened.append(f"{dialog.type} on {page.url}")
        dialog.dismiss()

    page.on("dialog", note)
    return opened


def acted(page: Page, address: str, opened: list[str]) -> list[str]:
    """What happened on the page at ``address``, also when a mouse passes over it."""
    opened.clear()
    response = page.goto(address)
    assert response is not None
    assert response.status == 200, address
    page.mouse.move(300, 300)
    found = list(opened)
    if page.evaluate("'__xss' in window"):
        found.append(f"ran on {address}")
    if page.locator("[href^='javascript:' i], [src^='javascript:' i], [action^='javascript:' i]").count():
        found.append(f"an address that runs on {address}")
    return found


def nothing_acts(open_page: OpenPage, watch: Watch, cast: Cast, story: Article, payloads: list[str]) -> None:
    filled = poison(story, payloads)
    assert len(filled) >= 25
    User.objects.filter(pk=cast.administrator.pk).update(is_superuser=True)
    reader, desk = open_page(), open_page()
    found: list[str] = []
    opened = watched(reader)
    for address in public_addresses(story):
        found += acted(reader, address, opened)
    sign_in(desk, cast.administrator.email)
    opened = watched(desk)
    for address in desk_addresses(story):
        found += acted(desk, address, opened)
    assert found == []
    policy = [problem for problem in watch.problems if "Content-Security-Policy" in problem]
    assert policy == [], "the policy had to stop what should never have become markup"
    assert [problem for problem in watch.problems if "third party" in problem] == []
    watch.problems.clear()  # pictures without files


def test_our_own_payloads_act_nowhere(open_page: OpenPage, watch: Watch, cast: Cast, story: Article) -> None:
    nothing_acts(open_page, watch, cast, story, own_payloads())


needs_attacks = pytest.mark.skipif(not ATTACKS.exists(), reason=f"the collection of payloads is not at {ATTACKS}")


@needs_attacks
def test_a_sample_of_the_collection_acts_nowhere(open_page: OpenPage, watch: Watch, cast: Cast, story: Article) -> None:
    payloads = collected()
    nothing_acts(open_page, watch, cast, story, payloads[:: len(payloads) // PER_ROUND])


@needs_attacks
@pytest.mark.soak
def test_the_whole_collection_acts_nowhere(open_page: OpenPage, watch: Watch, cast: Cast, story: Article) -> None:
    payloads = collected()
    for start in range(0, len(payloads), PER_ROUND):
        nothing_acts(open_page, watch, cast, story, payloads[start : start + PER_ROUND])


@pytest.mark.parametrize("payload", [CONTROL[0], CONTROL[9], CONTROL[16]])
def test_control_a_raw_payload_acts(open_page: OpenPage, watch: Watch, payload: str) -> None:
    page = open_page()
    opened = watched(page)
    page.route("**/raw/", lambda route: route.fulfill(body=f"<!doctype html><p>{payload}", content_type="text/html"))
    assert acted(page, "/raw/", opened) != []
    watch.problems.clear()


def test_control_our_policy_stops_a_raw_payload_and_says_so(open_page: OpenPage, watch: Watch, story: Article) -> None:
    with writing():
        Article.objects.filter(pk=story.pk).update(body_html="<p>Raw</p><img src=x onerror=alert(1)>")
    page = open_page()
    opened = watched(page)
    assert acted(page, story.get_absolute_url(), opened) == []
    assert any("Content-Security-Policy: script-src" in problem for problem in watch.problems)
    watch.problems.clear()
