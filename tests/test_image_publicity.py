"""Which pictures readers can fetch: while a public page shows them, and no longer."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image as Pillow

from images import files, publicity
from images.models import Image
from images.uploads import add_image
from outbox import effects
from pagecache.models import Key
from tests.factories import make_article
from tests.picture_files import content, drawn, upload

pytestmark = pytest.mark.django_db

UNKNOWN = "/media/00/" + "0" * 32 + ".jpg"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The ids that a room above says are on a public page; a test adds to it."""
    ids: set[int] = set()
    monkeypatch.setattr(publicity, "public_uses", [lambda asked: asked & ids])
    return ids


@pytest.fixture
def image(db: None) -> Image:
    return add_image(upload(content(drawn((800, 600)))), actor=None)


def addresses(image: Image) -> list[str]:
    image.refresh_from_db()
    return [f"/media/{made['name']}" for made in image.renditions]


def public(image: Image) -> bool:
    image.refresh_from_db()
    there = {default_storage.exists(made["name"]) for made in image.renditions}
    assert len(there) == 1, "all of a picture or nothing"
    assert there == {image.public_since is not None}
    return there.pop()


def test_a_picture_enters_public_storage_when_something_shows_it(image: Image, client: Client) -> None:
    assert not public(image)
    publicity.show([image.pk])
    assert public(image)
    for address in addresses(image):
        assert client.get(address).status_code == 200


def test_showing_bumps_the_pictures_key_and_costs_one_query_the_second_time(image: Image) -> None:
    before = Key.objects.get(name=f"image:{image.pk}").version
    publicity.show([image.pk])
    assert Key.objects.get(name=f"image:{image.pk}").version == before + 1
    with CaptureQueriesContext(
        connection,
    ) as queries:
        publicity.show([image.pk])
        publicity.show([])
    assert sum("images_image" in query["sql"] for query in queries) == 1


def test_a_hidden_picture_answers_like_an_address_that_never_was(image: Image, client: Client) -> None:
    unknown = client.get(UNKNOWN)
    assert unknown.status_code == 404
    for address in addresses(image):
        hidden = client.get(address)
        assert hidden.status_code == 404
        assert hidden.content == unknown.content
        assert hidden.headers.items() == unknown.headers.items()


