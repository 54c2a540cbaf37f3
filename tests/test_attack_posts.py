"""Every address of the desk gets what no form of ours sends: an answer in words, never a 500, nothing half-written."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.test.client import encode_multipart
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from articles import corrections, notes, publishing, revisions, series
from articles.models import Article, CorrectionKind, Series, Status, Tag
from articles.previews import links
from articles.schedule import later
from articles.state import WorkingState
from articles.together import copies
from curation import picks
from people.models import User
from tests.conftest import make_cast, undone
from tests.factories import make_article, make_author, make_comment, make_image, make_product, make_section, make_source
from tests.test_urls import ADMIN, written
from wastebin import bin as waste

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WINDOW = "0123456789abcdef0123456789abcdef"

NAMES = (
    "action", "after", "answers", "article", "base_revision", "body", "change", "code", "confirmed", "day", "days",
    "due", "entry", "form", "fields", "headline", "html", "id", "ids", "index", "keep", "kept", "kind", "leaving",
    "like", "name", "note", "order", "parts", "place", "position", "quote", "reader", "reason", "replaces",
    "restoring", "revision", "section", "seen", "series", "settled", "tags", "target", "text", "to", "to_section",
    "typed", "undo", "until", "url", "version", "wanted", "when", "where", "who", "window", "with_picks", "_join_all",
    "join_with", "_selected_action", "select_across", "_publish", "_submit", "_approve", "_save", "q", "part",
)  # fmt: skip
"""What the desk's addresses look for in a POST, besides the fields of the forms they show."""

VALUES = {
    "nothing": None,
    "NUL": "a\x00b",
    "a long number": "9" * 31,
    "an endless number": "9" * 4_400,
    "below zero": "-1",
    "other digits": "\N{ARABIC-INDIC DIGIT THREE}",
    "an unknown row": "987654321",
    "a late day": "9999-12-31 23:59",
    "an early day": "0001-01-01 00:00",
    "half a list": "[1,{",
    "a list of everything": '["a", 1, null, {"pk": [1]}]',
    "markup": "<script>alert(1)</script>",
    "ends of lines": "a\r\nSet-Cookie: b=c",
}

MULTIPART = "multipart/form-data; boundary=x"
FORM = "application/x-www-form-urlencoded"

BODIES: dict[str, tuple[str, bytes]] = {
    "no form at all": ("application/json", b'{"headline": "\\ud800", "ids": [1e999]}'),
    "half of JSON": ("application/json", b'{"a": ['),
    "a form cut short": (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhalf'),
    "a form without an end": ("multipart/form-data", b"--x--"),
    "bytes that are no text": (FORM, b"text=%ff%fe&reason=%ed%a0%80&%ff=%00"),
    "a form in another alphabet": (FORM + "; charset=utf-16", b"text=a"),
    "a coding that is none of text": (MULTIPART + "; charset=hex", b"{part}"),
    "a coding that fails": (MULTIPART + "; charset=undefined", b"{part}"),
    "half of a pair": (MULTIPART + "; charset=utf-7", b"{part}"),
    "nothing known": ("x/" + "y" * 300, b"\x00\xff"),
}


def part_of_every_name() -> bytes:
    """A form that holds half of a pair of surrogates in every field, once it is read as UTF-7."""
    rows = (f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n+2AA-\r\n' for name in NAMES)
    return ("".join(rows) + "--x--\r\n").encode()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """A row of everything that the desk's addresses are about, and a superuser."""
    with undone(django_db_blocker):
        cast = make_cast()
        root = User.objects.create_staff("root@example.org", "Root", is_superuser=True)
        story = _story(root)
        made = {
            "articles/article": story.pk,
            "articles/series": Series.objects.get().pk,
            "articles/tag": Tag.objects.get().pk,
            "articles/section": story.section_id,
            "articles/source": make_source().pk,
            "people/user": cast.editor.pk,
            "people/author": make_author().pk,
            "images/image": make_image().pk,
            "products/product": make_product().pk,
            "comments/comment": make_comment(story).pk,
            "wastebin/binned": waste.put(make_source("Old Wire"), actor=None).pk,
            "curation/pick": picks.pick(story, make_article("Beside"), actor=None).pk,
        }
        yield {"root": root, "rows": made, "story": story, "cast": cast}


def _story(root: User) -> Article:
    """A live story with something of everything that can hang on one."""
    state = WorkingState(headline="The tram is late", section=make_section().pk, body="<p>Late.</p>", tags=("trams",))
    story = publishing.publish(revisions.create(state, actor=root), actor=root)
    revision = revisions.save(story, state.with_(headline="The tram is later"), actor=root)
    later.schedule_change(story, revision, timezone.now() + timedelta(hours=2), actor=root)
    series.add(story, Series.objects.create(title="The harbour", slug="the-harbour"), actor=root)
    links.make(story, actor=root, reader="Ana", days=2)
    notes.write_note(story, actor=root, text="Is that so?")
    corrections.add(story, CorrectionKind.CORRECTION, "It was earlier.", actor=root)
    copies.keep(story, [("headline", "The tram")], actor=root, window=UUID(WINDOW), base=1, restoring=True)
    return story


SKIPPED = {"admin:logout", "account_logout"}
"""Nobody is there any more afterwards."""

ADDRESSES = sorted({written(prefix, entry) for name, prefix, entry in ADMIN if name not in SKIPPED})
_ROW = re.compile(r"(?<=/admin/)(\w+/\w+)/(article/)?1(?=/)")


def addresses(world: dict[str, Any]) -> Iterator[str]:
    """Each address of the desk, about a row that exists."""
    rows = world["rows"]
    for address in ADDRESSES:

        def own(match: re.Match[str]) -> str:
            model = "articles/article" if match[2] else match[1]
            return f"{match[1]}/{match[2] or ''}{rows.get(model, 1)}"

        yield _ROW.sub(own, address)


def broken(world: dict[str, Any], who: str, data: Any, kind: str = MULTIPART, *, every: int, first: int) -> list[str]:
    """The addresses that answer the POST with a fault of ours; each finds the world as it was."""
    client = Client(raise_request_exception=False)
    client.force_login(world["root"] if who == "root" else getattr(world["cast"], who))
    key = client.cookies["sessionid"].value
    body = data if isinstance(data, bytes) else encode_multipart("x", data)
    found = []
    for address in list(addresses(world))[first % every :: every]:
        client.cookies["sessionid"] = key
        with transaction.atomic():
            status = client.generic("POST", address, body, kind).status_code
            transaction.set_rollback(True)
        if status >= 500:
            found.append(address)
    return found


SAMPLES = pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.soak)])
"""``make test`` sends each value to every tenth address, and others to its neighbours."""


