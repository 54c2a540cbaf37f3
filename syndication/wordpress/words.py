"""Plain words out of what WordPress keeps as HTML: titles, captions, comments."""

import html
import re

import nh3

_LINK = re.compile(r"""<a\s[^<>]*?href\s*=\s*["']?(https?://[^\s"'<>]+)[^<>]*>([^<>]*)</a>""", re.IGNORECASE)
_BREAK = re.compile(r"<br[\s/]*>\n?", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</(?:p|div|li|blockquote|pre)\s*>", re.IGNORECASE)
_HIDDEN = {"script", "style", "title", "textarea", "iframe", "noscript"}
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def plain(text: str) -> str:
    """One line of words."""
    return " ".join(_bare(text).split())


def lines(text: str) -> str:
    """Words with their line ends and paragraphs; an address that stood behind a word follows it in brackets."""
    text = _LINK.sub(lambda link: link[1] if link[2].strip() in link[1] else f"{link[2]} ({link[1]})", text)
    text = _BREAK.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"\n{3,}", "\n\n", _bare(_PARAGRAPH.sub("\n\n", text))).strip()


def _bare(text: str) -> str:
    text = _UNSTORABLE.sub("", text)
    if "<" in text or "&" in text:
        text = html.unescape(nh3.clean(text, tags=set(), clean_content_tags=_HIDDEN))
        text = _UNSTORABLE.sub("", text)
    return text
