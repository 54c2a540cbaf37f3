"""Every kind of page of the demo newsroom, readers' and desk's, in every look: accessible, valid, light, alone.

``make test PARTS=site`` sees each page in one of four looks (desktop and phone, light and dark), which take turns;
``make soak`` sees all four of each.
"""

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.conftest import PATIENCE
from tests.browser.demo_site import DemoSite, lay, serving
from tests.browser.nu import Nu
from tests.browser.visiting import HEIGHTS, LOOKS, WIDTHS, Look, axe, picture, sign_in
from tests.browser.watching import Watch

FIRST_LOAD = 60_000
"""Bytes of the article page besides pictures, as they travel."""

pytestmark = pytest.mark.site

PAGES = {
    "front": "/",
    "section": "/city/",
    "tag": "/tag/trams/",
    "author": "/author/ines-maren/",
    "article": "{article}",
    "illustrated article": "{illustrated}",
    "agency article": "{agency}",
    "archive": "/archive/",
    "archive with filters": "/archive/?section=city&kind=news&q=tram",
    "archive without results": "/archive/?q=qwertyuiop",
    "search": "/search/",
    "search with results": "/search/?q=tide+gate",
    "search without results": "/search/?q=trramm",
    "static page": "/about/",
    "comment form": "{comment_form}",
    "receipt": "{receipt}",
    "feeds": "/feeds/",
    "corrections": "/corrections/",
    "newsletters": "/newsletters/",
    "newsletter confirmed": "{subscription}",
    "newsletter stopped": "/newsletters/stopped/",
}
MISSING = {"unknown": ("/nowhere/", 404), "hidden": ("{hidden}", 404), "gone": ("{gone}", 410)}

DESK = {
    "start page": ("editor", "/admin/"),
    "article list": ("editor", "/admin/articles/article/"),
    "article form": ("editor", "/admin/articles/article/{article_id}/change/"),
    "new article": ("contributor", "/admin/articles/article/add/"),
    "picture library": ("editor", "/admin/images/image/"),
    "bulk upload": ("editor", "/admin/images/image/several/"),
    "focal point": ("editor", "/admin/images/image/{image_id}/change/"),
    "comment queue": ("moderator", "/admin/comments/comment/"),
    "comment detail": ("moderator", "/admin/comments/comment/{comment_id}/change/"),
    "product list": ("editor", "/admin/products/product/"),
    "product form": ("editor", "/admin/products/product/{product_id}/change/"),
    "retirement": ("editor", "/admin/products/product/{product_id}/retirement/"),
    "prices": ("editor", "/admin/products/product/prices/"),
    "price list": ("editor", "/admin/products/product/import/"),
    "boxes of a story": ("editor", "/admin/products/product/article/{boxed_id}/"),
    "clicks": ("editor", "/admin/products/product/clicks/"),
    "merchant form": ("editor", "/admin/products/merchant/{merchant_id}/change/"),
    "wire desk": ("editor", "/admin/syndication/wireitem/"),
    "wire item": ("editor", "/admin/syndication/wireitem/{wire_waiting_id}/change/"),
    "wire item with a new version": ("editor", "/admin/syndication/wireitem/{wire_version_id}/change/"),
    "wire item that was killed": ("editor", "/admin/syndication/wireitem/{wire_killed_id}/change/"),
    "wire feeds": ("chief", "/admin/syndication/feed/"),
    "wire feed form": ("chief", "/admin/syndication/feed/{feed_id}/change/"),
    "wire rule form": ("chief", "/admin/syndication/wirerule/{rule_id}/change/"),
    "newsletter form": ("chief", "/admin/syndication/newsletter/{newsletter_id}/change/"),
    "newsletter sending": ("chief", "/admin/syndication/newsletter/{newsletter_id}/sending/"),
    "kill of a story that was mailed": ("chief", "/admin/articles/article/{mailed_id}/kill/"),
    "access tokens": ("editor", "/admin/account/tokens/"),
    "sign-in": ("", "/admin/account/login/"),
    "password reset": ("", "/admin/account/password/reset/"),
}


