"""What changed between two texts, in words a person reads, with a bound on the work."""

import random

import pytest

from articles.history.aligning import Fate, aligned, folded
from articles.history.blocks import Shape, blocks_of
from articles.history.words import MOST_STEPS, Change, Work, difference


def told(old: str, new: str) -> str:
    """The runs in signs: [-gone-] and {+new+}."""
    signs = {Change.SAME: "{}", Change.GONE: "[-{}-]", Change.NEW: "{{+{}+}}"}
    return "".join(signs[run.change].format(run.text) for run in difference(old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("The tram is late.", "The tram is late.", "The tram is late."),
        ("The tram is late.", "The tram is never late.", "The tram is {+never +}late."),
        ("The tram is late.", "The bus is late.", "The [-tram-]{+bus+} is late."),
        ("It is  late", "It is late", "It is late"),
        ("", "New", "{+New+}"),
        ("Gone", "", "[-Gone-]"),
        ("", "", ""),
        ("one two three four", "uno dos tres quattro", "[-one two three four-]{+uno dos tres quattro+}"),
        ("电车晚点了", "电车又晚点了", "电车{+又+}晚点了"),
        ("4,318 adverts in Brackwater", "4,328 adverts", "[-4,318-]{+4,328+} adverts[- in Brackwater-]"),
        ("It cost 9.10 crowns", "It cost 9.20 crowns", "It cost [-9.10-]{+9.20+} crowns"),
        ("The man who ran away came back", "The man that never ran far off came back", None),
    ],
)
def test_changes_are_told_word_by_word(old: str, new: str, said: str | None) -> None:
    runs = difference(old, new)
    assert said is None or told(old, new) == said
    assert "".join(run.text for run in runs if run.change is not Change.NEW).split() == old.split() or said == old
    assert "".join(run.text for run in runs if run.change is not Change.GONE) == new


def test_text_is_given_back_whole_whatever_it_holds() -> None:
    dice = random.Random(5)
    for _round in range(200):
        old, new = ("".join(dice.choices("ab <&_.’-\n 漢é😀", k=dice.randrange(60))) for _side in range(2))
        runs = difference(old, new)
        assert "".join(run.text for run in runs if run.change is not Change.GONE) == new


def rows(old: str, new: str, work: Work | None = None) -> list[tuple[str, str]]:
    return [(row.fate.value, row.block.text) for row in aligned(blocks_of(old), blocks_of(new), work or Work())]


def test_a_body_is_read_as_blocks() -> None:
    source = (
        "<h2>Head</h2><p>One <a href='/x/'>link</a> and <strong>bold</strong>.</p><ul><li><p>Item</p></li></ul>"
        "<blockquote><p>Said</p></blockquote><table><tbody><tr><th><p>A</p></th><td><p>B</p></td></tr></tbody></table>"
        '<figure data-image="7" data-caption="Cap"></figure><hr><p></p>'
    )
    found = blocks_of(source)
    assert [(block.shape, block.text) for block in found] == [
        (Shape.HEADING, "Head"),
        (Shape.PARAGRAPH, "One link and bold."),
        (Shape.ITEM, "Item"),
        (Shape.QUOTE, "Said"),
        (Shape.ROW, "A │ B"),
        (Shape.PICTURE, "Cap"),
        (Shape.RULE, ""),
    ]
    assert found[1].marked == (("link", "/x/"), ("bold", ""))
    assert found[5].images == (7,)


def test_paragraphs_are_paired_by_their_words_not_by_their_place() -> None:
    old = "<p>First one here.</p><p>The second tells of the tram.</p><p>Last.</p>"
    fresh = "<p>An entirely fresh beginning stands now.</p>"
    new = f"{fresh}<p>First one here.</p><p>The second tells of a tram.</p><p>Last.</p>"
    assert rows(old, new) == [
        ("new", "An entirely fresh beginning stands now."),
        ("same", "First one here."),
        ("changed", "The second tells of a tram."),
        ("same", "Last."),
    ]


def test_what_moved_is_said_to_have_moved() -> None:
    old = "<p>A long first paragraph.</p><p>B is here.</p><p>C is here.</p><p>D too.</p>"
    new = "<p>B is here.</p><p>C is here.</p><p>D too.</p><p>A long first paragraph.</p>"
    assert [fate for fate, _text in rows(old, new)] == ["away", "same", "same", "same", "here"]


def test_links_marks_and_shapes_are_told_where_words_stay() -> None:
    old = '<p>See <a href="/a/">the plan</a> now.</p><p>A title</p>'
    new = '<p>See <a href="/b/">the plan</a> <strong>now</strong>.</p><h2>A title</h2>'
    first, second = aligned(blocks_of(old), blocks_of(new), Work())
    assert first.fate is second.fate is Fate.CHANGED
    assert list(first.notes) == [
        "link: “the plan” → /b/",
        "link removed: “the plan” → /a/",
        "bold, italics or the like changed",
    ]
    assert list(second.notes) == ["was paragraph, is heading"]


def test_unchanged_paragraphs_are_folded_but_for_neighbours() -> None:
    many = "".join(f"<p>Paragraph {number}.</p>" for number in range(20))
    changed = many.replace("Paragraph 10.", "Paragraph 10 grew.")
    stretches = folded(aligned(blocks_of(many), blocks_of(changed), Work()))
    assert [(stretch.folded, len(stretch.rows)) for stretch in stretches] == [(True, 9), (False, 3), (True, 8)]


WORDS = [f"word{number}" for number in range(3000)]


def ten_thousand(seed: int) -> list[str]:
    dice = random.Random(seed)
    return [" ".join(dice.choices(WORDS[:400], k=100)) for _paragraph in range(100)]


def test_a_story_of_ten_thousand_words_is_compared_word_by_word() -> None:
    old = ten_thousand(1)
    new = [text.replace("word7 ", "seventh ") for text in old]
    work = Work()
    found = aligned(blocks_of(_body(old)), blocks_of(_body(new)), work)
    assert not work.was_cut
    assert {row.fate for row in found} == {Fate.SAME, Fate.CHANGED}
    assert all(len(row.runs) > 2 for row in found if row.fate is Fate.CHANGED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([" ".join(["la"] * 10_000)], [" ".join(["la", "lo"] * 5_000)]),
        (["la"] * 10_000, ["lo", "la"] * 5_000),
        ([f"{number} la la" for number in range(3_000)], [f"la {number} lo la" for number in range(3_000)]),
        (ten_thousand(1), ten_thousand(2)),
    ],
    ids=["one paragraph of one word", "ten thousand paragraphs", "all alike", "nothing in common"],
)
def test_work_is_bounded_and_what_was_not_done_is_told_whole(old: list[str], new: list[str]) -> None:
    work = Work()
    found = aligned(blocks_of(_body(old)), blocks_of(_body(new)), work)
    assert 0 <= work.left <= MOST_STEPS
    assert " ".join(row.block.text for row in found if row.fate not in {Fate.GONE, Fate.MOVED_AWAY}).split() == (
        " ".join(new).split()
    )


def test_the_bound_is_what_stops_it() -> None:
    old, new = " ".join(["la"] * 3_000), " ".join(["la", "lo"] * 1_500)
    small = Work(1_000)
    assert len(difference(old, new, small)) == 2
    assert small.was_cut
    assert small.left == 1_000
    assert len(difference("one la two", "one lo two", Work(1_000))) == 4  # the control: little work is done


def _body(paragraphs: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)
