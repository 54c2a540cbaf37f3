"""Hostile text in every field of a comment is refused in words or shown inert: nothing acts, nothing is cut."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from articles.models import Article
from articles.page_plan import PagePlan
from comments import markup, plain_text, refusals, submission
from comments.forms import CommentForm
from comments.models import Comment, State
from tests.conftest import PASSWORD, Cast
from tests.factories import make_article, make_comment

ATTACKS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "attacks"
LISTS = (
    "xss",
    "naughty-strings",
    "unicode",
    "fuzz-strings",
    "http",
    "sqli",
    "ssti",
    "ssrf",
    "open-redirect",
    "email-addresses",
)
ALLOWED = {"p": {"dir"}, "br": set(), "a": {"href", "rel", "class"}, "bdi": set()}

needs_attacks = pytest.mark.skipif(not ATTACKS.exists(), reason=f"the collection of attack strings is not at {ATTACKS}")


def payloads() -> list[str]:
    """Every line of every list, and every input of the sanitisers' fixtures."""
    lines: dict[str, None] = {}
    for name in LISTS:
        for file in sorted((ATTACKS / name).rglob("*")):
            if file.is_file() and file.suffix in {".txt", ""}:
                lines.update(dict.fromkeys(file.read_bytes().decode("utf-8", "replace").split("\n")))
    for file in sorted((ATTACKS / "sanitizer-fixtures").glob("*.json")):
        lines.update(dict.fromkeys(str(case["input"]) for case in json.loads(file.read_text("utf-8"))))
    return [line for line in lines if line.strip()]


