"""The picture library in a browser: the focal point by pointer and keys, many files at once, every look."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from images.models import Image
from images.uploads import add_image
from people.models import Author
from tests.browser.conftest import OpenPage
from tests.browser.visiting import axe, enter, looks, picture
from tests.conftest import Cast
from tests.picture_files import content, drawn, quartered, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def image(transactional_db: None) -> Image:
    return add_image(upload(content(quartered((1200, 600)))), actor=None, title="Four colours")


def change_page(image: Image) -> str:
    return f"/admin/images/image/{image.pk}/change/"


def test_the_focal_point_follows_pointer_keys_and_numbers(page: Page, cast: Cast, image: Image) -> None:
    enter(page, cast.editor.email)
    page.goto(change_page(image))
    stage, left, top = page.locator("[data-focal-stage]"), page.locator("#id_focal_left"), page.locator("#id_focal_top")
    box = page.locator("[data-focal-picture]").bounding_box()
    assert box is not None
    stage.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.5})
    assert float(left.input_value()) == pytest.approx(25, abs=0.6)
    assert float(top.input_value()) == pytest.approx(50, abs=0.6)
    square = page.locator("[data-focal-crop='1:1'] img")
    expect(square).to_have_css("object-position", "0% 50%")
    top.fill("40")
    left.fill("60")
    stage.focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    assert (left.input_value(), top.input_value()) == ("71", "39")
    expect(page.locator("[data-focal-status]")).to_have_text("71 % from the left, 39 % from the top")
    expect(square).to_have_css("object-position", "92% 50%")
    page.locator("[name=_save]").click()
    page.wait_for_url("**/admin/images/image/")
    image.refresh_from_db()
    assert (image.focal_x, image.focal_y) == (0.71, 0.39)


def test_many_files_are_sent_one_by_one_and_each_is_answered(
    page: Page, cast: Cast, image: Image, tmp_path: Path
) -> None:
    (tmp_path / "new.png").write_bytes(content(drawn((300, 200)), "PNG"))
    (tmp_path / "old.jpg").write_bytes(content(quartered((1200, 600))))
    (tmp_path / "notes.jpg").write_text("not a picture", encoding="ascii")
    enter(page, cast.contributor.email)
    page.goto("/admin/images/image/several/")
    page.fill("[name=credit]", "Ana Photographer")
    page.set_input_files("[name=pictures]", [tmp_path / name for name in ("new.png", "old.jpg", "notes.jpg")])
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("[data-several-count]")).to_have_text("3 of 3 files read")
    outcomes = page.locator(".outcome")
    expect(outcomes.nth(0)).to_contain_text("Added.")
    expect(outcomes.nth(1)).to_contain_text("in the library already, as “Four colours”")
    expect(outcomes.nth(2)).to_contain_text("Refused.")
    assert Image.objects.get(title="new").credit == "Ana Photographer"
    picture(page, "pictures-several")


def test_without_script_everything_works(open_page: OpenPage, cast: Cast, image: Image, tmp_path: Path) -> None:
    page = open_page(script=False)
    enter(page, cast.editor.email)
    page.goto(change_page(image))
    page.fill("#id_focal_left", "10")
    page.fill("[name=alt]", "Four coloured quarters")
    page.locator("[name=_continue]").click()
    image.refresh_from_db()
    assert (image.focal_x, image.alt) == (0.1, "Four coloured quarters")
    (tmp_path / "new.png").write_bytes(content(drawn((300, 200)), "PNG"))
    page.goto("/admin/images/image/several/")
    page.set_input_files("[name=pictures]", tmp_path / "new.png")
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".outcome--added")).to_have_count(1)


def test_the_screens_are_accessible_in_every_look(page: Page, cast: Cast, image: Image) -> None:
    Author.objects.create(name="Ana", slug="ana", portrait=image)
    enter(page, cast.editor.email)
    addresses = {
        "wall": "/admin/images/image/",
        "upload": "/admin/images/image/add/",
        "several": "/admin/images/image/several/",
        "one": change_page(image),
        "delete": f"/admin/images/image/{image.pk}/delete/",
    }
    for name, address in addresses.items():
        page.goto(address)
        for look in looks(page):
            assert axe(page) == [], f"{name}, {look}"
            picture(page, f"pictures-{name}-{look}")
