"""What the pipeline stores: references only, whatever was pasted, typed or imported."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import body
from articles.body.names import names
from tests.html_oracle import dangers

PASTES = Path(__file__).resolve().parents[2] / "shared" / "data" / "html-articles" / "ckeditor-paste"
needs_pastes = pytest.mark.skipif(not PASTES.is_dir(), reason="the collection of real clipboard contents is not here")


def pasted(name: str) -> str:
    return body.clean((PASTES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("", ""),
        ("  \n ", ""),
        ("plain words", "<p>plain words</p>"),
        ("<div>one<div>two</div>three</div>", "<p>one</p>\n<p>two</p>\n<p>three</p>"),
        ("<h1>A</h1><h5>B</h5>", "<h2>A</h2>\n<h4>B</h4>"),
        ("<h2><b>A</b> <i>b</i></h2>", "<h2>A <em>b</em></h2>"),
        ("<p></p><p><br></p><p>&nbsp;</p><h2></h2><ul><li></li></ul><blockquote> </blockquote>", ""),
        ("<a href='/x/'><p>one</p><p>two</p></a>", '<p><a href="/x/">one</a></p>\n<p><a href="/x/">two</a></p>'),
        ("<p>a<ul><li>b</ul>c", "<p>a</p>\n<ul><li>b</li></ul>\n<p>c</p>"),
        ("<ul><ul><li>deep</li></ul></ul>", "<ul><li>deep</li></ul>"),
        ("<blockquote>x<figure data-image=7></figure>y</blockquote>",
         '<blockquote><p>x</p><p>y</p></blockquote>\n<figure data-image="7"></figure>'),
        ("<ol start=2><li>x<li>y</ol>", '<ol start="2"><li>x</li><li>y</li></ol>'),
        ("<pre>one\n  two</pre>", "<p>one<br>two</p>"),
        ("<script>alert(1)</script><style>p{}</style><p>x</p>", "<p>x</p>"),
        ("a\x00b\x07c\ufeff", "<p>abc</p>"),
        ("broken \ud800 half", "<p>broken half</p>"),
        ("<p>&lt;b&gt; &amp;amp; &quot;</p>", '<p>&lt;b&gt; &amp;amp; "</p>'),
        ("<dl><dt>term</dt><dd>meaning</dd></dl>", "<p>term</p>\n<p>meaning</p>"),
    ],
)  # fmt: skip
def test_what_is_written_is_stored_clean(written: str, stored: str) -> None:
    assert body.clean(written) == stored


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTPS://Example.ORG/Path?q=ü#Ü", "https://example.org/Path?q=%C3%BC#%C3%9C"),
        ("http://bücher.example/", "http://bücher.example/"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/a|b[c]", "https://example.org/a%7Cb%5Bc%5D"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("/news/story-7/?x=1#h-a", "/news/story-7/?x=1#h-a"),
        ("http://127.0.0.1:8000/news/story-7/", "/news/story-7/"),
        ("http://127.0.0.1:8000//evil.example", "/"),
        ("http://127.0.0.1:80000/", ""),
        ("https://exa mple.org/", ""),
        ("https://user@example.org/", ""),
        ("https:example.org", ""),
        ("https:///example.org", ""),
        ("https://", ""),
        ("//example.org/", ""),
        ("/\\example.org", ""),
        ("/\t/example.org", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("example.org/page", ""),
        ("#top", ""),
        ("mailto:desk@example.org?subject=A b", "mailto:desk@example.org?subject=A%20b"),
        ("mailto:nobody", ""),
        ("tel:+44 20 7946", "tel:+44-20-7946"),
        ("tel:<script>", ""),
        ("https://example.org/" + "a" * 3000, ""),
    ],
)
def test_only_addresses_a_story_may_link_to_are_kept(raw: str, stored: str) -> None:
    assert body.clean_href(raw) == stored
    assert body.clean_href(stored) == stored


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("<tr><td>a<td>b<tr><td>c", "<tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td></td></tr></tbody>"),
        ("<tr><td colspan=2>a<tr><td colspan=2>b", "<tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody>"),
        ("<tr><td rowspan=9>a<td>b<tr><td>c",
         '<tbody><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></tbody>'),
        ("<tr><td>a<td rowspan=2>b<tr><td colspan=2>c",
         '<tbody><tr><td>a</td><td rowspan="2">b</td></tr><tr><td>c</td></tr></tbody>'),
        ("<tr><th rowspan=2>a<th>b<tr><td>c",
         '<tbody><tr><th rowspan="2">a</th><th>b</th></tr><tr><td>c</td></tr></tbody>'),
        ("<thead><tr><td>a</thead><tr><td>b", "<thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody>"),
    ],
)  # fmt: skip
def test_tables_form_a_full_grid(written: str, stored: str) -> None:
    assert body.clean(f"<table>{written}</table>") == f"<table>{stored}</table>"


@needs_pastes
@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("basic-styles/multiple-styles-single-line/input.word2016.html",
         "<p>Text <strong>containi<s>ng</s></strong><s> multiple </s><em>styling</em>.</p>"),
        ("list/nested/input.word2016.html",
         "<ol><li>A1</li><li>B1<ol><li>C2<ol><li>D4</li></ol></li><li>E2<ol><li>F3</li></ol></li></ol></li><li>G1</li></ol>"),
        ("list/simple/input.safari.word2016.html", "<ol><li>Item1</li><li>Item 2</li></ol>"),
        ("link/within-text/input.word2016.html", '<p>Regular <a href="https://ckeditor.com/">link</a>1</p>'),
        ("image/online-offline/input.word2016.html", "<p>Kitty from internet:</p>\n<p>My drawing: hehehehe :D</p>"),
        ("paste-from-google-docs/bold-wrapper/simple-text-windows/input.html", "<p>Hello world</p>"),
        ("paste-from-google-docs/lists/empty-list-item/input.html", "<ul><li>Item 1</li></ul>"),
    ],
)  # fmt: skip
def test_a_paste_from_word_or_google_docs_comes_out_sensible(name: str, stored: str) -> None:
    assert pasted(name) == stored


@needs_pastes
def test_every_real_paste_is_cleaned_for_good() -> None:
    paths = sorted(PASTES.glob("**/input*.html"))
    assert len(paths) > 40
    for path in paths:
        stored = body.clean(path.read_text(encoding="utf-8"))
        assert body.clean(stored) == stored, path
        assert "mso" not in stored, path


TAGS = sorted(names("p div h1 h3 ul ol li blockquote b i a span table tr td th figure br hr section pre u sup dl dt"))
ATTRIBUTES = (
    'style="font-weight:bold"', 'style="mso-list:l0 level2 lfo1"', 'href="https://example.org/ä ö"', 'href="/n/s-1/"',
    'data-image="4"', 'data-gallery="1,2"', 'data-embed="https://youtu.be/dQw4w9WgXcQ"', 'colspan="3"', 'rowspan="2"',
    'onclick="x()"', 'data-caption="&quot;a&quot; &amp; <b>"', 'start="4"',
)  # fmt: skip
piece = st.one_of(
    st.builds("<{}>".format, st.sampled_from(TAGS)),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.builds("<{} {}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.sampled_from(["words ", " ", "\n", "&nbsp;", "&lt;", "<!-- x -->", "<script>", "</script>", "·", "1."]),
    st.text(max_size=8),
)
sloppy_html = st.lists(piece, max_size=40).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(sloppy_html)
def test_cleaning_what_is_clean_changes_nothing(source: str) -> None:
    stored = body.clean(source)
    assert body.clean(stored) == stored


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(sloppy_html)
def test_whatever_is_written_readers_get_harmless_html(source: str) -> None:
    assert dangers(body.render(body.clean(source)).html) == []
