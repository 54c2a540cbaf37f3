"""The HTML of comments, written without a template per row: an article may have thousands."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django.core.signals import setting_changed
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from articles.models import Article
from articles.page_markup import Moments
from comments.models import Comment
from comments.plain_text import LINK_RELATION, PAID, colleagues_link, is_web_address, neutral, render
from comments.threads import Node
from pagecache.addresses import address

KEPT = 10_000
"""Comments a process remembers as HTML, of about a kilobyte each: a page made anew has few that are new."""


def signature(comment: Comment) -> SafeString:
    """The writer's name, linked to their website where there is one."""
    return mark_safe(_signature(escape(neutral(comment.name)), comment.website))  # noqa: S308 - escaped


def _signature(escaped: str, website: str) -> str:
    name = f"<bdi>{escaped}</bdi>"
    if website and is_web_address(website):
        name = f'<a class="comment__website" href="{escape(neutral(website))}" rel="{LINK_RELATION}">{name}</a>'
    return name


class Words(NamedTuple):
    """What stands at every comment in one language, as HTML; ``…_to`` and ``…_by`` are labels that take a name."""

    staff: str
    pick: str
    reply: str
    reply_to: str
    answers: str
    gone: str
    taken_back: str
    report: str
    report_by: str
    edited: str
    edited_here: str


@lru_cache(maxsize=64)
def _words(_language: str | None) -> Words:
    return Words(
        staff=escape(_("Staff")),
        pick=escape(_("Staff pick")),
        reply=escape(_("Reply")),
        reply_to=escape(_("Reply to %(name)s")),
        answers=escape(_("In reply to")),
        gone=escape(_("The comment answered here is no longer shown.")),
        taken_back=escape(_("This comment was taken back by its writer.")),
        report=escape(_("Report")),
        report_by=escape(_("Report the comment by %(name)s")),
        edited=escape(_("edited")),
        edited_here=escape(_("edited by the newsroom")),
    )


class Shown(NamedTuple):
    """All that a comment shows of itself."""

    id: int
    name: str
    website: str
    text: str
    is_staff: bool
    is_pick: bool
    written: datetime
    edited: bool
    edited_by_staff: bool
    answered: tuple[int, str] | None
    """The comment it answers and its writer, where that is not simply the one above it."""


def _shown(node: Node, comment: Comment) -> Shown:
    answered = node.answered
    return Shown(
        node.id,
        comment.name,
        comment.website,
        comment.text,
        comment.staff_id is not None,
        comment.featured,
        comment.created_at,
        comment.edited_at is not None,
        comment.edited_by_staff,
        None if answered is None else (answered.id, answered.name),
    )


def text_of(comment: Comment) -> str:
    """The words; a colleague's links to shops that pay us are marked, and disclosed where they stand."""
    return _text(comment.text, comment.staff_id is not None)


def _text(text: str, is_staff: bool) -> str:
    if not is_staff:
        return render(text)
    rendered = render(text, colleagues_link)
    if f'rel="{PAID} ' not in rendered:
        return rendered
    words = escape(_("Affiliate links: we may earn a commission if you buy through them."))
    return f'{rendered}<p class="comment__paid">{words}</p>'


