"""A picture as HTML."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.test import override_settings

from images.markup import fetched_from, image_markup
from images.models import Image
from images.renditions import best, preview_address


def made(ratio: str, width: int, kind: str = "jpeg", height: int = 0) -> dict[str, Any]:
    ending = {"jpeg": "jpg"}.get(kind, kind)
    name = f"ab/{ratio.replace(':', 'x').replace('.', '')}-{width}.{ending}"
    return {"name": name, "width": width, "height": height or width, "ratio": ratio, "format": kind, "bytes": 9}


def picture(*renditions: dict[str, Any], **fields: Any) -> Image:
    return Image(pk=7, alt="A quay", renditions=list(renditions), **fields)


CUT = picture(
    made("full", 1600),
    made("full", 640),
    made("full", 640, "webp"),
    made("3:2", 480, height=320),
    made("3:2", 1280, height=853),
    made("3:2", 1280, "avif", height=853),
    made("1:1", 320),
    made("1.91:1", 1200, height=630),
)


def render(source: str, **context: Any) -> str:
    return Template("{% load pictures %}" + source).render(Context(context))


def test_the_markup_says_size_and_words_and_waits_until_it_is_near() -> None:
    markup = image_markup(CUT, ratio="3:2", sizes="50vw", css="lead")
    assert markup.startswith("<picture><source ")
    assert '<img src="/media/ab/3x2-1280.jpg"' in markup
    assert 'srcset="/media/ab/3x2-480.jpg 480w, /media/ab/3x2-1280.jpg 1280w" sizes="50vw"' in markup
    assert 'width="1280" height="853" alt="A quay" loading="lazy" decoding="async"' in markup
    assert 'class="lead"' in markup
    assert "fetchpriority" not in markup
    assert "style=" not in markup


def test_only_formats_that_exist_are_offered_and_the_newest_first() -> None:
    markup = image_markup(CUT, ratio="3:2")
    assert '<source type="image/avif" srcset="/media/ab/3x2-1280.avif 1280w" sizes="100vw">' in markup
    assert "image/webp" not in markup
    both = image_markup(picture(made("full", 9), made("full", 9, "webp"), made("full", 9, "avif")))
    assert re.findall(r'type="([^"]+)"', both) == ["image/avif", "image/webp"]


def test_the_first_picture_is_fetched_at_once() -> None:
    markup = image_markup(CUT, eager=True)
    assert 'loading="eager" fetchpriority="high"' in markup
    assert 'loading="lazy"' not in markup


def test_no_picture_is_no_markup() -> None:
    assert image_markup(None) == ""
    assert image_markup(picture()) == ""
    assert render("{% picture none %}", none=None) == ""
    assert render("{% picture unknown ratio=nothing sizes=nothing %}") == ""


def test_words_cannot_break_out_of_their_attribute() -> None:
    hostile = '"><script>alert(1)</script>'
    markup = image_markup(picture(made("full", 9)), alt=hostile, css=hostile, sizes=hostile)
    assert "<script" not in markup
    assert '""' not in markup
    assert image_markup(Image(alt=hostile, renditions=[made("full", 9)])).count("<") == 3


def test_the_words_beside_a_picture_may_stand_for_its_own() -> None:
    assert 'alt=""' in image_markup(CUT, alt="")
    assert 'alt="A quay"' in image_markup(CUT)


@pytest.mark.parametrize(
    ("ratio", "width", "expected"),
    [
        ("full", 600, "ab/full-640.jpg"),
        ("full", 641, "ab/full-1600.jpg"),
        ("full", 5000, "ab/full-1600.jpg"),
        ("1.91:1", 1200, "ab/191x1-1200.jpg"),
        ("16:9", 100, "ab/191x1-1200.jpg"),
        ("4:3", 100, "ab/3x2-480.jpg"),
        ("9:16", 100, "ab/1x1-320.jpg"),
    ],
)
def test_the_best_rendition_is_the_smallest_that_is_large_enough(ratio: str, width: int, expected: str) -> None:
    found = best(CUT, ratio, width)
    assert found is not None
    assert found["name"] == expected


def test_without_crops_the_whole_picture_serves() -> None:
    found = best(picture(made("full", 9)), "3:2", 100)
    assert found is not None
    assert found["ratio"] == "full"
    assert best(None, "3:2", 100) is None
    assert best(picture(), "3:2", 100) is None


def test_the_tag_takes_the_same_words() -> None:
    markup = render('{% picture image ratio="3:2" sizes="50vw" class="lead" eager=True %}', image=CUT)
    assert markup == image_markup(CUT, ratio="3:2", sizes="50vw", css="lead", eager=True)
    with pytest.raises(TemplateSyntaxError):
        render('{% picture image colour="red" %}', image=CUT)


def test_previews_have_addresses_of_their_own() -> None:
    markup = image_markup(CUT, ratio="1:1", address=preview_address)
    assert 'src="/admin/images/image/7/preview/ab/1x1-320.jpg"' in markup
    assert settings.MEDIA_URL not in markup.replace("/admin/images", "")


def test_addresses_follow_the_storage() -> None:
    storage = {
        "BACKEND": "django.core.files.storage.InMemoryStorage",
        "OPTIONS": {"base_url": "https://cdn.example/m/"},
    }
    with override_settings(STORAGES={**settings.STORAGES, "default": storage}):
        assert 'src="https://cdn.example/m/ab/' in image_markup(CUT)
    assert 'src="/media/ab/' in image_markup(CUT)


def test_making_markup_asks_the_database_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        image_markup(CUT)
        best(CUT, "1:1", 9)


def test_a_picture_that_changed_is_made_anew() -> None:
    shown = picture(made("3:2", 480))
    before = image_markup(shown, ratio="3:2")
    shown.alt = "Other words"
    assert 'alt="Other words"' in image_markup(shown, ratio="3:2")
    shown.renditions = [{**made("3:2", 480), "name": "cc/cut-anew.jpg"}]

    after = image_markup(shown, ratio="3:2")

    assert "cut-anew.jpg" not in before
    assert "cut-anew.jpg" in after


def test_readers_never_get_the_address_of_a_preview() -> None:
    shown = picture(made("3:2", 480))
    image_markup(shown, ratio="3:2", address=preview_address)
    with fetched_from(preview_address):
        assert "/admin/" in image_markup(shown, ratio="3:2")

    assert "/admin/" not in image_markup(shown, ratio="3:2")
