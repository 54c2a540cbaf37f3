"""Reading what agencies and feeds send: every format, every fault, no bomb."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from syndication.wires.drafting import why_not
from syndication.wires.items import Item, Reading, Refused
from syndication.wires.moments import moment
from syndication.wires.reading import read
from tests.wire_files import LONG, g2, rss

pytestmark = pytest.mark.once

RDF = (
    '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/>{}</r:RDF>'
)

ADVICE = re.compile(r"prefixed-namespace|xml-base-ambiguous|unknown-noerror|with-collection|missing_dclanguage")
"""What the validator says of these is advice about style, and breaks nothing."""

FILES = Path(__file__).resolve().parents[2] / "shared" / "data" / "wire-feeds"


def one(document: str | bytes, base: str = "https://wire.example/feeds/all.xml") -> Item:
    found = read(document.encode() if isinstance(document, str) else document, base=base)
    assert len(found.items) == 1
    return found.items[0]


def refusal(document: str | bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(document.encode() if isinstance(document, str) else document)
    return str(caught.value)


def test_newsml_g2_brings_words_rights_and_what_the_agency_says_of_them() -> None:
    meta = "<embargoed>2030-01-01T00:00:00Z</embargoed><edNote>Adds the vote.</edNote>"
    item = one(g2(version=3, signal="correction", meta=meta))
    assert (item.guid, item.version, item.signal) == ("urn:newsml:northline:1", "3", "correction")
    assert (item.headline, item.byline, item.rights) == ("Lighthouse stays lit", "By Jo Vane", "Northline")
    assert (item.terms, item.note) == ("No archive use", "Adds the vote.")
    assert item.subjects == ("maritime", "medtop:20000538")
    assert item.embargo_until == moment("2030-01-01")
    assert item.text == LONG
    assert one(g2(status="canceled")).signal == "kill"
    assert one(g2(status="withheld")).signal == "withheld"


def test_ninjs_is_read_in_each_of_its_three_shapes() -> None:
    first = {
        "uri": "urn:1",
        "headline": "H",
        "body_html": "<p>B</p>",
        "subject": [{"name": "sport"}],
        "pubstatus": "usable",
    }
    third = {
        "uri": "urn:1", "headlines": [{"role": "main", "value": "H"}], "subjects": [{"name": "sport"}],
        "bodies": [{"contenttype": "text/plain", "value": "x"}, {"contenttype": "text/html", "value": "<p>B</p>"}],
    }  # fmt: skip
    for story in (first, third, {"items": [third]}):
        item = one(json.dumps(story))
        assert (item.guid, item.headline, item.html, item.subjects, item.problems) == (
            "urn:1",
            "H",
            "<p>B</p>",
            ("sport",),
            (),
        )
    assert one(json.dumps(first | {"pubstatus": "canceled"})).signal == "kill"
    assert one(json.dumps(first | {"headline": 7})).problems
    wrongs: list[Any] = [{}, [], None, "\ud800", 1e400, {"role": {}}]
    for wrong in wrongs:
        for name in (
            "type",
            "headlines",
            "bodies",
            "associations",
            "places",
            "uri",
            "body_html",
            "pubstatus",
            "urgency",
        ):
            for value in (
                wrong,
                [wrong],
                {"a": wrong},
                [{"type": wrong, "role": wrong, "value": wrong, "geojson": {"type": wrong}}],
            ):
                json.dumps(one(json.dumps(first | {name: value})).to_json(), ensure_ascii=False).encode()


def test_nitf_becomes_html_and_its_release_date_an_embargo() -> None:
    item = one(
        '<nitf><head><docdata management-status="usable"><doc-id id-string="a1"/>'
        '<date.release norm="21000101T120000Z"/>'
        '<doc.copyright holder="AP" year="2026"/></docdata></head><body><body.head><hedline><hl1>H</hl1></hedline>'
        "<byline>By <person>Jo Vane</person></byline></body.head><body.content><block><p>One <em>two</em></p>"
        "<hl2>More</hl2><media><media-caption>No</media-caption></media><p>Three</p></block></body.content></body></nitf>"
    )
    assert (item.guid, item.headline, item.byline, item.rights) == ("a1", "H", "Jo Vane", "© AP 2026")
    assert item.html == "<p>One <em>two</em></p><h2>More</h2><p>Three</p>"
    assert item.embargo_until == moment("2100-01-01T12:00:00Z")


def test_json_feed_and_atom_are_read_with_their_links_made_whole() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "home_page_url": "https://a.example/",
        "items": [{"id": 7, "url": "/x", "title": "T", "content_text": "One\n\nTwo & three"}],
    }  # fmt: skip
    item = one(json.dumps(feed))
    assert (item.guid, item.link, item.html) == ("7", "https://a.example/x", "<p>One</p><p>Two &amp; three</p>")
    item = one(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/n/"><entry><id>tag:1</id>'
        '<title type="html">'
        'A &lt;b&gt;B&lt;/b&gt;</title><link href="42.html"/><updated>2026-03-01T10:00:00+01:00</updated>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi <a href="other.html">o</a></p></div>'
        "</content></entry></feed>"
    )
    assert (item.headline, item.link) == ("A B", "https://b.example/n/42.html")
    assert 'href="https://b.example/n/other.html"' in item.html
    assert item.sent_at == moment("2026-03-01T09:00:00Z")


@pytest.mark.parametrize(
    "document",
    [
        "  \n<?xml version='1.0'?>"
        + rss("<item><title>Fish &amp; chips</title><description>A &nbsp; b</description></item>"),
        rss("<item><title>Fish & chips</title><description>R&D &bogus; here</description></item>"),
        rss("<item><title>Fish &amp; chips</title><dc:creator>J</dc:creator><description>x\x0b y</description></item>"),
        '<?xml version="1.0" encoding="no-such"?>'
        + rss("<item><title>Fish &amp; chips</title><description>b</description></item>"),
        RDF.format("<item><title>Fish &amp; chips</title><description>b</description></item>"),
        (
            "<!DOCTYPE rss SYSTEM 'http://127.0.0.1/x.dtd' [<!ENTITY who 'chips'>]>"
            + rss("<item><title>Fish &amp; &who;</title><description>b</description></item>")
        ),
    ],
)
def test_feeds_that_break_a_rule_are_read_all_the_same(document: str) -> None:
    item = one(document)
    assert item.headline == "Fish & chips"
    assert item.guid.startswith("text:")
    assert item.problems


def test_a_feed_in_another_encoding_than_it_says_is_read_and_that_is_said() -> None:
    found = read(b'<?xml version="1.0" encoding="utf-8"?>' + rss("<item><title>Zürich</title></item>").encode("cp1252"))
    assert found.items[0].headline == "Zürich"
    assert any("UTF-8" in words.upper() for words in found.problems)
    assert one(rss("<item><title>Zürich</title></item>").encode("utf-16")).headline == "Zürich"


def test_of_a_broken_feed_the_whole_items_are_taken_and_the_others_named() -> None:
    item = "<item><guid>{}</guid><title>Number {}</title></item>".format
    broken = rss(item(1, 1), "<item><guid>2</guid><title>Number <b>2</title></item>", item(3, 3))
    found = read(broken.encode())
    assert [one.guid for one in found.items] == ["1", "3"]
    assert len(found.refused) == 1
    found = read(rss(item(1, 1), item(2, 2)).encode()[:-60])
    assert [one.guid for one in found.items] == ["1"]
    assert found.problems
    assert "middle" in refusal("<nitf><body><body.content><p>half a sto")


def test_bombs_end_at_once_and_say_so() -> None:
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    started = time.process_time()
    assert "entities" in refusal(f"<!DOCTYPE r [<!ENTITY l0 'ha'>{laughs}]><rss>&l9;</rss>")
    assert "entities" in refusal(f"<!DOCTYPE r [<!ENTITY a '{'x' * 300}'>]><rss>{'&a;' * 1000}</rss>")
    assert "deep" in refusal("<a>" * 200_000)
    assert "deep" in refusal("[" * 200_000)
    assert "deep" in refusal('{"a":' * 200_000)
    assert "larger" in refusal(b"<" + b"x" * 10_000_001)
    assert "elements" in refusal("<rss>" + "<a/>" * 400_001)
    assert read(("<rss><channel>" + "<item>" * 60).encode()).items == []
    assert time.process_time() - started < 8


def test_an_entity_outside_is_named_and_never_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    document = f"<!DOCTYPE rss [<!ENTITY x SYSTEM 'file://{secret}'>]>" + rss("<item><title>A &x; b</title></item>")
    found = read(document.encode())
    assert "secret" not in str(found)
    assert any("outside" in words for words in found.problems)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Tue, 03 Mar 2026 10:00:00 EST", "2026-03-03T15:00:00Z"),
        ("3 Mar 2026 10:00 +0200", "2026-03-03T08:00:00Z"),
        ("20260303T100000Z", "2026-03-03T10:00:00Z"),
        ("2026-03-03T10:00:00.123+02:00", "2026-03-03T08:00:00Z"),
        ("2026-03", "2026-03-01T00:00:00Z"),
    ],
)
def test_moments_are_read_as_wires_write_them(text: str, meant: str) -> None:
    assert moment(text) == moment(meant)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "0001-01-01", "9999-12-31T23:59:59Z", "2026-13-40", "9" * 80, "24:00"]
)
def test_absurd_moments_are_none(text: str) -> None:
    assert moment(text) is None


def files() -> list[Path]:
    if not FILES.is_dir():
        pytest.skip("the sample feeds are not here")
    return [path for path in sorted(FILES.rglob("*")) if path.is_file() and path.parent.name != "schemas"]


def judged(path: Path) -> tuple[Reading | None, list[str]]:
    """What a file holds, and every reason that is told about it."""
    try:
        found = read(path.read_bytes(), base="https://wire.example/")
    except Refused as refused:
        return None, [str(refused)]
    told = [*found.problems, *(words for item in found.items for words in item.problems)]
    told += [why for item in found.items if (why := why_not(item))]
    return found, [*told, *(reason for _label, reason in found.refused)]


def test_every_sample_is_read_or_refused_with_a_reason_and_none_breaks_the_reader() -> None:
    kinds = {"README.md", "MANIFEST.tsv"}
    refused = {
        str(path.relative_to(FILES)): told for path in files() if (told := judged(path)[1]) and not judged(path)[0]
    }
    wrong = [
        name
        for name in refused
        if not name.endswith((".txt", ".tst", ".json")) and Path(name).name not in kinds and "should_fail" not in name
    ]
    known = re.compile(r"opml|ext/app/|unknown|cdf_item|LISTING_(28|7|8)_")
    assert [name for name in wrong if not known.search(name)] == []


def test_every_sample_that_is_labelled_invalid_is_refused_or_read_with_a_reason() -> None:
    labelled = [path for path in files() if path.parent.name == "should_fail" or faulty(path)]
    assert len(labelled) > 400
    silent = [str(path.relative_to(FILES)) for path in labelled if not judged(path)[1]]
    assert [name for name in silent if not ADVICE.search(name)] == []
    assert len(silent) <= 5


def faulty(path: Path) -> bool:
    """Whether the feed validator's own comment says what is wrong with the file."""
    if "w3c-feedvalidator" not in path.parts:
        return False
    expected = re.search(rb"Expect:\s*(!?)(\w+)", path.read_bytes()[:3000])
    return bool(expected and not expected[1] and not expected[2].startswith((b"Valid", b"Self")))