class Judge(HTMLParser):
    """Collects whatever in a piece of HTML is more than paragraphs and harmless links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.findings: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = ALLOWED.get(tag)
        if allowed is None or {name for name, _value in attrs} - allowed:
            self.findings.append(f"{tag} {attrs}")
        href = dict(attrs).get("href")
        if href is not None and not href.lower().startswith(("http://", "https://")):
            self.findings.append(f"link to {href}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.findings.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.findings.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.findings.append(f"instruction {data}")


def judge(html: str) -> Judge:
    parser = Judge()
    try:
        parser.feed(html)
        parser.close()
    except AssertionError as error:  # how the parser says that it was led astray
        parser.findings.append(str(error))
    return parser


def squeezed(text: str) -> str:
    return "".join(text.split())


@needs_attacks
def test_every_payload_is_inert_as_text_and_whole() -> None:
    for payload in payloads():
        seen = judge(plain_text.render(payload))
        assert seen.findings == [], payload
        assert squeezed("".join(seen.text)) == squeezed(plain_text.neutral(payload.replace("\r", "\n"))), payload


@needs_attacks
def test_the_judge_finds_fault_with_raw_payloads() -> None:
    caught = sum(bool(judge(payload).findings) for payload in payloads())

    assert caught > 1000


@needs_attacks
def test_every_payload_is_inert_or_refused_as_name_and_website() -> None:
    for payload in payloads():
        comment = Comment(name=payload, website=payload)
        assert judge(markup.signature(comment)).findings == [], payload
        form = CommentForm({"text": "x", "name": "x", "email": payload, "website": payload})
        if form.is_valid():
            assert plain_text.is_web_address(form.cleaned_data["website"]), payload
            assert not set("\r\n\x00") & set(form.cleaned_data["email"]), payload


@needs_attacks
def test_a_sample_of_payloads_is_stored_whole_or_refused_in_words_in_every_field(db: None, settings: Settings) -> None:
    settings.COMMENTS_RATE_ARTICLE = 10_000

    stored, refused = submit_each(payloads()[::400])

    assert stored > 50
    assert refused > 20


@pytest.mark.soak
@needs_attacks
def test_every_payload_is_stored_whole_or_refused_in_words_in_every_field(db: None, settings: Settings) -> None:
    settings.COMMENTS_RATE_ARTICLE = 1_000_000

    stored, refused = submit_each(payloads())

    assert stored > 20_000
    assert refused > 10_000


def submit_each(lines: list[str]) -> tuple[int, int]:
    """Send each line in each field, whole and at the edge of what one field may hold; how many were stored, refused."""
    article = make_article()
    stored = refused = 0
    for number, line in enumerate(lines):
        for field in ("text", "name", "email", "website", "parent", "browser_key"):
            email = f"reader{number}-{field}@example.org"
            typed = {"text": f"Comment {number} {field}", "name": "Ana", "email": email, "website": "", field: line}
            try:
                with transaction.atomic():
                    comment = submission.submit(article, typed)
            except refusals.RefusedError as refusal:
                refused += says_why(refusal)
            else:
                stored += 1
                comment.refresh_from_db()
                assert_whole(comment, field, line)
    assert Comment.objects.count() == stored == len(lines) * 6 - refused
    return stored, refused


def says_why(refusal: refusals.RefusedError) -> bool:
    """Whether a refusal has words for its writer."""
    assert refusal.status in {409, 422, 429}
    return bool(refusal.form.errors if isinstance(refusal, refusals.InvalidError) else str(refusal))


def assert_whole(comment: Comment, field: str, line: str) -> None:
    """Nothing of the line is missing, but for blanks at its ends and the case of an e-mail address."""
    typed = line.replace("\r\n", "\n").replace("\r", "\n").strip()
    if field == "text":
        assert comment.text == typed
    elif field == "name":
        assert comment.name == " ".join(typed.split())
    elif field == "email":
        assert comment.email == typed.lower()
    elif field == "website" and typed:
        assert squeezed(typed).lower().rpartition("://")[2].split("/")[0] in comment.website.lower()


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def page_with(article: Article) -> str:
    template = Template("{% load comment_section %}{% comments %}")
    return template.render(Context({"article": article, "plan": PagePlan(article=article)}))


def without_its_form(page: str) -> str:
    """The page without the field in which its writer changes the words, where each must stand as it was typed."""
    return re.sub("<textarea.*?</textarea>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</textarea><script>alert(1)</script>",
        "{{ 7|add:7 }}{% debug %}",
        "javascript:alert(1)",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
        "user\u202egpj.exe",
        "\n" * 4000 + "end",
        "x" * 8000,
        "https://" + "a" * 7000,
        "\U000e0041\U000e0042 hidden tags",
    ],
)
def test_hostile_comments_are_inert_on_the_page_the_desk_and_the_receipt(
    client: Client, cast: Cast, article: Article, text: str
) -> None:
    comment = make_comment(article, text, name=text[:80].strip() or "x", state=State.APPROVED)
    client.login(email=cast.moderator.email, password=PASSWORD)
    pages = [
        page_with(article),
        without_its_form(client.get(reverse("comments:receipt", args=[comment.receipt])).content.decode()),
        client.get(reverse("admin:comments_comment_changelist"), {"state": "approved"}).content.decode(),
        client.get(reverse("admin:comments_comment_change", args=[comment.pk])).content.decode(),
        client.get(reverse("comments:article", args=[article.pk]), {"reply_to": comment.pk}).content.decode(),
    ]

    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page
        assert "\u202e" not in page
        assert "\U000e0041" not in page
        assert plain_text.render(text) in page


def send(client: Client, article: Article, **typed: str) -> Any:
    """Post the bytes a program would send, also those that a browser never does."""
    values = {"text": "Well said.", "name": "Ana", "email": "ana@example.org", **typed}
    body = urlencode(values, encoding="utf-8", errors="surrogatepass")
    address = reverse("comments:article", args=[article.pk])
    headers = {"Origin": "http://testserver"}
    return client.generic("POST", address, body, "application/x-www-form-urlencoded", headers=headers)


@pytest.mark.parametrize("field", ["text", "name", "email", "website", "parent", "token", "subject"])
@pytest.mark.parametrize("value", ["a\x00b", "\x00", "\ud800", "a\r\nBcc: b@example.org", "\u202e", "x" * 100_000])
def test_no_field_breaks_on_bytes_nobody_types(client: Client, article: Article, field: str, value: str) -> None:
    response = send(client, article, **{field: value})

    assert response.status_code in {200, 409, 422}
    assert "\x00" not in response.content.decode()


def test_a_nul_is_refused_with_a_clear_message(client: Client, article: Article) -> None:
    response = send(client, article, text="before\x00after")

    assert response.status_code == 422
    assert "cannot be stored" in response.content.decode()
    assert "before\ufffdafter</textarea>" in response.content.decode()


def test_half_a_character_is_refused_where_no_browser_mends_it(article: Article) -> None:
    with pytest.raises(refusals.InvalidError):
        submission.submit(article, {"text": "\ud800", "name": "Ana", "email": "ana@example.org"})


def test_a_name_of_two_lines_becomes_one(article: Article) -> None:
    comment = submission.submit(article, {"text": "x", "name": "Ana\r\nBcc: x@example.org", "email": "a@example.org"})

    assert comment.name == "Ana Bcc: x@example.org"


def test_ten_thousand_lines_are_refused_whole(client: Client, article: Article) -> None:
    response = send(client, article, text="line\n" * 10_000)

    assert response.status_code == 422
    assert response.content.decode().count("line\n") >= 9_999


@pytest.mark.parametrize("unit", ["x", "ä", "\U0001f600", "Z\u0351\u036b", "\u202e", "line\n"])
@pytest.mark.parametrize("around", [-1, 0, 1])
def test_at_64_kilobytes_a_text_is_refused_whole(client: Client, article: Article, unit: str, around: int) -> None:
    size = len(unit.encode())
    text = unit * (65_536 // size) + "x" * (65_536 % size + around) if around >= 0 else unit * (65_535 // size)

    response = send(client, article, text=text)

    assert response.status_code == 422
    assert text.strip() in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("field", ["name", "email", "website", "browser_key"])
@pytest.mark.parametrize("length", [65_535, 65_536, 65_537])
def test_at_64_kilobytes_another_field_is_refused_or_means_nothing(article: Article, field: str, length: int) -> None:
    typed = {"text": "Well said.", "name": "Ana", "email": "ana@example.org", field: "x" * length}

    if field == "browser_key":
        assert submission.submit(article, typed).state == State.PENDING
        return
    with pytest.raises(refusals.InvalidError) as refused:
        submission.submit(article, typed)
    assert str(length) in str(refused.value.form.errors[field])
