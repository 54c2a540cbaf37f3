"""What a reader's page tells of the list beside an article: once, when it was looked at, and nothing else."""

import io
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pillow
from playwright.sync_api import BrowserContext, Page, Request, expect

from articles.models import Article
from curation import most_read, picks, standing_pairs, tally
from curation.models import MostRead, ReadCount, RelatedCount
from curation.places import FRONT
from curation.tally import tally as counts
from images.uploads import add_image
from tests.browser.conftest import OpenPage
from tests.browser.nu import Nu
from tests.browser.visiting import axe, looks, picture
from tests.factories import give_byline, make_article, make_section, suggest

pytestmark = pytest.mark.django_db(transaction=True)

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
A_PERSON = "Object.defineProperty(navigator, 'webdriver', {get: () => false});"
OBJECTS = "Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true});"
LONG = "<p>The first passenger to take a tram to the harbour will do so a year later than planned.</p>" * 60
PATIENCE = 15


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Counts are written by the test, not by a timer that may outlive it."""
    monkeypatch.setattr(tally.Tally, "_arrange", lambda _self: None)
    counts.forget()
    standing_pairs.forget()
    yield
    counts.forget()


@pytest.fixture
def story() -> Article:
    """A long article with five others beside it."""
    article = make_article("Here", body_html=LONG, body=LONG)
    suggest(article, *(make_article(f"Other {number}") for number in range(5)))
    return article


class Visit:
    """A person's visit: the page, and the beacons it sent."""

    def __init__(self, open_page: OpenPage, *, objects: bool = False, machine: bool = False, **options: Any) -> None:
        self.page: Page = open_page(user_agent=FIREFOX, **options)
        self.context: BrowserContext = self.page.context
        self.sent: list[dict[str, list[str]]] = []
        if not machine:
            self.context.add_init_script(A_PERSON)
        if objects:
            self.context.add_init_script(OBJECTS)
        self.context.on("request", self._note)

    def _note(self, request: Request) -> None:
        if "/related/" in request.url:
            self.sent.append(parse_qs(request.post_data or ""))

    def kinds(self) -> list[str]:
        return [next(name for name in beacon if name != "page") for beacon in self.sent]

    def wait_for(self, kind: str) -> None:
        end = time.monotonic() + PATIENCE
        while kind not in self.kinds():
            assert time.monotonic() < end, f"no {kind} in {self.sent}"
            self.page.wait_for_timeout(50)

    def look_at_the_list(self) -> None:
        self.page.locator(".related").scroll_into_view_if_needed()
        self.page.locator(".related").evaluate("(block) => block.scrollIntoView({block: 'center'})")


def gathered(events: int) -> None:
    """Wait until the server has counted so many."""
    end = time.monotonic() + PATIENCE
    while counts.events < events:
        assert time.monotonic() < end, counts.events
        time.sleep(0.05)
    counts.flush()


def test_a_view_a_click_and_a_reading_are_counted_once(open_page: OpenPage, story: Article) -> None:
    visit = Visit(open_page)
    visit.page.goto(story.get_absolute_url())
    visit.page.wait_for_timeout(1500)
    assert visit.sent == []  # the list is far below, and nobody has read for long
    visit.look_at_the_list()
    visit.wait_for("shown")
    visit.page.evaluate("scrollTo(0, 0)")
    visit.page.wait_for_timeout(200)
    visit.look_at_the_list()
    visit.wait_for("read")
    visit.page.wait_for_timeout(1200)
    visit.page.click(".related__item:nth-child(2) .card__link")
    visit.page.wait_for_url("**/*-*/")
    expect(visit.page.locator("h1")).to_have_text("Other 1")
    visit.wait_for("clicked")
    assert visit.kinds() == ["shown", "read", "clicked"]
    gathered(7)
    rows = RelatedCount.objects.order_by("slot").values_list("target__headline", "shown", "clicked")
    assert list(rows) == [(f"Other {number}", 1, int(number == 1)) for number in range(5)]
    assert list(ReadCount.objects.values_list("article", "reads")) == [(story.pk, 1)]
    assert visit.context.cookies() == []
    assert visit.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_middle_click_counts_and_a_second_one_does_not(open_page: OpenPage, story: Article) -> None:
    visit = Visit(open_page)
    visit.page.goto(story.get_absolute_url())
    link = visit.page.locator(".related__item:first-child .card__link")
    link.click(button="middle")
    visit.wait_for("clicked")
    link.click(button="middle")
    link.click(button="right")
    visit.page.wait_for_timeout(300)
    assert visit.kinds() == ["shown", "clicked"]
    assert visit.sent[1]["clicked"] == [f"{story.suggestions.order_by('-score')[0].target_id}.1"]


