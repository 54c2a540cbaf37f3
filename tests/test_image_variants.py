"""AVIF and WebP follow through the outbox; pages list only what exists."""

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage, storages
from PIL import Image as Pillow

from articles import publishing
from articles.models import BodyImage
from images import publicity, variants
from images.focal_point import set_focal_point
from images.markup import image_markup
from images.models import Image
from images.uploads import add_image
from outbox import effects
from outbox.models import Effect
from tests.factories import make_article
from tests.picture_files import content, quartered, upload, with_metadata

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(db: None) -> Image:
    return add_image(upload(content(quartered((600, 400)))), actor=None)


def of(image: Image, kind: str) -> list[dict[str, Any]]:
    image.refresh_from_db()
    return [made for made in image.renditions if made["format"] == kind]


def test_a_worker_adds_avif_and_webp_of_the_same_cut(image: Image) -> None:
    assert "image/avif" not in image_markup(image)
    effects.run_due()
    jpegs = {made["name"].rpartition(".")[0]: made for made in of(image, "jpeg")}
    for kind in ("avif", "webp"):
        assert of(image, kind), kind
        for made in of(image, kind):
            jpeg = jpegs[made["name"].rpartition(".")[0]]
            assert (made["width"], made["height"], made["ratio"]) == (jpeg["width"], jpeg["height"], jpeg["ratio"])
            assert made["bytes"] < jpeg["bytes"], "a variant that saves nothing is not kept"
            with Pillow.open(io.BytesIO(storages["private"].open(made["name"]).read())) as picture:
                assert picture.format == kind.upper()
                assert picture.size == (made["width"], made["height"])
    assert "image/avif" in image_markup(image)


def test_variants_hold_no_metadata() -> None:
    image = add_image(upload(with_metadata()), actor=None)
    effects.run_due()
    for made in [*of(image, "avif"), *of(image, "webp")]:
        written = storages["private"].open(made["name"]).read()
        assert not any(trace in written for trace in (b"Greta", b"hideout", b"xmpmeta", b"Exif\x00"))


def test_variants_of_a_public_picture_are_public_and_of_a_hidden_one_hidden(image: Image) -> None:
    publicity.show([image.pk])
    hidden = add_image(upload(content(quartered((300, 200)))), actor=None)
    effects.run_due()
    assert all(default_storage.exists(made["name"]) for made in of(image, "avif"))
    assert not any(default_storage.exists(made["name"]) for made in of(hidden, "avif"))
    publicity.withdraw_unused([image.pk])
    assert not any(default_storage.exists(made["name"]) for made in image.renditions)


def test_running_twice_changes_nothing(image: Image) -> None:
    effects.run_due()
    image.refresh_from_db()
    before = image.renditions
    variants.make(Effect.objects.get(kind=variants.VARIANTS).payload, "x")
    image.refresh_from_db()
    assert image.renditions == before


def test_variants_of_a_cut_that_was_replaced_meanwhile_are_thrown_away(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = Effect.objects.get(kind=variants.VARIANTS).payload
    encode_all = variants._encode_all
    written: list[str] = []

    def slowly(row: Image, jpegs: Any) -> Any:
        made = encode_all(row, jpegs)
        written.extend(one["name"] for one in made if one["ratio"] != "full")
        set_focal_point(image, 0.1, 0.1, actor=None)
        return made

    monkeypatch.setattr(variants, "_encode_all", slowly)
    variants.make(payload, "x")
    assert written
    assert not any(storages["private"].exists(name) for name in written)
    assert {made["ratio"] for made in of(image, "avif")} == {"full"}


def test_a_picture_deleted_meanwhile_is_no_matter(image: Image) -> None:
    Image.objects.get(pk=image.pk).delete()
    assert effects.run_due() >= 1
    assert Effect.objects.filter(kind=variants.VARIANTS, done_at__isnull=False).exists()


def test_a_lost_original_leaves_the_jpegs_as_they_are(image: Image) -> None:
    storages["private"].delete(str(image.original))
    effects.run_due()
    assert of(image, "jpeg")
    assert not of(image, "avif")


def test_the_text_of_a_story_follows_its_pictures(image: Image) -> None:
    article = make_article(body=f'<figure data-image="{image.pk}"></figure>')
    publishing.render_again([article.pk])
    assert BodyImage.objects.filter(article=article, image=image).exists()
    article.refresh_from_db()
    assert "image/avif" not in article.body_html
    while effects.run_due():
        pass
    article.refresh_from_db()
    assert "image/avif" in article.body_html
    image.refresh_from_db()
    image.alt = "Four colours"
    image.save(update_fields=["alt"])
    effects.run_due()
    article.refresh_from_db()
    assert "Four colours" in article.body_html
