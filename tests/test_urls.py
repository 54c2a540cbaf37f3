"""Every address of the site, walked from the resolver: who may open it, and with which methods."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

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

pytestmark = [pytest.mark.django_db, pytest.mark.once]

READ_ONLY = {
    "health": "/health/",
    "health_live": "/health/live",
    "metrics": "/metrics",
    "images:media": f"/media/00/{'0' * 32}.jpg",
    "comments:token": "/comments/token/",
    "comments:permalink": "/comments/at/1/",
    "comments:receipt": "/comments/receipt/nobody/",
    "comments:subscription": "/comments/mail/nobody/",
    "comments:stopped": "/comments/mail/stopped/",
    "comments:ask_own": "/comments/yours/",
    "comments:own": "/comments/yours/nobody/",
    "comments:own_file": "/comments/yours/nobody/comments.json",
    "comments:erased": "/comments/yours/erased/",
    "comments:thread": "/comments/{pk}/thread/",
    "syndication:api_openapi": "/api/v1/openapi.json",
    "syndication:api_articles": "/api/v1/articles/",
    "syndication:api_article": "/api/v1/articles/{pk}/",
    "syndication:api_related": "/api/v1/articles/{pk}/related/",
    "syndication:api_article_products": "/api/v1/articles/{pk}/products/",
    "syndication:api_sections": "/api/v1/sections/",
    "syndication:api_section": "/api/v1/sections/city/",
    "syndication:api_tags": "/api/v1/tags/",
    "syndication:api_tag": "/api/v1/tags/trams/",
    "syndication:api_authors": "/api/v1/authors/",
    "syndication:api_author": "/api/v1/authors/ines-maren/",
    "syndication:api_search": "/api/v1/search/?q=tram",
    "syndication:api_products": "/api/v1/products/",
    "syndication:api_comment_token": "/api/v1/comments/token/",
    "previews:picture": f"/preview/nobody/picture/00/{'0' * 32}.jpg",
    "syndication:feeds": "/feeds/",
    "syndication:search": "/feeds/search/ninjs.json",
    "syndication:site_feed": "/feeds/rss.xml",
    "syndication:feed": "/feeds/section/city/atom.xml",
    "syndication:story": "/feeds/article/{pk}/ninjs.json",
    "syndication:comments": "/feeds/article/{pk}/comments/feed.json",
    "syndication:old_site_feed": "/feed/rss2/",
    "syndication:old_feed": "/city/feed/",
    "syndication:sitemap": "/sitemap.xml",
    "syndication:sitemap_pages": "/sitemaps/pages.xml",
    "syndication:sitemap_part": "/sitemaps/stories-0.xml",
    "syndication:news_sitemap": "/sitemaps/news.xml",
    "syndication:old_sitemap": "/wp-sitemap.xml",
    "syndication:robots": "/robots.txt",
    "syndication:llms": "/llms.txt",
    "syndication:security": "/.well-known/security.txt",
    "syndication:old_security": "/security.txt",
    "products:go": "/go/{pk}/",
    "pages:front": "/",
    "pages:archive": "/archive/",
    "pages:search": "/search/",
    "pages:corrections": "/corrections/",
    "pages:elsewhere": "/2019/no-such-page.html",
    "pages:tag": "/tag/trams/",
    "pages:series": "/series/the-harbour/",
    "pages:author": "/author/ines-maren/",
    "pages:article": "/city/the-tram-is-late-{pk}/",
    "pages:first_level": "/city/",
}
"""What anybody may read, and nobody may send anything to. A new public address is a decision: list it here."""

TAKES_POSTS = {
    "syndication:api_comments": "/api/v1/articles/{pk}/comments/",
    "comments:article": "/comments/{pk}/",
    "comments:report": "/comments/{pk}/report/",
    "comments:words": "/comments/receipt/nobody/words/",
    "comments:withdrawal": "/comments/receipt/nobody/withdrawal/",
    "comments:appeal": "/comments/receipt/nobody/appeal/",
    "comments:follow": "/comments/receipt/nobody/follow/",
    "comments:confirmation": "/comments/mail/nobody/confirmation/",
    "comments:stop": "/comments/mail/nobody/stop/",
    "comments:stop_all": "/comments/mail/nobody/stop/all/",
    "comments:request_own": "/comments/yours/link/",
    "comments:erase": "/comments/yours/nobody/erasure/",
    "curation:seen": "/related/seen/",
    "previews:page": "/preview/nobody/",
}

TOKEN_ONLY = {
    "syndication:api_me": "/api/v1/desk/me/",
    "syndication:api_drafts": "/api/v1/desk/articles/",
    "syndication:api_draft": "/api/v1/desk/articles/{pk}/",
    "syndication:api_review": "/api/v1/desk/articles/{pk}/review/",
    "syndication:api_reasons": "/api/v1/desk/articles/{pk}/related/",
}
"""What nobody opens without a token of their own."""

NOWHERE = {"syndication:api_unknown"}
"""What says of every other address that there is nothing, whatever the method."""

DOORS = {
    "account_login": "",
    "account_logout": "",
    "account_inactive": "",
    "account_reauthenticate": "",
    "account_change_password": "",
    "account_set_password": "",
    "account_reset_password": "",
    "account_reset_password_done": "",
    "account_reset_password_from_key": "",
    "account_reset_password_from_key_done": "",
    "mfa_login_webauthn": "",
    "mfa_authenticate": "",
    "account_invitation": "",
}
"""The ways in and out, under ``/admin/account/``: open by nature."""

OWN = {
    *("account_tokens", "account_all_tokens", "account_token_revocation"),
    *("account_home", "account_secure", "account_end_session", "account_end_other_sessions"),
    *("mfa_index", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn"),
}
"""One's own account, beside the doors: for whoever is signed in, and nobody else's."""

WORDS = {
    "object_id": "1",
    "pk": "1",
    "id": "1",
    "content_type_id": "1",
    "name": "ab.jpg",
    "app_label": "articles",
    "url": "nonsense/",
    "note": "1",
    "number": "1",
    "link": "1",
    "secret": "nonsense",
}
"""What to put into an address of the admin."""


def named(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """Every pattern with its full name and the text of its address."""
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from named(entry, address, inner)
        else:
            yield f"{namespace}{entry.name or ''}", address, entry


PATTERNS = list(named(get_resolver()))
ADMIN = [(name, address, entry) for name, address, entry in PATTERNS if address.startswith("admin/")]


def written(prefix: str, entry: URLPattern) -> str:
    """An address that the admin's pattern matches."""
    if isinstance(entry.pattern, RegexPattern):
        start = prefix[: -len(str(entry.pattern))]
        return "/" + start + ("articles/" if "app_label" in str(entry.pattern) else "nonsense/")
    address = prefix
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        for text in (f"<{kind}:{name}>", f"<int:{name}>", f"<{name}>"):
            address = address.replace(text, WORDS[name])
    return "/" + address


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """One row of everything, all with the id 1 where the database begins there."""
    article = make_article(source=make_source())
    give_byline(article)
    give_tags(article, "trams")
    make_product()
    make_image()
    return {"pk": article.pk, "article": article, "comment": make_comment(article, state=State.PENDING)}