@pytest.mark.parametrize(
    "path",
    [
        "originals/ab/" + "a" * 32 + ".jpg",
        "../private/x.jpg",
        "%2e%2e/%2e%2e/etc/passwd",
        "ab/" + "a" * 32 + ".svg",
        "ab/" + "a" * 32 + ".jpg%00.png",
        "ab/" + "A" * 32 + ".jpg",
        "ab/" + "a" * 32 + ".jpg/",
        "ab/" + "a" * 32 + ".jpg%0a",
        "ab//" + "a" * 32 + ".jpg",
    ],
)
def test_only_names_of_renditions_are_looked_for(path: str, client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get(f"/media/{path}").status_code == 404


def test_the_original_is_never_served(image: Image, client: Client) -> None:
    publicity.show([image.pk])
    assert client.get(f"/media/{image.original}").status_code == 404


def test_a_public_picture_may_be_kept_for_ever(image: Image, client: Client) -> None:
    publicity.show([image.pk])
    answer = client.get(addresses(image)[0])
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == "inline"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert body == storages["private"].open(image.renditions[0]["name"]).read()


def test_who_has_the_picture_already_is_told_so(image: Image, client: Client) -> None:
    publicity.show([image.pk])
    address = addresses(image)[0]
    etag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": f'"other", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == etag
    publicity.withdraw_unused([image.pk])
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 404


def test_serving_a_public_picture_asks_the_database_nothing(
    image: Image, client: Client, django_assert_num_queries: Any
) -> None:
    publicity.show([image.pk])
    address = addresses(image)[0]
    with django_assert_num_queries(0):
        client.get(address)


def test_pictures_are_only_read(image: Image, client: Client) -> None:
    publicity.show([image.pk])
    address = addresses(image)[0]
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200


def test_a_picture_that_nothing_shows_any_more_leaves_public_storage(
    image: Image, shown: set[int], client: Client
) -> None:
    publicity.show([image.pk])
    shown.add(image.pk)
    assert publicity.withdraw_unused([image.pk]) == set()
    assert public(image)
    shown.clear()
    effects.enqueue(publicity.WITHDRAW, {"images": [image.pk, 999_999]}, key="x")
    effects.run_due()
    assert not public(image)
    assert client.get(addresses(image)[0]).status_code == 404
    assert storages["private"].exists(image.renditions[0]["name"])


def test_a_withdrawn_picture_comes_back_under_its_names(image: Image) -> None:
    publicity.show([image.pk])
    names = addresses(image)
    publicity.withdraw_unused([image.pk])
    publicity.show([image.pk])
    assert public(image)
    assert addresses(image) == names


def test_a_public_page_shows_its_picture_though_no_worker_runs(image: Image, shown: set[int], client: Client) -> None:
    address = addresses(image)[0]
    assert client.get(address).status_code == 404
    shown.add(image.pk)
    assert client.get(address).status_code == 200
    assert public(image)


def test_a_lost_public_file_is_copied_again(image: Image, shown: set[int], client: Client) -> None:
    publicity.show([image.pk])
    shown.add(image.pk)
    for made in image.renditions:
        default_storage.delete(made["name"])
    assert client.get(addresses(image)[0]).status_code == 200
    assert public(image)


def test_a_busy_database_does_not_hide_a_public_picture(
    image: Image, shown: set[int], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown.add(image.pk)

    def busy(_ids: set[int]) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(publicity, "show", busy)
    assert client.get(addresses(image)[0]).status_code == 200


def test_a_private_file_that_is_gone_is_a_404(image: Image, shown: set[int], client: Client) -> None:
    shown.add(image.pk)
    address = addresses(image)[0]
    storages["private"].delete(image.renditions[0]["name"])
    assert client.get(address).status_code == 404


def test_readers_never_wait_for_pixels(
    image: Image, shown: set[int], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown.add(image.pk)

    asked: list[object] = []
    opened = Pillow.open

    def watched(*args: Any, **kwargs: Any) -> Any:
        asked.append(args)
        return opened(*args, **kwargs)

    monkeypatch.setattr(Pillow, "open", watched)
    assert client.get(addresses(image)[0]).status_code == 200
    assert not asked
    add_image(upload(content(drawn(colour=(1, 1, 1)))), actor=None)
    assert asked, "the control: an upload does ask"


def test_rooms_are_asked_only_for_what_others_did_not_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[set[int]] = []

    def second(ids: set[int]) -> set[int]:
        asked.append(ids)
        return {3, 99}

    uses: list[Callable[[set[int]], set[int]]] = [lambda ids: ids & {1, 2}, second]
    monkeypatch.setattr(publicity, "public_uses", uses)
    assert publicity.shown_now([1, 2, 3, 4]) == {1, 2, 3}
    assert asked == [{3, 4}]


def test_the_picture_of_a_public_article_is_public_and_a_drafts_is_not(image: Image, client: Client) -> None:
    make_article(lead_picture=image, status="draft", publish_at=None, first_published_at=None)
    assert client.get(addresses(image)[0]).status_code == 404
    make_article(lead_picture=image)
    assert client.get(addresses(image)[0]).status_code == 200


def test_on_a_disk_nobody_sees_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = FileSystemStorage(location=tmp_path)
    seen: list[bool] = []
    save = storage._save  # type: ignore[attr-defined]

    def watched(name: str, data: Any) -> Any:
        written = save(name, data)
        seen.append((tmp_path / "ab" / "x.jpg").exists())
        return written

    monkeypatch.setattr(storage, "_save", watched)
    files.put(storage, "ab/x.jpg", ContentFile(b"one"))
    assert seen == [False], "written elsewhere, then moved"
    files.put(storage, "ab/x.jpg", ContentFile(b"two"))
    assert (tmp_path / "ab" / "x.jpg").read_bytes() == b"one", "a name always means the same bytes"
    assert os.listdir(tmp_path / "arriving") == []  # noqa: PTH208
    files.remove(storage, ["ab/x.jpg", "ab/x.jpg"])
    assert not (tmp_path / "ab" / "x.jpg").exists()
