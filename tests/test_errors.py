"""Error pages and the headers of every page."""

from typing import Any

import pytest
from django.db import Error, IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from newsroom import errors, security
from newsroom.probe import condition

ADDRESSES = ["/no/such/page/", "/x/y/z/", "/news/some-story-987654/", "/tag/nobody-knows/", "/%00/%ff/", "/admin2/"]


@pytest.mark.django_db
def test_every_unknown_address_gets_the_same_bytes_and_headers(client: Client) -> None:
    answers = {
        (response.status_code, response.content, str(response.headers)) for response in map(client.get, ADDRESSES)
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 404


@pytest.mark.django_db
def test_somebody_signed_in_gets_the_same_bytes_as_a_reader(client: Client, cast: Any) -> None:
    as_reader = client.get("/no/such/page/")
    client.force_login(cast.administrator)
    as_staff = client.get("/no/such/page/")
    assert as_staff.content == as_reader.content
    assert "Cookie" not in as_staff.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (lambda request: errors.bad_request(request, Exception()), 400, "could not read that request"),
        (lambda request: errors.forbidden(request, PermissionError()), 403, "may not open this page"),
        (lambda request: errors.not_found(request, Exception()), 404, "no such page"),
        (errors.gone, 410, "withdrawn"),
        (errors.server_error, 500, "broke on our side"),
        (errors.csrf_failure, 403, "Nothing was saved"),
    ],
)
def test_each_says_in_words_what_happened(rf: RequestFactory, view: Any, status: int, words: str) -> None:
    response = view(rf.get("/<script>alert(1)</script>/"))
    assert response.status_code == status
    assert words in response.content.decode()
    assert "alert" not in response.content.decode()


def test_the_page_for_our_own_fault_stands_alone(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither database nor static files nor context: any of them may be what broke."""

    def broken(path: str) -> str:
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(errors, "static", broken)
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert b"stylesheet" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "path", "status", "words"),
    [
        (OperationalError("secret host"), "/health/", 503, "We will be back in a moment"),
        (InterfaceError("connection already closed"), "/health/", 503, "We will be back in a moment"),
        (OperationalError("secret host"), "/api/v1/articles/", 503, "cannot be reached"),
        (IntegrityError("secret row"), "/health/", 500, "broke on our side"),
    ],
)
def test_a_database_that_does_not_answer_is_told_and_when_to_come_back(
    rf: RequestFactory, error: Exception, path: str, status: int, words: str
) -> None:
    try:
        raise error
    except Error:
        response = errors.server_error(rf.get(path))
    assert response.status_code == status
    assert words in response.content.decode()
    assert "secret" not in response.content.decode()
    assert ("Retry-After" in response.headers) == (status == 503)


@pytest.mark.django_db
def test_a_view_that_raises_gives_that_page_and_tells_nothing_about_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("django.views.decorators.http.require_safe", broken)
    monkeypatch.setattr(condition, "put", lambda: broken(HttpRequest()))
    client.raise_request_exception = False
    response = client.get("/health/")
    assert response.status_code == 500
    assert b"secret detail" not in response.content


@pytest.mark.django_db
def test_a_host_that_is_not_ours_gets_a_clear_refusal(client: Client) -> None:
    response = client.get("/no/such/page/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"evil" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/no/such/page/", "/health/", "/admin/account/login/"])
def test_every_page_carries_a_strict_policy(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_readers_may_open_frames_of_known_providers_only(settings: Any) -> None:
    settings.EMBED_FRAME_HOSTS = ["player.example"]
    assert "frame-src https://player.example;" in security.reader_policy()
    settings.EMBED_FRAME_HOSTS = []
    assert "frame-src 'none';" in security.reader_policy()
    assert "frame-src 'self';" in security.admin_policy()


def test_pictures_on_another_host_are_allowed_by_name(settings: Any) -> None:
    settings.MEDIA_URL = "https://media.example.org/pictures/"
    assert "img-src 'self' https://media.example.org;" in security.reader_policy()


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words(cast: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.administrator)
    response = client.post("/admin/account/logout/")
    assert response.status_code == 403
    assert b"Nothing was saved" in response.content
