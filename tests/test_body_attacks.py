"""Hostile HTML in a story: stored harmlessly, shown harmlessly, never a crash."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from articles import body
from tests.html_oracle import dangers

ATTACKS = Path(__file__).resolve().parents[2] / "shared" / "data" / "attacks"
needs_attacks = pytest.mark.skipif(not ATTACKS.is_dir(), reason="the collection of attack strings is not here")

OWN_ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<p onclick=alert(1) style='background:url(javascript:alert(1))'>x</p>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=' &#106;avascript:alert(1)'>x</a>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<figure data-image='1' data-caption='\"><script>alert(1)</script>'></figure>",
    "<figure data-embed='javascript:alert(1)' data-title='x'></figure>",
    "<figure data-embed='https://www.youtube.com/embed/\"onload=alert(1)'></figure>",
    "<table><td><form action=https://evil.example><input name=password>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<a href='https://user:secret@evil.example/'>x</a><a href='//evil.example'>y</a><a href='/\\evil.example'>z</a>",
]


def payloads() -> Iterator[str]:
    """Every attack at hand: our own, the payload lists line by line, the fixtures of other sanitisers."""
    yield from OWN_ATTACKS
    for path in sorted(ATTACKS.glob("xss/**/*.txt")) + sorted(ATTACKS.glob("naughty-strings/*.txt")):
        yield from filter(None, path.read_text(encoding="utf-8", errors="surrogateescape").splitlines())
    for path in sorted(ATTACKS.glob("sanitizer-fixtures/*.json")):
        yield from (entry["input"] for entry in json.loads(path.read_text(encoding="utf-8")))


def judged(attacks: Iterator[str] | list[str]) -> tuple[int, list[str]]:
    """How many attacks are dangerous as they come, and which still are in what is stored or shown."""
    raw_dangers = 0
    survivors = []
    for attack in attacks:
        raw_dangers += bool(dangers(attack))
        stored = body.clean(attack)
        unclean = body.render(attack) if "data-" not in attack else body.Rendered()
        if dangers(stored) or dangers(body.render(stored).html) or dangers(unclean.html):
            survivors.append(attack)
    return raw_dangers, survivors


def test_no_attack_of_our_own_survives_storing_or_showing(db: None) -> None:
    raw, survivors = judged(OWN_ATTACKS)
    assert survivors == []
    assert raw >= len(OWN_ATTACKS) - 2, "the control: all but those that hide in a reference are dangerous as they come"


@needs_attacks
def test_no_collected_attack_survives_storing_or_showing(db: None) -> None:
    raw, survivors = judged(payloads())
    assert survivors == []
    assert raw > 1_000, "the control: the judge finds danger in the raw strings"


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 90_000,
        "<a href=/x>" * 40_000,
        "<ul><li>" * 60_000,
        "<!--" * 120_000,
        "<" * 500_000,
        "&" * 90_000,
        "<table>" + "<tr><td colspan=50 rowspan=999>" * 15_000,
        "<table><tr>" + "<td>" * 5_000 + "<tr><td>" * 5_000,
        "<x>" * 999 + "<p>" * 160_000,
    ],
    ids=lambda text: text[:24],
)
def test_a_text_made_to_be_slow_is_refused_or_cleaned_soon(hostile: str) -> None:
    cleaned = ""
    with suppress(body.BodyRefused):
        cleaned = body.clean(hostile[: body.MAX_LENGTH])
    assert len(cleaned) <= body.MAX_LENGTH


def test_a_text_too_long_is_refused_never_cut() -> None:
    with pytest.raises(body.BodyTooLong, match="500000"):
        body.clean("a" * (body.MAX_LENGTH + 1))


def test_a_text_that_grows_too_long_by_cleaning_is_refused() -> None:
    with pytest.raises(body.BodyTooLong):
        body.clean("<p>" + "&" * (body.MAX_LENGTH - 10))


def test_a_text_too_deep_is_refused() -> None:
    with pytest.raises(body.BodyTooDeep):
        body.clean("<div>" * 2_000)
