"""Show where the words were found: a marked headline, and the most telling part of the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.folding import Term, normal, terms
from articles.models import Article
from articles.search.query import Phrase, Query

SNIPPET = 240
"""Characters of a snippet: two or three lines of a card."""

LEAD = 60
"""Characters before the first mark."""

MAX_SEARCHED = 60_000
"""Characters of a story in which the snippet is looked for."""


class Span(NamedTuple):
    """A place in a text where ``phrase`` was found."""

    start: int
    end: int
    phrase: Phrase


@dataclass(frozen=True)
class Hit:
    """One result. ``headline`` and ``snippet`` are HTML: escaped text with ``<mark>`` round what was found."""

    article: Article
    headline: SafeString
    snippet: SafeString


def hit_of(article: Article, query: Query) -> Hit:
    """The article with marks; its standfirst where that holds as much as any part of the story."""
    headline = normal(article.headline)
    standfirst = normal(article.standfirst)
    in_standfirst = spans(standfirst, query)
    body = normal(article.body_text[:MAX_SEARCHED])
    in_body = spans(body, query) if len(_different(in_standfirst)) < len(query.groups) else []
    start = _densest(in_body)
    best = [span for span in in_body if start <= span.start < start + SNIPPET - LEAD]
    if standfirst and len(_different(in_standfirst)) >= len(_different(best)):
        snippet = mark(standfirst, in_standfirst)
    else:
        snippet = _excerpt(body, start, in_body)
    return Hit(article, mark(headline, spans(headline, query)), snippet)


def spans(text: str, query: Query) -> list[Span]:
    """Where the query's phrases stand in the ``normal`` text, in order."""
    found = list(terms(text))
    by_first: dict[str, list[Phrase]] = {}
    beginnings = [phrase for phrase in query.phrases() if phrase.prefix and len(phrase.words) == 1]
    for phrase in query.phrases():
        by_first.setdefault(phrase.words[0], []).append(phrase)
    spans = []
    for place, term in enumerate(found):
        possible = [*by_first.get(term.word, ()), *(p for p in beginnings if term.word.startswith(p.words[0]))]
        for phrase in possible:
            end = _end(phrase, found, place)
            if end:
                spans.append(Span(term.start, end, phrase))
    return spans


def mark(text: str, found: Iterable[Span]) -> SafeString:
    """The escaped text with ``<mark>`` round every span; overlapping ones become one."""
    pieces: list[SafeString] = []
    done = 0
    for start, end in _merged(found):
        pieces.append(format_html("{}<mark>{}</mark>", text[done:start], text[start:end]))
        done = end
    return format_html_join("", "{}", ((piece,) for piece in (*pieces, text[done:])))


def _end(phrase: Phrase, found: list[Term], place: int) -> int:
    """Where the phrase that begins at ``found[place]`` ends in the text; 0 when it does not stand there."""
    here = found[place : place + len(phrase.words)]
    if len(here) < len(phrase.words):
        return 0
    *whole, last = phrase.words
    fits = here[-1].word.startswith(last) if phrase.prefix else here[-1].word == last
    return here[-1].end if fits and all(a.word == b for a, b in zip(here, whole, strict=False)) else 0


def _different(found: Iterable[Span]) -> set[str]:
    return {span.phrase.words[0] for span in found}


def _densest(found: list[Span]) -> int:
    """The start of the window of a snippet's length that holds the most different words; the first of equals."""
    best, start, first = 0, 0, 0
    for last, span in enumerate(found):
        while span.end - found[first].start > SNIPPET - LEAD and first < last:
            first += 1
        different = len(_different(found[first : last + 1]))
        if different > best:
            best, start = different, found[first].start
    return start


def _excerpt(text: str, start: int, found: list[Span]) -> SafeString:
    """About ``SNIPPET`` characters round ``start``, cut between words."""
    first = _word_border(text, max(start - LEAD, 0)) if start > LEAD else 0
    last = first + SNIPPET
    if last < len(text):
        last = max(text.rfind(" ", start + 1, last), text.rfind("\n", start + 1, last))
        last = last if last > first + SNIPPET // 2 else first + SNIPPET
    inside = [
        Span(span.start - first, span.end - first, span.phrase)
        for span in found
        if span.start >= first and span.end <= last
    ]
    marked = mark(text[first:last], inside)
    return format_html("{}{}{}", "… " if first else "", marked, " …" if last < len(text) else "")


def _word_border(text: str, place: int) -> int:
    """The start of the next word, or ``place`` where no blank follows soon."""
    blank = text.find(" ", place, place + LEAD // 2)
    return blank + 1 if blank >= 0 else place


def _merged(found: Iterable[Span]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end, _phrase in sorted(found, key=lambda span: (span.start, span.end)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