@SAMPLES
@pytest.mark.parametrize("what", VALUES)
def test_nonsense_in_every_field_is_no_fault_of_ours(world: dict[str, Any], what: str, every: int) -> None:
    value = VALUES[what]
    data = {} if value is None else dict.fromkeys(NAMES, value)
    assert broken(world, "root", data, every=every, first=list(VALUES).index(what)) == []


@SAMPLES
@pytest.mark.parametrize("what", BODIES)
def test_what_is_no_form_is_no_fault_of_ours(world: dict[str, Any], what: str, every: int) -> None:
    kind, body = BODIES[what]
    body = part_of_every_name() if body == b"{part}" else body
    assert broken(world, "root", body, kind, every=every, first=list(BODIES).index(what)) == []


@SAMPLES
def test_endless_lists_are_no_fault_of_ours(world: dict[str, Any], every: int) -> None:
    many = [str(number) for number in range(300)]
    data = dict.fromkeys(("_selected_action", "ids", "order", "target"), many)
    assert broken(world, "root", data, every=every, first=0) == []


@SAMPLES
@pytest.mark.parametrize("who", ["contributor", "editor"])
def test_nor_where_others_send_it(world: dict[str, Any], who: str, every: int) -> None:
    data = dict.fromkeys(NAMES, VALUES["NUL"])
    assert broken(world, who, data, every=every, first=len(who)) == []


@pytest.mark.parametrize("kind", ["hex", "undefined", "utf-7", "idna", "punycode"])
def test_readers_forms_come_in_no_coding_but_utf_8(world: dict[str, Any], kind: str) -> None:
    client = Client(raise_request_exception=False)
    address = f"/comments/{world['story'].pk}/"
    body = part_of_every_name()
    assert client.generic("POST", address, body, f"{MULTIPART}; charset={kind}").status_code == 400
    assert client.generic("POST", address, body, f"{MULTIPART}; charset=UTF-8").status_code in {200, 403, 422}


def test_the_control_is_that_the_sender_is_heard(world: dict[str, Any]) -> None:
    """What is well formed changes something: the fuzz reaches the verbs, not just a door before them."""
    client = Client()
    client.force_login(world["root"])
    address = f"/admin/articles/article/{world['story'].pk}/kill/"
    body = encode_multipart("x", {"note": "Wrong"})
    assert client.generic("POST", address, body, MULTIPART).status_code == 302
    assert Article.objects.get(pk=world["story"].pk).status == Status.KILLED