def few_looks(names: list[str]) -> list[Any]:
    """A look for each name, in turns; the others only in long runs."""
    return [
        pytest.param(name, look, marks=[] if turn == number % 4 else [pytest.mark.soak], id=f"{name}-{'-'.join(look)}")
        for number, name in enumerate(names)
        for turn, look in enumerate(LOOKS)
    ]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[DemoSite]:
    """The demo, loaded once in a run, and served to this process."""
    own = tmp_path_factory.mktemp("demo") / "site"
    shared = tmp_path_factory.getbasetemp()
    shared = (shared if worker_id == "master" else shared.parent) / "demo-as-loaded"
    with serving(own, lay(own, shared)) as site:
        yield site


@pytest.fixture
def watch(demo: DemoSite) -> Iterator[Watch]:
    """As in every browser test, over the demo's own server."""
    watch = Watch(demo.url)
    yield watch
    if watch.problems:
        pytest.fail("The page did what no page of ours may do:\n" + "\n".join(dict.fromkeys(watch.problems)))


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, demo: DemoSite, watch: Watch) -> Iterator[Visit]:
    """``visit(look, person="editor", script=False, width=320)``: a page of its own."""
    contexts = []

    def visited(
        look: Look = LOOKS[0], *, person: str = "", script: bool = True, width: int = 0, direction: str = ""
    ) -> Page:
        device, scheme = look
        context = browser.new_context(
            base_url=demo.url,
            viewport={"width": width or WIDTHS[device], "height": HEIGHTS[device]},
            color_scheme=scheme,
            java_script_enabled=script,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        contexts.append(context)
        page = context.new_page()
        if person:
            sign_in(page, f"{person}@example.org", demo.place("password"))
        return page

    yield visited
    for context in contexts:
        context.close()


def opened(page: Page, demo: DemoSite, address: str, status: int = 200) -> Response:
    response = page.goto(address.format(**demo.places), wait_until="networkidle")
    assert response is not None
    assert response.status == status, address
    return response


@pytest.mark.parametrize(("name", "look"), few_looks(list(PAGES)))
def test_a_reader_s_page_is_accessible(visit: Visit, demo: DemoSite, name: str, look: Look) -> None:
    page = visit(look)
    opened(page, demo, PAGES[name])
    picture(page, f"everywhere-{name}-{'-'.join(look)}".replace(" ", "-"))
    assert axe(page) == []
    expect(page.locator("h1")).to_have_count(1)
    assert page.context.cookies() == []
    assert page.evaluate("document.cookie") == ""


@pytest.mark.parametrize(("name", "look"), few_looks(list(MISSING)))
def test_a_page_that_is_not_there_is_accessible(visit: Visit, demo: DemoSite, name: str, look: Look) -> None:
    page = visit(look)
    address, status = MISSING[name]
    opened(page, demo, address, status)
    assert axe(page) == []
    expect(page.locator("h1")).to_have_count(1)
    assert page.context.cookies() == []


@pytest.mark.parametrize(("name", "look"), few_looks(list(DESK)))
def test_a_screen_of_the_desk_is_accessible(visit: Visit, demo: DemoSite, name: str, look: Look) -> None:
    person, address = DESK[name]
    page = visit(look, person=person)
    opened(page, demo, address)
    picture(page, f"everywhere-desk-{name}-{'-'.join(look)}".replace(" ", "-"))
    assert axe(page) == []


@pytest.mark.parametrize("look", [LOOKS[1], *(pytest.param(look, marks=pytest.mark.soak) for look in LOOKS[:1])])
def test_the_preview_of_a_comment_is_accessible_and_valid(visit: Visit, demo: DemoSite, nu: Nu, look: Look) -> None:
    page = visit(look, script=False)
    opened(page, demo, PAGES["comment form"])
    page.get_by_role("textbox", name="Comment").fill("I was on that tram.\n\nSee https://trams.example/4")
    page.get_by_role("textbox", name="Name").fill("Ana")
    page.get_by_role("textbox", name="Email").fill("ana@example.org")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("heading", name="Check your comment")).to_be_visible()
    html = page.content()
    assert nu(html) == []
    scripted = visit(look)
    scripted.route(
        "**/comments/preview-of-this-test/", lambda route: route.fulfill(body=html, content_type="text/html")
    )
    scripted.goto("/comments/preview-of-this-test/")
    assert axe(scripted) == []