def test_the_keyboard_chooses_as_the_mouse_does(open_page: OpenPage, story: Article) -> None:
    visit = Visit(open_page)
    visit.page.goto(story.get_absolute_url())
    visit.page.locator(".related__item:first-child .card__link").focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("h1")).to_have_text("Other 0")
    visit.wait_for("clicked")
    assert visit.kinds() == ["shown", "clicked"]
    assert visit.sent[1]["clicked"] == [f"{Article.objects.get(headline='Other 0').pk}.1"]


def test_on_a_telephone_a_list_longer_than_the_screen_counts_as_seen(open_page: OpenPage, story: Article) -> None:
    visit = Visit(open_page, device="phone")
    visit.page.set_viewport_size({"width": 360, "height": 300})
    visit.page.goto(story.get_absolute_url())
    visit.look_at_the_list()
    assert visit.page.locator(".related").evaluate("(list) => list.clientHeight > innerHeight")
    visit.wait_for("shown")
    assert visit.kinds() == ["shown"]
    assert [entry.rpartition(".")[2] for entry in ",".join(visit.sent[0]["shown"]).split(",")] == list("12345")


@pytest.mark.parametrize("who", [{"objects": True}, {"machine": True}, {"script": False}])
def test_who_objects_is_a_machine_or_runs_no_script_sends_nothing(
    open_page: OpenPage, story: Article, who: dict[str, bool]
) -> None:
    visit = Visit(open_page, **who)
    visit.page.goto(story.get_absolute_url())
    visit.page.locator(".related__item:first-child .card__link").scroll_into_view_if_needed()
    visit.page.wait_for_timeout(1500)
    visit.page.click(".related__item:first-child .card__link")
    expect(visit.page.locator("h1")).to_have_text("Other 0")
    assert visit.sent == []
    assert counts.events == 0


def test_a_page_without_a_list_is_read_all_the_same(open_page: OpenPage) -> None:
    alone = make_article("Alone")
    visit = Visit(open_page)
    visit.page.goto(alone.get_absolute_url())
    visit.wait_for("read")
    gathered(1)
    assert ReadCount.objects.get().article_id == alone.pk


@pytest.mark.site
def test_picks_and_most_read_look_right_everywhere(page: Page, nu: Nu) -> None:
    file = io.BytesIO()
    Pillow.new("RGB", (1280, 853), (20, 90, 100)).save(file, "JPEG")
    tram = add_image(SimpleUploadedFile("tram.jpg", file.getvalue()), actor=None, alt="A tram in the rain.")
    now = timezone.now()
    for number in range(40):
        section = make_section(("City", "Politics")[number % 2])
        at = now - timedelta(hours=number + 1)
        made = make_article(f"Story {number}", section=section, publish_at=at, standfirst="It says more.")
        give_byline(made)
        ReadCount.objects.create(article=made, day=timezone.localdate(), reads=number + 1)
    most_read.compute()
    assert MostRead.objects.count() == most_read.KEPT
    for place in (FRONT, make_section()):
        for number in (30, 31, 32, 33):
            target = Article.objects.get(headline=f"Story {number}")
            picks.pick(place, target, actor=None, details=picks.Details(picture=tram.pk))
    for address in ("/", "/city/"):
        page.goto(address)
        expect(page.locator(".card__link").first).to_have_text("Story 30")
        expect(page.locator(".most-read__item")).to_have_count(5)
        for look in looks(page):
            assert axe(page) == [], (address, look)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, look)
            picture(page, f"tops-{address.strip('/') or 'front'}-{look}")
        assert nu(page.content()) == []


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 12])
def test_a_list_of_any_length_fits_every_screen(page: Page, settings: Any, count: int) -> None:
    settings.RELATED_SLOTS = 12
    article = make_article("Here")
    words = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    others = [make_article(f"{words} {number}", standfirst=words) for number in range(count)]
    suggest(article, *others)
    page.goto(article.get_absolute_url())
    expect(page.locator(".related__item")).to_have_count(count)
    for look in looks(page):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look
        assert overlapping(page) == 0, look
        picture(page, f"related-{count}-{look}")
    assert axe(page, within=".related") == []


OVERLAPPING = """() => {
  const words = [...document.querySelectorAll(".related__item .card__words")];
  const boxes = words.map((element) => element.getBoundingClientRect());
  const apart = (a, b) => a.right <= b.left + 1 || a.bottom <= b.top + 1;
  const meet = (a, b) => !apart(a, b) && !apart(b, a);
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => meet(a, b))).length;
}"""


def overlapping(page: Page) -> int:
    """How many pairs of items of the list cover one another."""
    return int(page.evaluate(OVERLAPPING))
