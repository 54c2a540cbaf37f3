"""What the learner sees of a writing."""

import time

import pytest

from comments.learning.features import Kind, extract
from comments.learning.links import Link, read, split
from comments.learning.shapes import shapes
from comments.learning.writing import Writing, domain_of


def keys(kind: Kind, **parts: str) -> set[str]:
    return {feature.key for feature in extract(Writing(**{"text": "", **parts})).all if feature.kind is kind}


@pytest.mark.parametrize(
    ("disguised", "word"),
    [
        ("FREE", "free"),
        ("ｆｒｅｅ", "free"),
        ("frée", "free"),
        ("fr\u200bee", "free"),
        ("frеe", "free"),
        ("fr33", "free"),
        ("freeeeeeee", "free"),
    ],
    ids=["capitals", "full width", "accent", "unseen sign", "Cyrillic", "digits", "stretched"],
)
def test_a_disguised_word_is_the_word(disguised: str, word: str) -> None:
    assert word in keys(Kind.WORD, text=f"get it {disguised} today")


def test_a_misspelt_word_shares_parts_with_the_right_one() -> None:
    assert len(keys(Kind.PART, text="sucscribe") & keys(Kind.PART, text="subscribe")) >= 8


def test_numbers_count_by_their_length_only() -> None:
    assert keys(Kind.WORD, text="I paid 4000") == keys(Kind.WORD, text="I paid 9172")


def test_neighbours_make_pairs_and_so_do_words_with_one_between() -> None:
    assert {"check out", "^ check", "channel $"} <= keys(Kind.PAIR, text="Check out my channel")
    assert "check my" in keys(Kind.FRAME, text="Check out my channel")


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("see https://Shop.Example.com/a?b=1 now", "shop.example.com"),
        ("see www.example.org", "example.org"),
        ("kids stuff: kidsmedia  . com", "kidsmedia.com"),
        ("say murdev.com", "murdev.com"),
    ],
)
def test_addresses_are_found_however_they_are_typed(text: str, host: str) -> None:
    _, [link] = split(text)

    assert link.host == host


@pytest.mark.parametrize(
    "text", ["I came. In the end I left.", "e.g. this", "3.5 per cent", "Yes...no", "a@example.com"]
)
def test_sentences_and_mail_addresses_are_no_links(text: str) -> None:
    assert split(text) == (text, [])


def test_a_link_is_known_by_its_host_its_parents_and_the_words_of_its_path() -> None:
    traits = Link("m.shop.example.com", "/cheap/watches?id=3").traits()

    assert {"m.shop.example.com", ".shop.example.com", ".example.com", ".com", "/cheap", "/watches", "?"} <= set(traits)


@pytest.mark.parametrize("address", ["", "://", "http://", "http://[::1", "https://\x00", "?" * 300, "www."])
def test_any_address_can_be_read(address: str) -> None:
    assert isinstance(read(address).traits(), list)


def test_the_shape_of_a_text_needs_no_language() -> None:
    seen = set(shapes("ПРИВЕТ!!!!!! 123\n\n", ["привет", "000"], []))

    assert {"capitals.5", "exclamations.4", "script.3", "lines.2", "links.0"} <= seen


def test_the_writer_counts_too_but_nothing_before_the_at_sign() -> None:
    seen = keys(
        Kind.WRITER, name="Best SEO", website="https://seo.example.com", email_domain=domain_of("me@Seo.example")
    )

    assert seen == {"name best", "name seo", "mail seo.example", "website"}
    assert domain_of("no address") == ""


def test_every_kind_has_one_length_however_long_the_text() -> None:
    def length(text: str) -> float:
        found = extract(Writing(text))
        return float(sum(found.values[[feature.kind is Kind.PART for feature in found.all]] ** 2))

    assert length("one two") == pytest.approx(length("one two three four five six seven " * 20))


@pytest.mark.parametrize(
    "text", ["a." * 4000, "a-" * 4000, "www." * 2000, "word " * 1600, "\u0301" * 8000, "x . " * 2000]
)
def test_the_longest_texts_take_no_time_to_speak_of(text: str) -> None:
    started = time.perf_counter()
    extract(Writing(text))

    assert time.perf_counter() - started < 1
