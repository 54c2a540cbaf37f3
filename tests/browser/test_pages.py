"""A reader's pages in a real browser: every look and width, with script and without, and what they weigh."""

import gzip
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pillow
from playwright.sync_api import Page, expect

from articles.models import Article, BylineRole, Correction, Kind, Tag
from images import publicity
from images.uploads import add_image
from pages import keyset
from pages.models import Menu, MenuItem, StaticPage
from tests.browser.conftest import OpenPage
from tests.browser.nu import Nu
from tests.browser.visiting import axe, looks, picture
from tests.browser.watching import Watch
from tests.factories import (
    give_byline,
    give_tags,
    make_article,
    make_comment,
    make_section,
    make_source,
    suggest,
)

pytestmark = pytest.mark.django_db(transaction=True)

FIRST_LOAD = 60_000
"""Bytes of an article's page besides its pictures: a second on a slow telephone line."""

LINE = "The first passenger to take a tram to the harbour will do so twelve months later than planned. "
BODY = (
    f"<p>{LINE * 20}</p><h2>Where the money went</h2>"
    '<div class="table-scroll" role="region" tabindex="0" aria-label="Costs"><table><tbody><tr><th>Cause</th>'
    "<th>Million</th></tr><tr><td>Pipes</td><td>5.2</td></tr></tbody></table></div>"
    f"<blockquote><p>{LINE}</p></blockquote><ul><li><p>{LINE}</p></li></ul><p>{LINE * 3}</p>"
)


@pytest.fixture
def paper(transactional_db: None) -> Article:
    """A small paper with one of everything, and more stories of a section than stand on one page."""
    file = io.BytesIO()
    Pillow.new("RGB", (1280, 853), (20, 90, 100)).save(file, "JPEG")
    tram = add_image(SimpleUploadedFile("tram.jpg", file.getvalue()), actor=None, alt="A tram in the rain.")
    publicity.show([tram.pk])
    for position, name in enumerate(("City", "Politics", "Climate")):
        make_section(name, position=position, description=f"All of {name}.", picture=tram)
    now = timezone.now()
    for number in range(2 * keyset.PER_PAGE):
        section = make_section(("City", "Politics", "Climate", "City")[number % 4])
        kind = Kind.OPINION if number % 9 == 8 else Kind.LIVE if number == 3 else Kind.NEWS
        story = make_article(
            f"Story {number} about the city",
            section=section,
            kind=kind,
            standfirst="It adds to the headline.",
            lead_picture=tram if number % 2 else None,
            publish_at=now - timedelta(hours=number + 1),
        )
        give_byline(story, "Ines Maren")
    article = make_article(
        "Tram line 4 will reach the harbour a year late",
        standfirst="The city will carry the whole of the extra cost.",
        section=make_section("City"),
        lead_picture=tram,
        lead_caption="Parked at the depot.",
        source=make_source(),
        revised_at=now,
        publish_at=now - timedelta(minutes=90),
        body_html=BODY,
    )
    give_byline(article, "Ines Maren")
    give_byline(article, "Jonas Ferrant", BylineRole.PHOTOS)
    give_tags(article, "trams", "harbour")
    suggest(article, *Article.objects.exclude(pk=article.pk).order_by("-pk")[:5])
    topic = Tag.objects.get(slug="trams")
    topic.description, topic.picture = "All about trams.", tram
    topic.save()
    Correction.objects.create(article=article, text="It was 30 per cent.")
    make_comment(article, parent=make_comment(article))
    StaticPage.objects.create(title="About us", slug="about", body=f"<p>{LINE}</p><h2>How</h2><p>{LINE}</p>")
    return article


def addresses(article: Article) -> dict[str, str]:
    """Every kind of page, by name."""
    return {
        "front": "/",
        "section": "/city/",
        "topic": "/tag/trams/",
        "author": "/author/ines-maren/",
        "article": article.get_absolute_url(),
        "static": "/about/",
    }


@pytest.mark.site
def test_every_page_is_accessible_in_every_look_and_valid_html(page: Page, paper: Article, nu: Nu) -> None:
    for name, address in addresses(paper).items():
        response = page.goto(address)
        assert response is not None
        assert nu(response.body()) == [], name
        expect(page.locator("h1")).to_have_count(1)
        for look in looks(page):
            assert axe(page) == [], f"{name} {look}"
            picture(page, f"page-{name}-{look}")


