"""Nonsense, huge and binary values in every part of an address: 4xx or an empty answer, never 500.

``make test`` sends a sample in which every parameter gets several values and every value reaches several
parameters; ``make soak`` sends all.
"""

from collections.abc import Iterator
from math import gcd
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from comments.models import State
from people.models import User
from tests.conftest import PASSWORD, Cast
from tests.factories import (
    give_byline,
    give_tags,
    make_article,
    make_comment,
    make_image,
    make_product,
    make_source,
)

pytestmark = pytest.mark.django_db

VALUES = [
    "", " ", "0", "-1", "1.5", "1e99", "９", "9" * 30, "nan", "None", "null", "[]", "{}", "true", "'", '"', "\\",
    "a" * 9000, "\x00", "a\x00b", "\r\nSet-Cookie: a=b", "\ud7ff", "\ufffe", "\U0010ffff", "\u202eabc", "%", "%00",
    "%s%n", "{{7*7}}", "../../etc/passwd", "1 OR 1=1", "1; DROP TABLE articles_article", "*", '"unclosed', "-", "--",
    '-"', "AND OR NOT", "NEAR(a b)", "a* b*", "(((((", "title:x", "<script>alert(1)</script>", "2026-13-99",
    "0000-00-00", "99999-01-01", "2026-02-30T25:61",
]  # fmt: skip
RAW = [b"%ff%fe", b"%c3%28", b"%ed%a0%80", b"%", b"%zz", b"+%2B+", b"%F0%9F%92%A9"]
"""As they travel: not UTF-8, surrogates, half an escape."""

PUBLIC = {
    "/": ["page", "before", "after", "x"],
    "/city/": ["page", "before", "after"],
    "/tag/trams/": ["page", "before", "after"],
    "/author/ines-maren/": ["page", "before", "after"],
    "/archive/": [
        "page",
        "before",
        "after",
        "q",
        "section",
        "tag",
        "author",
        "source",
        "kind",
        "since",
        "until",
        "sort",
    ],
    "/search/": ["q", "page"],
    "/comments/{pk}/": ["reply_to", "page"],
    "/city/the-tram-is-late-{pk}/": ["comments", "page", "reply_to"],
    "/comments/token/": ["x"],
}
PATHS = [
    "/{}/", "/tag/{}/", "/author/{}/", "/city/{}/", "/city/x-{}/", "/{}/x-1/", "/media/{}", "/comments/{}/",
    "/comments/receipt/{}/", "/static/{}", "/admin/edit-link/?path={}",
]  # fmt: skip
LISTS = [
    "articles/article", "articles/section", "articles/tag", "articles/source", "images/image", "comments/comment",
    "products/product", "products/merchant", "people/author", "people/user", "pages/staticpage", "pages/menuitem",
    "auth/group",
]  # fmt: skip
ADMIN = ["p", "q", "o", "all", "_changelist_filters", "_to_field", "id", "state__exact", "status", "nonsense__lookup"]
SCREENS = {
    "/admin/autocomplete/": ["term", "page", "app_label", "model_name", "field_name"],
    "/admin/articles/tag/suggest/": ["q", "term", "page"],
    "/admin/articles/article/editor/pictures/": ["q", "ids", "page", "before"],
    "/admin/articles/article/editor/articles/": ["q", "ids", "page"],
    "/admin/articles/article/add/": ["section", "headline", "_popup", "publish_at"],
    "/admin/images/image/add/": ["_popup", "_to_field"],
    "/admin/account/login/": ["next"],
}


@pytest.fixture
def world(db: None) -> dict[str, int]:
    """One of everything."""
    article = make_article(source=make_source())
    give_byline(article)
    give_tags(article, "trams")
    make_comment(article, state=State.PENDING)
    make_comment(article)
    make_product()
    make_image()
    return {"pk": article.pk}


@pytest.fixture
def desk(client: Client, world: dict[str, int], cast: Cast) -> Client:
    """Somebody who may open everything."""
    User.objects.filter(pk=cast.administrator.pk).update(is_superuser=True)
    assert client.login(username=cast.administrator.username, password=PASSWORD)
    return client


def addresses(path: str, names: list[str]) -> Iterator[str]:
    for name in names:
        yield from (f"{path}?{name}={quote(value)}" for value in VALUES)
        yield from (f"{path}?{name}={value.decode()}" for value in RAW)
    yield f"{path}?{'&'.join(f'{name}=1&{name}=2' for name in names)}"
    yield f"{path}?%00=1"
    yield f"{path}?{'x=1&' * 1200}"


def broken(client: Client, found: Iterator[str] | list[str]) -> list[str]:
    """Those that did not answer, or answered with an error of ours."""
    wrong = []
    client.raise_request_exception = False
    for address in found:
        status = client.get(address).status_code
        if status >= 500:
            wrong.append(f"{status} {address[:160]}")
    return wrong


def some(found: Iterator[str], every: int) -> list[str]:
    """Each ``every``-th of them, and all that hold a zero byte: those have broken most sites.

    ``SAMPLE`` shares no divisor with the number of values, or all parameters would get the same ones.
    """
    return [address for number, address in enumerate(found) if number % every == 0 or "=%00" in address]


SAMPLE = 13
assert gcd(SAMPLE, len(VALUES) + len(RAW)) == 1
sampled = pytest.mark.parametrize("every", [SAMPLE, pytest.param(1, marks=pytest.mark.soak)])


@sampled
@pytest.mark.parametrize("path", PUBLIC)
def test_no_value_breaks_a_public_page(client: Client, world: dict[str, int], path: str, every: int) -> None:
    assert broken(client, some(addresses(path.format(**world), PUBLIC[path]), every)) == []


@pytest.mark.parametrize("pattern", PATHS)
def test_no_path_breaks_the_site(client: Client, world: dict[str, int], pattern: str) -> None:
    fit = [value for value in VALUES if len(value) < 9000]
    sent = [pattern.replace("{}", quote(value, safe="")) for value in fit]
    assert broken(client, [*sent, *(pattern.replace("{}", value.decode()) for value in RAW)]) == []


@sampled
@pytest.mark.parametrize("name", LISTS)
def test_no_value_breaks_a_list_of_the_desk(desk: Client, name: str, every: int) -> None:
    own = [str(spec.parameter_name) for spec in _filters(name) if hasattr(spec, "parameter_name")]
    assert broken(desk, some(addresses(f"/admin/{name}/", [*ADMIN, *own]), every)) == []


def _filters(name: str) -> list[object]:
    return list(admin.site._registry[apps.get_model(name.replace("/", "."))].list_filter)


@sampled
@pytest.mark.parametrize("path", SCREENS)
def test_no_value_breaks_a_screen_of_the_desk(desk: Client, path: str, every: int) -> None:
    assert broken(desk, some(addresses(path, SCREENS[path]), every)) == []


@pytest.mark.parametrize("name", LISTS)
def test_no_id_breaks_a_form_of_the_desk(desk: Client, name: str) -> None:
    fit = [quote(value, safe="") for value in VALUES if len(value) < 9000]
    ids = [*fit, *(value.decode() for value in RAW)]
    screens = [f"/admin/{name}/{pk}/{screen}/" for pk in ids[:: 1 + len(ids) // 30] for screen in ("change", "delete")]
    screens += [f"/admin/{name}/{'9' * 30}/history/", f"/admin/{name}/%00/history/"]
    assert broken(desk, screens) == []


def test_control_a_broken_page_is_noticed(
    client: Client, world: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError

    monkeypatch.setattr("pages.fronts.front", fail)
    assert broken(client, ["/"]) == ["500 /"]
