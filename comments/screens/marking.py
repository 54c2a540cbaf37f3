"""A reader's words with a few of them marked; everything in them inert."""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from comments.plain_text import neutral, render

AROUND = 240
"""Characters shown before and after the marked words; the whole comment stands on its own page."""


def marked(text: str, span: tuple[int, int] | None) -> SafeString:
    """The passage with the characters of ``span`` marked; the beginning of the text without one."""
    if span is None:
        return render(text if len(text) <= 2 * AROUND else f"{text[: 2 * AROUND]}…")
    start, end = span
    begins, ends = max(0, start - AROUND), min(len(text), end + AROUND)
    before, after = "…" * (begins > 0), "…" * (ends < len(text))
    pieces = (before + text[begins:start], text[start:end], text[end:ends] + after)
    lead, words, rest = (escape(neutral(piece)).replace("\n", "<br>") for piece in pieces)
    return mark_safe(f'<p dir="auto">{lead}<mark>{words}</mark>{rest}</p>')  # noqa: S308 - every piece is escaped