@pytest.mark.parametrize("width", [320, 768, 1280, 2560])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_runs_over_the_edge(page: Page, paper: Article, width: int, direction: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for name, address in addresses(paper).items():
        page.goto(address)
        page.evaluate("(direction) => { document.documentElement.dir = direction }", direction)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("width", [1280, 2560])
def test_a_line_of_the_story_holds_60_to_75_characters(page: Page, paper: Article, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(paper.get_absolute_url())
    lines = page.locator(".prose > p").first.evaluate(
        "(p) => { const range = document.createRange(); range.selectNodeContents(p);"
        " return new Set([...range.getClientRects()].map((rect) => Math.round(rect.top))).size }"
    )
    assert 60 <= len(LINE * 20) / lines <= 75


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_wide_screen_shows_every_link_of_the_menu(page: Page, paper: Article, direction: str) -> None:
    for number in range(20):
        label = f"{number} as long a label as a menu takes, or nearly so {'x' * number}"[:60]
        MenuItem.objects.create(menu=Menu.MAIN, label=label, url="/archive/", position=number)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/")
    page.evaluate("way => (document.documentElement.dir = way)", direction)
    links = page.locator(".menu__link")
    boxes = [box for box in (link.bounding_box() for link in links.all()) if box]
    assert len(boxes) == 20
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 1280 and box["height"] < 60 for box in boxes)


def test_an_article_s_first_load_is_light(page: Page, paper: Article) -> None:
    weights: dict[str, int] = {}
    page.on("response", lambda answer: weights.__setitem__(answer.url, len(answer.body())))
    page.goto(paper.get_absolute_url(), wait_until="networkidle")
    static = {url.split("/static/")[1] for url in weights if "/static/" in url}
    text = sum(size for url, size in weights.items() if "/static/" not in url and "/media/" not in url)
    packed = sum(len(gzip.compress(Path("static", name).read_bytes())) for name in static)
    assert "site/site.css" in static
    assert text + packed <= FIRST_LOAD


def test_without_script_everything_can_be_read_and_paged(open_page: OpenPage, paper: Article) -> None:
    page = open_page(script=False)
    page.goto("/")
    page.get_by_role("link", name="City", exact=True).first.click()
    page.get_by_role("link", name="Older stories").click()
    expect(page.get_by_role("link", name="Newer stories")).to_be_visible()
    page.goto(paper.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text(paper.headline)
    expect(page.locator(".card time").first).to_contain_text("20")


def test_times_become_relative_and_keep_their_date(page: Page, paper: Article) -> None:
    page.goto(paper.get_absolute_url())
    published = page.locator(".dates time").first
    expect(published).to_have_text("1 hour ago")
    expect(published).to_have_attribute("title", _title(paper))


def _title(article: Article) -> str:
    assert article.publish_at is not None
    moment = timezone.localtime(article.publish_at)
    return f"{moment.day} {moment:%b %Y}, {moment:%H:%M}"


def test_the_skip_link_is_the_first_stop_and_leads_to_the_story(page: Page, paper: Article) -> None:
    page.goto(paper.get_absolute_url())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_reader_asks_the_admin_for_nothing(page: Page, paper: Article) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(paper.get_absolute_url(), wait_until="networkidle")
    assert not [url for url in asked if "/admin/" in url]
    assert page.context.cookies() == []


def test_a_marked_browser_is_offered_the_way_to_the_admin(page: Page, paper: Article) -> None:
    answer = '{"url": "/admin/articles/article/1/change/", "label": "Edit"}'
    page.route("**/admin/edit-link/**", lambda route: route.fulfill(body=answer, content_type="application/json"))
    page.goto(paper.get_absolute_url())
    page.evaluate("localStorage.setItem('newsroom-staff', 'yes')")
    page.reload()
    expect(page.get_by_role("link", name="Edit")).to_have_attribute("href", "/admin/articles/article/1/change/")


def test_an_embed_asks_its_provider_only_after_a_click(page: Page, paper: Article, watch: Watch) -> None:
    page.route("https://player.vimeo.com/**", lambda route: route.fulfill(body="The film", content_type="text/html"))
    paper.body_html += (
        '<figure class="embed embed--video" data-embed-provider="vimeo" data-embed-play="Show here" '
        'data-embed-src="https://player.vimeo.com/1"><a class="embed-link" href="https://vimeo.com/1">'
        '<span class="embed-title">A film</span> <span class="embed-provider">Vimeo</span></a></figure>'
    )
    paper.save()
    page.goto(paper.get_absolute_url())
    expect(page.locator("iframe")).to_have_count(0)
    assert watch.problems == []
    page.get_by_role("button", name="Show here").click()
    expect(page.frame_locator("iframe[title='A film']").locator("body")).to_have_text("The film")
    assert watch.problems == ["third party: https://player.vimeo.com/1"]
    watch.problems.clear()


def test_printing_keeps_the_story_and_drops_the_rest(page: Page, paper: Article) -> None:
    page.goto(paper.get_absolute_url())
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".story__body")).to_be_visible()
    for part in (".menu", ".related", ".respond", ".topics"):
        expect(page.locator(part)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
