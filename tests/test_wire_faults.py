"""What feeds break of their standards is told in words, and nothing is said of a sound one."""

import pytest

from syndication.wires.reading import read

pytestmark = pytest.mark.once

ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0"'
    ' xmlns:thr="http://purl.org/syndication/thread/1.0"><title>T</title><id>tag:a.example,2026:f</id>'
    "<updated>2026-03-01T10:00:00Z</updated><author><name>J</name></author>{}</feed>"
)
ENTRY = (
    "<entry><title>E</title><id>tag:a.example,2026:1</id><updated>2026-03-01T10:00:00Z</updated>"
    '<link href="https://a.example/1"/>{}</entry>'
)
CHANNEL = "<title>T</title><link>https://a.example/</link><description>D</description>"
DIV = '<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{}</div></summary>'
SELF = '<link rel="self" href="https://a.example/f"/>'


def rdf(about: str, channel: str, item: str = "", image: str = "") -> str:
    return (
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        f'<channel r:about="{about}">{channel}</channel>{image}{item}</r:RDF>'
    )


@pytest.mark.parametrize(
    ("sound", "faulty", "words"),
    [
        (ATOM.format(f'{SELF}<fh:archive/><link rel="current" href="https://a.example/c"/>'),
         ATOM.format(f"{SELF}<fh:archive/>"), "archive"),
        (ATOM.format(f"{SELF}<fh:complete/>"),
         ATOM.format(f'{SELF}<fh:complete/><link rel="next" href="https://a.example/n"/>'), "complete"),
        (ATOM.format(f'{SELF}<link rel="first" href="https://a.example/0"/><link rel="previous" href="/p"/>'),
         ATOM.format(f'{SELF}<link rel="first" href="https://a.example/f"/><link rel="previous" href="/p"/>'), "first"),
        (ATOM.format(ENTRY.format('<thr:in-reply-to ref="tag:a.example,2026:0"/>')),
         ATOM.format(ENTRY.format('<thr:in-reply-to ref="0"/>')), "“ref”"),
        (ATOM.format(ENTRY.format("<thr:total>2</thr:total>")),
         ATOM.format(ENTRY.format("<thr:likes>2</thr:likes>")), "thr:likes"),
        (ATOM.format(ENTRY.format(DIV.format("Some <b>bold</b> words."))),
         ATOM.format(ENTRY.format(DIV.format("Some &lt;b&gt;bold&lt;/b&gt; words."))), "written as words"),
        (ATOM.format(ENTRY.format(DIV.format("Some <b>bold</b> words."))),
         ATOM.format(ENTRY.format(DIV.format('Some <b xmlns="">bold</b> words.'))), "none of it"),
        (ATOM.format(ENTRY.format("<summary>Words.</summary>")),
         ATOM.format(ENTRY.format('<p xmlns="http://www.w3.org/1999/xhtml">Words.</p>')), "no text"),
        (rdf("https://a.example/", CHANNEL), rdf("https://a.example/", f"{CHANNEL}<ttl>5</ttl>"), "“ttl”"),
        (rdf("https://a.example/", CHANNEL), rdf("https://a.example/ x", CHANNEL), "rdf:about"),
        (rdf("https://a.example/", CHANNEL, f'<item r:about="https://a.example/1">{CHANNEL}</item>'),
         rdf("https://a.example/", CHANNEL, f'<item r:about="https://a.example/">{CHANNEL}</item>'), "identity"),
        ("<rss version='2.0'><channel>" + CHANNEL + "<skipDays><day>Monday</day></skipDays></channel></rss>",
         f"<rss version='2.0'><channel>{CHANNEL}<skipDays>{'<day>Monday</day>' * 2}</skipDays></channel></rss>",
         "twice"),
        ("<rss version='2.0'><channel>" + CHANNEL.replace("D<", "caf&#233;<") + "</channel></rss>",
         "<rss version='2.0'><channel>" + CHANNEL.replace("D<", "caf&eacute;<") + "</channel></rss>", "by names"),
        ("<rss version='2.0'><channel>" + CHANNEL.replace("D<", "“D”<") + "</channel></rss>",
         "<rss version='2.0'><channel>" + CHANNEL.replace("D<", "\x93D\x94<") + "</channel></rss>", "encoding"),
        ('<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]><rss version="2.0"><channel>' + CHANNEL + "</channel></rss>",
         '<rss version="2.0"><channel>' + CHANNEL.replace("D<", "D&nbsp;<") + "</channel></rss>", "by names"),
    ],
)  # fmt: skip
def test_what_a_feed_says_against_itself_is_told_in_words_and_read_all_the_same(
    sound: str, faulty: str, words: str
) -> None:
    assert told_of(sound) == []  # the control
    assert any(words in line for line in told_of(faulty))


def told_of(document: str) -> list[str]:
    found = read(document.encode(), base="https://a.example/f")
    return [*found.problems, *(line for item in found.items for line in item.problems)]
