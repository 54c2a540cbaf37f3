"""Pictures on an S3-compatible server: uploaded in private, public while a page shows them, gone when none does."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from django.test import Client

from images import publicity, variants
from images.markup import image_markup
from images.models import Image
from images.uploads import add_image
from newsroom.doctor import files as doctor
from outbox import effects
from outbox.models import Effect
from tests import s3_server
from tests.conftest import read_where_written
from tests.picture_files import content, drawn, upload

pytestmark = [
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.skipif(s3_server.BINARY is None, reason=s3_server.MISSING),
]

KEYS = {"access_key": "a", "secret_key": "b", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server.server() as address:
        for name in ("news-public", "news-originals"):
            urllib.request.urlopen(urllib.request.Request(f"{address}/{name}", method="PUT"), timeout=20).close()
        yield address


@pytest.fixture
def on_s3(endpoint: str, settings: Any) -> str:
    """Storage as the settings make it of S3_BUCKET, S3_PRIVATE_BUCKET and S3_ENDPOINT_URL."""
    options = {**KEYS, "endpoint_url": endpoint}
    backend = "storages.backends.s3.S3Storage"
    public = {**options, "bucket_name": "news-public", "querystring_auth": False, "custom_domain": "media.example.org"}
    private = {**options, "bucket_name": "news-originals", "default_acl": "private"}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": backend, "OPTIONS": public},
        "private": {"BACKEND": backend, "OPTIONS": private},
    }
    settings.MEDIA_URL = "https://media.example.org/"
    read_where_written()
    return endpoint


@pytest.fixture
def image(on_s3: str) -> Image:
    return add_image(upload(content(drawn((800, 600)))), actor=None)


def names(image: Image) -> list[str]:
    image.refresh_from_db()
    return [made["name"] for made in image.renditions]


def fetched(endpoint: str, name: str) -> int:
    """What a reader gets of the public bucket."""
    try:
        with urllib.request.urlopen(f"{endpoint}/news-public/{name}", timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_an_upload_is_private_until_a_page_shows_it_and_again_when_none_does(
    image: Image, on_s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {image.pk}
    monkeypatch.setattr(publicity, "public_uses", [lambda asked: asked & shown])
    assert all(storages["private"].exists(name) for name in names(image))
    assert {fetched(on_s3, name) for name in names(image)} == {404}
    publicity.show([image.pk])
    assert {fetched(on_s3, name) for name in names(image)} == {200}
    assert fetched(on_s3, str(image.original.name)) == 404, "an original never"
    assert "https://media.example.org/" in image_markup(image)
    shown.clear()
    assert publicity.withdraw_unused([image.pk]) == {image.pk}
    assert {fetched(on_s3, name) for name in names(image)} == {404}
    assert all(storages["private"].exists(name) for name in names(image))


def test_further_formats_follow_and_are_public_as_the_rest_is(
    image: Image, on_s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publicity, "public_uses", [lambda asked: asked])
    publicity.show([image.pk])
    before = names(image)
    assert Effect.objects.filter(kind=variants.VARIANTS, done_at__isnull=True).exists()
    effects.run_due()
    further = set(names(image)) - set(before)
    assert further
    assert {fetched(on_s3, name) for name in further} == {200}


def test_a_picture_whose_file_is_gone_is_a_404_and_no_error(image: Image, client: Client) -> None:
    publicity.show([image.pk])
    default_storage.delete(names(image)[0])
    storages["private"].delete(names(image)[0])
    assert client.get(f"/media/{names(image)[0]}").status_code == 404


def test_they_are_backed_up_from_there_and_put_back_there(image: Image, on_s3: str, tmp_path: Path) -> None:
    out = StringIO()
    call_command("backup", str(tmp_path), stdout=out)
    path = out.getvalue().splitlines()[2]
    original = str(image.original.name)
    with storages["private"].open(original) as file:
        before = file.read()
    storages["private"].delete(original)
    [missing] = [one.words for one in doctor.pictures() if one.level]
    assert original in missing
    call_command("restore", path, "--media-only", stdout=StringIO())
    with storages["private"].open(original) as file:
        assert file.read() == before


def test_the_doctor_tries_both_buckets(on_s3: str) -> None:
    assert [one.level.name for one in doctor.storage()] == ["GOOD", "GOOD"]