def test_every_public_address_was_decided_on() -> None:
    public = {name for name, address, _entry in PATTERNS if not address.startswith("admin/")}
    assert public == READ_ONLY.keys() | TAKES_POSTS.keys() | TOKEN_ONLY.keys() | NOWHERE
    own = {name for name, address, _entry in ADMIN if address.startswith("admin/account/") and ":" not in name}
    assert own == DOORS.keys() | OWN


@pytest.mark.parametrize("name", READ_ONLY)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_what_only_tells_takes_nothing(client: Client, world: dict[str, Any], name: str, method: str) -> None:
    address = READ_ONLY[name].format(**world)
    assert getattr(client, method)(address).status_code == 405
    assert client.get(address).status_code in {200, 301, 302, 404}  # the control: the address itself is answered


@pytest.mark.parametrize("name", TOKEN_ONLY)
def test_nobody_comes_in_by_a_session_where_a_token_is_asked_for(
    client: Client, world: dict[str, Any], cast: Cast, name: str
) -> None:
    client.force_login(cast.administrator)
    for method in ("get", "post", "put", "patch", "delete", "options"):
        assert getattr(client, method)(TOKEN_ONLY[name].format(**world)).status_code in {204, 401, 405}, method


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("name", TAKES_POSTS)
def test_where_readers_send_something_nothing_else_is_taken(
    client: Client, world: dict[str, Any], name: str, method: str
) -> None:
    assert getattr(client, method)(TAKES_POSTS[name].format(**world)).status_code == 405