def test_every_page_is_valid_html(visit: Visit, demo: DemoSite, nu: Nu) -> None:
    page = visit()
    found = {}
    for name, address, status in [
        *((name, address, 200) for name, address in PAGES.items()),
        *((name, address, status) for name, (address, status) in MISSING.items()),
    ]:
        response = page.request.get(address.format(**demo.places))
        assert response.status == status, name
        assert "set-cookie" not in response.headers, name
        found[name] = nu(response.body())
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_nothing_scrolls_sideways_on_the_narrowest_phone(visit: Visit, demo: DemoSite) -> None:
    page = visit(LOOKS[1], width=320)
    wide = {}
    for name, address in [*PAGES.items(), *((name, address) for name, (address, _status) in MISSING.items())]:
        page.goto(address.format(**demo.places))
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
    assert {name: width for name, width in wide.items() if width > 320} == {}


def test_every_page_can_be_read_without_script(visit: Visit, demo: DemoSite) -> None:
    page = visit(script=False)
    for name, address in PAGES.items():
        opened(page, demo, address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert len(page.locator("main").inner_text()) > 60, name
    opened(page, demo, "{article}")
    for part in (".product-box--top", ".related", "#comments", ".respond form"):
        expect(page.locator(part).first).to_be_visible()
    page.locator("header").get_by_role("searchbox").fill("tide gate")
    page.locator("header").get_by_role("button", name="Search").click()
    expect(page.locator("main mark").first).to_be_visible()


def test_the_article_s_first_load_is_light(visit: Visit, demo: DemoSite) -> None:
    page = visit()
    travelled: list[int] = []
    whole: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    session.on("Network.responseReceived", lambda event: kinds.__setitem__(event["requestId"], event["type"]))

    def finished(event: dict[str, Any]) -> None:
        if kinds.get(event["requestId"]) in {"Document", "Stylesheet", "Script", "Fetch", "Font"}:
            travelled.append(event["encodedDataLength"])

    session.on("Network.loadingFinished", finished)

    def weigh(response: Response) -> None:
        if response.request.resource_type in {"document", "stylesheet", "script", "fetch", "font"}:
            whole[response.url] = len(response.body())

    page.on("response", weigh)
    opened(page, demo, "{article}")
    page.wait_for_timeout(200)
    document = len(gzip.compress(page.request.get(demo.place("article")).body()))
    print(f"as sent {sum(travelled)}, unpacked {sum(whole.values())}, the document packed {document} bytes")  # noqa: T201
    assert len(whole) >= 3
    assert sum(travelled) <= FIRST_LOAD, whole


def test_control_a_broken_page_is_found_by_each_check(visit: Visit, demo: DemoSite, nu: Nu, watch: Watch) -> None:
    page = visit()
    broken = (
        "<!doctype html><html><head><script src='https://tracker.example/a.js'></script></head><body>"
        "<h1>One</h1><h1>Two</h1><img src='/static/x.png'><p style='width:5000px'>Wide</p>"
        "<p><div></p></body></html>"
    )
    page.route(
        "**/broken/",
        lambda route: route.fulfill(
            body=broken,
            content_type="text/html",
            headers={"Set-Cookie": "seen=1", "Content-Security-Policy": "style-src 'self'; script-src *"},
        ),
    )
    page.route("https://tracker.example/**", lambda route: route.abort())
    page.goto("/broken/")
    found = "\n".join(axe(page))
    assert "image-alt" in found
    assert "html-has-lang" in found
    assert nu(broken) != []
    problems = "\n".join(watch.problems)
    assert "third party: https://tracker.example/a.js" in problems
    assert "Content-Security-Policy: style-src" in problems
    watch.problems.clear()
