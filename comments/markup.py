"""The HTML of comments, written without a template per row: an article may have thousands."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from articles.models import Article
from articles.page_markup import Moments
from comments.models import Comment
from comments.plain_text import LINK_RELATION, PAID, colleagues_link, is_web_address, neutral, render
from comments.threads import Node
from pagecache.addresses import address


def signature(comment: Comment) -> SafeString:
    """The writer's name, linked to their website where there is one."""
    return mark_safe(_signature(comment, escape(neutral(comment.name))))  # noqa: S308 - escaped


def _signature(comment: Comment, escaped: str) -> str:
    name = f"<bdi>{escaped}</bdi>"
    if comment.website and is_web_address(comment.website):
        name = f'<a class="comment__website" href="{escape(neutral(comment.website))}" rel="{LINK_RELATION}">{name}</a>'
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


def text_of(comment: Comment) -> str:
    """The words; a colleague's links to shops that pay us are marked, and disclosed where they stand."""
    if comment.staff_id is None:
        return render(comment.text)
    text = render(comment.text, colleagues_link)
    if f'rel="{PAID} ' not in text:
        return text
    words = escape(_("Affiliate links: we may earn a commission if you buy through them."))
    return f'{text}<p class="comment__paid">{words}</p>'


class ThreadMarkup:
    """Renders the nodes of one article; words and addresses are looked up once, not per row."""

    def __init__(self, article: Article, *, is_open: bool) -> None:
        self.words = _words(get_language())
        self.moments = Moments("DATETIME_FORMAT")
        self.reply_url = address("comments:article", article.pk) if is_open else ""
        self.report_url = address("comments:report", 0).split("/0/")
        self.permalink = address("comments:permalink", 0).split("/0/")

    def render(self, nodes: Iterable[Node]) -> SafeString:
        """A list of ``nodes`` with all their replies."""
        return mark_safe(self._list(nodes, "comments__list"))  # noqa: S308 - each part is escaped

    def _list(self, nodes: Iterable[Node], css_class: str) -> str:
        items = "".join(f"<li>{self._comment(node)}{self._replies(node)}</li>" for node in nodes)
        return f'<ol class="{css_class}">{items}</ol>'

    def _replies(self, node: Node) -> str:
        if not node.replies:
            return ""
        replies = self._list(node.replies, "comments__replies")
        if node.depth:
            return replies
        number = sum(below.comment is not None for below in node.walk()) - (node.comment is not None)
        words = escape(ngettext("%d reply", "%d replies", number) % number)
        return f'<details class="comments__branch" open><summary>{words}</summary>{replies}</details>'

    def _comment(self, node: Node) -> str:
        comment = node.comment
        if comment is None:
            words = self.words.taken_back if node.taken_back else self.words.gone
            return f'<p class="comment comment--gone" id="comment-{node.id}">{words}</p>'
        kind = (" comment--staff" if comment.staff_id else "") + (" comment--pick" if comment.featured else "")
        name = escape(neutral(comment.name))
        return (
            f'<article class="comment{kind}" id="comment-{node.id}" aria-labelledby="comment-{node.id}-by">'
            f"{self._meta(comment, name)}{self._answered(node)}"
            f'<div class="comment__text">{text_of(comment)}</div>{self._actions(comment, name)}</article>'
        )

    def _meta(self, comment: Comment, name: str) -> str:
        badge = f' <span class="comment__badge">{self.words.staff}</span>' if comment.staff_id else ""
        if comment.featured:
            badge += f' <span class="comment__badge comment__badge--pick">{self.words.pick}</span>'
        written = self.moments.local(comment.created_at)
        return (
            f'<header class="comment__meta"><b class="comment__author" id="comment-{comment.pk}-by">'
            f"{_signature(comment, name)}</b>{badge} "
            f'<a class="comment__permalink" href="{self._address(comment)}">'
            f'<time datetime="{written.isoformat(timespec="seconds")}" data-relative>'
            f"{escape(self.moments.text(written))}</time></a>{self._edited(comment)}</header>"
        )

    def _address(self, comment: Comment) -> str:
        before, behind = self.permalink
        return f"{before}/{comment.pk}/{behind}"

    def _edited(self, comment: Comment) -> str:
        if comment.edited_at is None:
            return ""
        words = self.words.edited_here if comment.edited_by_staff else self.words.edited
        return f' <span class="comment__edited">{words}</span>'

    def _answered(self, node: Node) -> str:
        if node.answered is None:
            return ""
        name = escape(neutral(node.answered.name))
        link = f'<a href="{self._address(node.answered)}"><bdi>{name}</bdi></a>'
        return f'<p class="comment__answers">{self.words.answers} {link}</p>'

    def _actions(self, comment: Comment, name: str) -> str:
        reply = self._reply(comment, name) if self.reply_url else ""
        before, behind = self.report_url
        return (
            f'<p class="comment__actions">{reply}<a class="comment__report" rel="nofollow" '
            f'href="{before}/{comment.pk}/{behind}" '
            f'data-report aria-label="{self.words.report_by % {"name": name}}">{self.words.report}</a></p>'
        )

    def _reply(self, comment: Comment, name: str) -> str:
        return (
            f'<a class="comment__reply" rel="nofollow" href="{self.reply_url}?reply_to={comment.pk}#respond" '
            f'data-reply-to="{comment.pk}" data-reply-name="{name}" '
            f'aria-label="{self.words.reply_to % {"name": name}}">{self.words.reply}</a> '
        )