def test_reading_public_addresses_sets_no_cookie_and_opens_no_session(client: Client, world: dict[str, Any]) -> None:
    for address in [*READ_ONLY.values(), *TAKES_POSTS.values(), f"/comments/receipt/{world['comment'].receipt}/"]:
        response = client.get(address.format(**world))
        assert not response.cookies, address
        assert "Cookie" not in response.headers.get("Vary", ""), address


def test_no_stranger_sees_anything_of_the_admin(client: Client, world: dict[str, Any]) -> None:
    for name, prefix, entry in ADMIN:
        if name in DOORS or name in {"admin:edit_link", "admin:logout"}:
            continue  # ways in and out: below
        for send in (client.get, client.post):
            response = send(written(prefix, entry))
            assert response.status_code in {302, 403, 404, 405}, (name, response)
            if response.status_code == 302 and name not in {"mfa_index", "mfa_list_webauthn"}:  # on to the own account
                assert response["Location"].startswith(("/admin/account/login/", "/admin/login/")), (name, response)
                assert not response.content


def test_the_control_is_that_an_administrator_sees_the_admin(client: Client, world: dict[str, Any], cast: Cast) -> None:
    client.login(username=cast.administrator.username, password=PASSWORD)
    seen = [client.get(written(prefix, entry)).status_code for _name, prefix, entry in ADMIN]
    assert seen.count(200) > 40
    assert not [status for status in seen if status >= 500]


def test_a_stranger_is_told_no_way_into_the_admin(client: Client, world: dict[str, Any]) -> None:
    response = client.get("/admin/edit-link/", {"path": world["article"].get_absolute_url()})
    assert b"/admin/articles/" not in response.content
    assert response.status_code in {204, 302, 400, 403, 404} or response.json().get("url") is None


@pytest.mark.parametrize("name", [name for name in DOORS if name not in {"account_login", "account_reset_password"}])
def test_the_doors_of_those_who_are_in_are_closed_to_strangers(client: Client, name: str, db: None) -> None:
    prefix, entry = next((prefix, entry) for own, prefix, entry in ADMIN if own == name)
    address = "/admin/account/password/reset/key/1-none/" if "key/(?P" in prefix else written(prefix, entry)
    response = client.get(address)
    assert response.status_code < 500
    assert b"user-tools" not in response.content


def test_nobody_registers_by_themselves(client: Client, db: None) -> None:
    for address in ("/admin/account/signup/", "/accounts/signup/", "/accounts/login/", "/admin/account/email/"):
        response = client.get(address, follow=True)
        assert b'name="password2"' not in response.content


def test_a_member_without_a_role_opens_no_screen_of_the_admin(client: Client, world: dict[str, Any]) -> None:
    User.objects.create_staff("none@example.org", "No Role", PASSWORD)
    client.login(username="none@example.org", password=PASSWORD)
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(address).status_code == 403, address
        assert client.get(f"{address}add/").status_code == 403, address
