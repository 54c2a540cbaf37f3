"""Exports made to hurt, or broken on the way: a line in words, bounded time and memory, nothing half-written."""

import time
from pathlib import Path

import pytest

from articles.models import Article
from comments.models import Comment
from images.models import Image
from syndication.models import Imported
from syndication.wordpress.text_stream import NotReadableError
from tests.wordpress import details, move
from tests.wxr import HEAD, TAIL, author, comment, export, item, many

pytestmark = pytest.mark.django_db

BOMB = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (HEAD.replace("<rss", f"{BOMB}<rss") + item(1, "&b;") + TAIL, "document type"),
        (HEAD.replace("<rss", f"{OUTSIDE}<rss") + item(1) + TAIL, "document type"),
        (HEAD + "<item>" + "<a>" * 200_000, "deep in one another"),
        (HEAD.replace('"UTF-8"', '"utf-7"') + item(1) + TAIL, "encoding is “utf-7”"),
        (HEAD.replace('"UTF-8"', '"klingon"') + item(1) + TAIL, "encoding is “klingon”"),
        ("", "empty"),
        ("PK\x03\x04 a zip", "no XML"),
        ("<html><body>Log in</body></html>", "first element is <html>"),
        ("<rss><channel><title>A feed</title><item><title>x</title></item></channel></rss>", ""),
    ],
)
def test_what_is_made_to_hurt_or_is_no_export_is_refused_in_words(tmp_path: Path, text: str, why: str) -> None:
    if not why:
        report = move(tmp_path, text)
        assert not Article.objects.public().exists()
        assert "WXR" in report.warnings[0]
        return
    began = time.monotonic()
    with pytest.raises(NotReadableError, match=why):
        move(tmp_path, text)
    assert time.monotonic() - began < 10
    assert not Imported.objects.exists()


def test_a_file_cut_off_in_the_middle_gives_what_stands_whole_and_says_where(tmp_path: Path) -> None:
    text = many(range(1, 6))
    report = move(tmp_path, text[: text.index("Story number 4") + 40])
    assert Article.objects.count() == 3
    assert "breaks off or is broken at line" in report.fault
    assert move(tmp_path, text).posts["created"] == 2  # the whole file later brings the rest


def test_control_characters_and_bytes_of_other_encodings_are_mended_and_counted(tmp_path: Path) -> None:
    text = export(item(1, "A\x0bB\x00C &amp; \x1bcaf\u00e9 \u201cquoted\u201d"))
    data = text.encode().replace("\u00e9".encode(), b"\xe9").replace("\u201cquoted".encode(), b"\x93quoted")
    report = move(tmp_path, b"\n\n" + data)
    assert Article.objects.get().body == "<p>ABC &amp; caf\u00e9 \u201cquoted\u201d</p>"
    assert report.mended["control characters"] == 3
    assert report.mended["bytes that are not of the file’s encoding"] == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1251"])
def test_a_file_in_another_encoding_is_read_by_what_it_says(tmp_path: Path, encoding: str) -> None:
    word = {"windows-1251": "\u0443\u0442\u0440\u043e"}.get(encoding, "caf\u00e9")
    declared = encoding.removesuffix("-sig")
    move(tmp_path, export(item(1, word)).replace('"UTF-8"', f'"{declared}"').encode(encoding))
    assert Article.objects.get().body == f"<p>{word}</p>"


def test_entities_of_html_and_bare_ampersands_outside_of_cdata_are_read(tmp_path: Path) -> None:
    text = item(1).replace("<![CDATA[Story number 1]]>", "Fish&nbsp;&amp; Chips & caf&eacute; &#8220;x&#8221;&#11;")
    move(tmp_path, export(text))
    assert Article.objects.get().headline == "Fish & Chips & caf\u00e9 \u201cx\u201d"


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script><p onclick=x>Words</p>",
        '<a href="javascript:alert(1)">Words</a><img src=x onerror=alert(1)>',
        '<iframe srcdoc="<script>"></iframe>Words<svg onload=alert(1)>',
        '<figure data-image="1"></figure><div data-embed="javascript:x">Words</div>',
        '[gallery ids="1,2,<b>"]Words[caption]<img src=x onerror=y>"><script>[/caption]',
        '[embed]javascript:alert(1)[/embed]Words [youtube id="\\"><script>"]',
        '<!-- wp:embed {"url":"javascript:alert(1)"} /-->Words<!-- wp:html --><script>x</script><!-- /wp:html -->',
    ],
)
def test_scripts_in_texts_are_inert_and_nobody_reaches_into_our_library(tmp_path: Path, body: str) -> None:
    Image.objects.create(pk=1, title="Private", width=1, height=1, bytes=1, checksum="x")
    move(tmp_path, export(item(1, body, title="<script>t</script>Title", inside=comment(1, "<script>x</script>Fine"))))
    story = Article.objects.get()
    stored = story.body + story.body_html + story.headline
    for acting in ("<script", '="javascript:', "onerror", "onclick", "onload", "srcdoc", "data-image"):
        assert acting not in stored
    assert "Words" in story.body_text
    assert Comment.objects.get().text == "Fine"


@pytest.mark.parametrize(
    "body",
    [
        "[" * 60_000,
        '[a "' * 40_000,
        "[caption]" * 20_000,
        "<pre>" * 900 + "x" * 200_000,
        "<a " * 60_000,
        "<!-- wp:x {" * 20_000,
        "<!--" * 60_000,
        "\n \n" * 60_000,
        "&" * 200_000,
        "https://a.b/" * 20_000,
    ],
    ids=lambda body: body[:12],
)
def test_texts_that_would_keep_a_careless_reader_busy_for_hours_take_seconds(tmp_path: Path, body: str) -> None:
    began = time.monotonic()
    move(tmp_path, export(item(1, f"{body} Words.")))
    assert time.monotonic() - began < 20
    assert Article.objects.count() <= 1


def test_a_text_too_long_or_too_deep_is_refused_alone(tmp_path: Path) -> None:
    report = move(tmp_path, export(item(1, "x" * 600_000), item(2, "<b>" * 5_000), item(3), item(4, "y" * 4_100_000)))
    told = details(report)
    assert "600000 characters" in told["1"]["refused"]
    assert "nested too deeply" in told["2"]["refused"]
    assert "four million" in told["4"]["refused"]
    assert [story.slug for story in Article.objects.all()] == ["story-3"]


def test_absurd_fields_are_taken_for_what_they_can_be(tmp_path: Path) -> None:
    absurd = item(
        "9" * 400, "Words.", title="T" * 5_000, post_name="%ff%00../..", creator="\u202e" * 300, excerpt="E" * 3_000
    )
    comments = comment(1, "z" * 9_000) + comment(
        "x" * 500, "Fine", author="N" * 900, author_email="no", author_url="j:x"
    )
    comments += comment(2, "Late", date_gmt="9999-99-99", date="")
    report = move(tmp_path, export(author("x" * 900, "\u202e<b>"), absurd.replace("</item>", comments + "</item>")))
    story = Article.objects.get()
    assert len(story.headline) <= 160
    assert "T" * 5_000 in story.body
    assert len(Comment.objects.get(text="Fine").name) == 80
    assert report.comments["left out"] == 1