class Frame(NamedTuple):
    """What the comments of one article share."""

    words: Words
    moments: Moments
    permalink: tuple[str, str]
    report: tuple[str, str]
    reply: str
    """Where a reply goes; empty where none is taken."""

    def comment(self, shown: Shown) -> str:
        """The comment as HTML, without its replies."""
        kind = (" comment--staff" if shown.is_staff else "") + (" comment--pick" if shown.is_pick else "")
        name = escape(neutral(shown.name))
        return (
            f'<article class="comment{kind}" id="comment-{shown.id}" aria-labelledby="comment-{shown.id}-by">'
            f'{self._meta(shown, name)}{self._answered(shown)}<div class="comment__text">'
            f"{_text(shown.text, shown.is_staff)}</div>{self._actions(shown, name)}</article>"
        )

    def _meta(self, shown: Shown, name: str) -> str:
        badge = f' <span class="comment__badge">{self.words.staff}</span>' if shown.is_staff else ""
        if shown.is_pick:
            badge += f' <span class="comment__badge comment__badge--pick">{self.words.pick}</span>'
        written = self.moments.local(shown.written)
        return (
            f'<header class="comment__meta"><b class="comment__author" id="comment-{shown.id}-by">'
            f"{_signature(name, shown.website)}</b>{badge} "
            f'<a class="comment__permalink" href="{self._address(shown.id)}">'
            f'<time datetime="{written.isoformat(timespec="seconds")}" data-relative>'
            f"{escape(self.moments.text(written))}</time></a>{self._edited(shown)}</header>"
        )

    def _address(self, comment_id: int) -> str:
        before, behind = self.permalink
        return f"{before}/{comment_id}/{behind}"

    def _edited(self, shown: Shown) -> str:
        if not shown.edited:
            return ""
        words = self.words.edited_here if shown.edited_by_staff else self.words.edited
        return f' <span class="comment__edited">{words}</span>'

    def _answered(self, shown: Shown) -> str:
        if shown.answered is None:
            return ""
        answered, name = shown.answered
        link = f'<a href="{self._address(answered)}"><bdi>{escape(neutral(name))}</bdi></a>'
        return f'<p class="comment__answers">{self.words.answers} {link}</p>'

    def _actions(self, shown: Shown, name: str) -> str:
        before, behind = self.report
        reply = self._reply(shown.id, name) if self.reply else ""
        return (
            f'<p class="comment__actions">{reply}<a class="comment__report" rel="nofollow" '
            f'href="{before}/{shown.id}/{behind}" '
            f'data-report aria-label="{self.words.report_by % {"name": name}}">{self.words.report}</a></p>'
        )

    def _reply(self, comment_id: int, name: str) -> str:
        return (
            f'<a class="comment__reply" rel="nofollow" href="{self.reply}?reply_to={comment_id}#respond" '
            f'data-reply-to="{comment_id}" data-reply-name="{name}" '
            f'aria-label="{self.words.reply_to % {"name": name}}">{self.words.reply}</a> '
        )


@lru_cache(maxsize=KEPT)
def _kept(frame: Frame, shown: Shown) -> str:
    return frame.comment(shown)


def _comment(frame: Frame, shown: Shown) -> str:
    """The comment as HTML. One with an address is made anew: whether a shop pays us for it may change."""
    return frame.comment(shown) if "://" in shown.text else _kept(frame, shown)


class ThreadMarkup:
    """Renders the nodes of one article; words and addresses are looked up once, not per row."""

    def __init__(self, article: Article, *, is_open: bool) -> None:
        self.frame = Frame(
            _words(get_language()),
            Moments.present("DATETIME_FORMAT"),
            _around("comments:permalink"),
            _around("comments:report"),
            address("comments:article", article.pk) if is_open else "",
        )

    def render(self, nodes: Iterable[Node]) -> SafeString:
        """A list of ``nodes`` with all their replies."""
        return mark_safe(self._list(nodes, "comments__list"))  # noqa: S308 - each part is escaped

    def _list(self, nodes: Iterable[Node], css_class: str) -> str:
        items = "".join(f"<li>{self._item(node)}{self._replies(node)}</li>" for node in nodes)
        return f'<ol class="{css_class}">{items}</ol>'

    def _replies(self, node: Node) -> str:
        if not node.replies:
            return ""
        replies = self._list(node.replies, "comments__replies")
        if node.depth:
            return replies
        number = sum(below.comment is not None for below in node.walk()) - (node.comment is not None)
        words = _number_of_replies(number, self.frame.moments.language)
        return f'<details class="comments__branch" open><summary>{words}</summary>{replies}</details>'

    def _item(self, node: Node) -> str:
        if node.comment is not None:
            return _comment(self.frame, _shown(node, node.comment))
        words = self.frame.words.taken_back if node.taken_back else self.frame.words.gone
        return f'<p class="comment comment--gone" id="comment-{node.id}">{words}</p>'


@lru_cache(maxsize=512)
def _number_of_replies(number: int, _language: str | None) -> str:
    return escape(ngettext("%d reply", "%d replies", number) % number)


def _around(name: str) -> tuple[str, str]:
    """What stands before and behind the id of a comment in an address."""
    before, behind = address(name, 0).split("/0/")
    return before, behind


def _forget(**_kwargs: Any) -> None:
    _kept.cache_clear()


setting_changed.connect(_forget, dispatch_uid="comments.markup")
