"""The HTML of comments, written without a template per row: an article may have thousands."""

from collections.abc import Iterable
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from articles.page_markup import moment_text
from comments.models import Comment
from comments.plain_text import LINK_RELATION, PAID, colleagues_link, is_web_address, neutral, render
from comments.threads import Node
from pagecache.addresses import address


def signature(comment: Comment) -> SafeString:
    """The writer's name, linked to their website where there is one."""
    name = f"<bdi>{escape(neutral(comment.name))}</bdi>"
    if comment.website and is_web_address(comment.website):
        name = f'<a class="comment__website" href="{escape(neutral(comment.website))}" rel="{LINK_RELATION}">{name}</a>'
    return mark_safe(name)  # noqa: S308 - escaped above


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
        self.reply_url = address("comments:article", article.pk) if is_open else ""
        self.staff = escape(_("Staff"))
        self.reply = escape(_("Reply"))
        self.reply_to = _("Reply to %(name)s")
        self.answers = escape(_("In reply to"))
        self.gone = escape(_("The comment answered here is no longer shown."))
        self.taken_back = escape(_("This comment was taken back by its writer."))
        self.report = escape(_("Report"))
        self.report_by = _("Report the comment by %(name)s")
        self.report_url = address("comments:report", 0)
        self.pick = escape(_("Staff pick"))
        self.edited = escape(_("edited"))
        self.edited_here = escape(_("edited by the newsroom"))
        self.permalink = address("comments:permalink", 0)

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
            words = self.taken_back if node.taken_back else self.gone
            return f'<p class="comment comment--gone" id="comment-{node.id}">{words}</p>'
        kind = (" comment--staff" if comment.staff_id else "") + (" comment--pick" if comment.featured else "")
        return (
            f'<article class="comment{kind}" id="comment-{node.id}" aria-labelledby="comment-{node.id}-by">'
            f"{self._meta(comment)}{self._answered(node)}"
            f'<div class="comment__text">{text_of(comment)}</div>{self._actions(comment)}</article>'
        )

    def _meta(self, comment: Comment) -> str:
        badge = f' <span class="comment__badge">{self.staff}</span>' if comment.staff_id else ""
        if comment.featured:
            badge += f' <span class="comment__badge comment__badge--pick">{self.pick}</span>'
        written = timezone.localtime(comment.created_at)
        return (
            f'<header class="comment__meta"><b class="comment__author" id="comment-{comment.pk}-by">'
            f"{signature(comment)}</b>{badge} "
            f'<a class="comment__permalink" href="{self._address(comment)}">'
            f'<time datetime="{written.isoformat(timespec="seconds")}" data-relative>'
            f"{escape(moment_text(written, 'DATETIME_FORMAT'))}</time></a>{self._edited(comment)}</header>"
        )

    def _address(self, comment: Comment) -> str:
        return self.permalink.replace("/0/", f"/{comment.pk}/")

    def _edited(self, comment: Comment) -> str:
        if comment.edited_at is None:
            return ""
        return f' <span class="comment__edited">{self.edited_here if comment.edited_by_staff else self.edited}</span>'

    def _answered(self, node: Node) -> str:
        if node.answered is None:
            return ""
        name = escape(neutral(node.answered.name))
        link = f'<a href="{self._address(node.answered)}"><bdi>{name}</bdi></a>'
        return f'<p class="comment__answers">{self.answers} {link}</p>'

    def _actions(self, comment: Comment) -> str:
        name = neutral(comment.name)
        reply = self._reply(comment, name) if self.reply_url else ""
        address = self.report_url.replace("/0/", f"/{comment.pk}/")
        label = escape(self.report_by % {"name": name})
        return (
            f'<p class="comment__actions">{reply}<a class="comment__report" rel="nofollow" href="{address}" '
            f'data-report aria-label="{label}">{self.report}</a></p>'
        )

    def _reply(self, comment: Comment, name: str) -> str:
        label = escape(self.reply_to % {"name": name})
        return (
            f'<a class="comment__reply" rel="nofollow" href="{self.reply_url}?reply_to={comment.pk}#respond" '
            f'data-reply-to="{comment.pk}" data-reply-name="{escape(name)}" aria-label="{label}">{self.reply}</a> '
        )
