"""What is known about a rendered body: its pictures, links, words, and until when it holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine

from articles import body
from articles.embeds import embed_for
from articles.models import Article
from articles.publishing import going_out
from images.models import Image
from outbox.periodic import jobs
from pagecache.writing import writing
from products.affiliate_links import has_paid_link
from tests.factories import make_article

pytestmark = pytest.mark.django_db  # the rooms above may look into theirs for a link

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def affiliate() -> Iterator[None]:
    def rule(url: str) -> set[str]:
        return {"sponsored", "nofollow"} if "//shop.example/" in url else set()

    body.link_rules.append(rule)
    yield
    body.link_rules.remove(rule)


def make_image(**fields: object) -> Image:
    made = {"name": "a.jpg", "width": 640, "height": 400, "ratio": "full", "format": "jpeg", "bytes": 1}
    values = {"title": "Harbour", "width": 640, "height": 400, "bytes": 1, "checksum": "x", "renditions": [made]}
    return Image.objects.create(**{**values, **fields})


def test_links_to_merchants_carry_what_the_rules_ask(affiliate: None) -> None:
    rendered = body.render('<p><a href="https://shop.example/x">buy</a> <a href="https://a.example/">read</a></p>')
    assert '<a href="https://shop.example/x" rel="sponsored nofollow noopener">' in rendered.html
    assert '<a href="https://a.example/" rel="noopener">' in rendered.html
    assert has_paid_link(rendered.html)


def test_a_body_without_merchants_links_has_no_affiliate() -> None:
    assert not has_paid_link(body.render('<p><a href="https://a.example/">read</a></p>').html)


def test_our_own_articles_are_known_by_their_addresses() -> None:
    source = (
        '<p><a href="/city/the-tram-is-late-42/">a</a><a href="/city/-7/#h-x">b</a><a href="/tag/tram/">c</a>'
        '<a href="https://other.example/city/x-9/">d</a></p>'
    )
    assert body.render(source).article_ids == {42, 7}


def test_words_are_counted_without_markup_and_marks() -> None:
    rendered = body.render(body.clean("<h2>It’s half-past</h2><p>A <b>b</b>old 3.5 – “quote”!</p>"))
    assert rendered.word_count == 6
    assert rendered.text == "It’s half-past\nA bold 3.5 – “quote”!"


@time_machine.travel(NOON, tick=False)
def test_a_picture_whose_licence_ends_tells_until_when_the_body_holds() -> None:
    image = make_image(usable_until=NOON + timedelta(hours=1))
    rendered = body.render(f'<figure data-image="{image.pk}"></figure>')
    assert "<img" in rendered.html
    assert rendered.until == NOON + timedelta(hours=1)


@time_machine.travel(NOON, tick=False)
def test_a_picture_whose_licence_has_ended_leaves_no_hole_but_is_remembered() -> None:
    image = make_image(usable_until=NOON)
    source = f'<p>a</p>\n<figure data-image="{image.pk}"></figure>\n<figure data-gallery="{image.pk}"></figure>'
    rendered = body.render(source)
    assert rendered.html.strip() == "<p>a</p>"
    assert rendered.image_ids == (image.pk,)
    assert rendered.keys == {f"image:{image.pk}"}
    assert rendered.until is None


def test_a_preview_may_show_pictures_its_own_way() -> None:
    image = make_image()
    rendered = body.render(
        f'<figure data-image="{image.pk}"></figure>', lambda image, _ratio, _sizes: f'<img src="/p/{image.pk}" alt="">'
    )
    assert f'<img src="/p/{image.pk}" alt="">' in rendered.html


@pytest.mark.parametrize(
    ("url", "provider", "frame"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "youtube", "www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?t=1m5s", "youtube", "www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=65"),
        ("https://m.youtube.com/shorts/dQw4w9WgXcQ", "youtube", "www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://www.youtube.com/watch?v=short", "youtube", ""),
        ("https://www.youtube.com/@channel", "youtube", ""),
        ("https://vimeo.com/76979871/0a1b2c3d4e", "vimeo", "player.vimeo.com/video/76979871?dnt=1&h=0a1b2c3d4e"),
        ("https://soundcloud.com/band/song", "soundcloud",
         "w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fband%2Fsong"),
        ("https://open.spotify.com/intl-de/album/4uLU6hMCjMI75M1A2tKUQC", "spotify",
         "open.spotify.com/embed/album/4uLU6hMCjMI75M1A2tKUQC"),
        ("https://www.instagram.com/p/abc/", "instagram", ""),
        ("https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "other", ""),
    ],
)  # fmt: skip
def test_a_frame_is_offered_for_known_pages_of_known_providers(url: str, provider: str, frame: str) -> None:
    embed = embed_for(url)
    assert embed.provider == provider
    assert embed.frame == (f"https://{frame}" if frame else "")


def test_a_provider_the_operator_does_not_allow_stays_a_card(settings: object) -> None:
    settings.EMBED_FRAME_HOSTS = ["player.vimeo.com"]  # type: ignore[attr-defined]
    assert embed_for("https://youtu.be/dQw4w9WgXcQ").frame == ""
    assert "data-embed-src" not in body.render('<figure data-embed="https://youtu.be/dQw4w9WgXcQ"></figure>').html


def test_the_pipelines_version_names_the_sanitisers() -> None:
    assert "nh3-" in body.PIPELINE_VERSION
    assert len(body.PIPELINE_VERSION) <= 20


def test_bodies_that_were_rendered_otherwise_follow_an_upgrade_batch_by_batch() -> None:
    stories = [make_article(f"Story {number}", body="<p>As it is.</p>") for number in range(3)]
    with writing():
        Article.objects.update(body_html="<p>As it was.</p>")
        Article.objects.filter(pk=stories[0].pk).update(body_pipeline=body.PIPELINE_VERSION)
    with patch.object(going_out, "BATCH", 1):
        jobs()["articles.publishing.going_out.render_older"][1]()
    assert Article.objects.filter(body_html__contains="As it is.").count() == 1
    for _minute in range(2):
        going_out.render_older()
    stories[0].refresh_from_db()
    assert Article.objects.filter(body_html__contains="As it is.").count() == 2
    assert "As it was." in stories[0].body_html
