"""The comments on one story as a feed."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from comments.markup import text_of
from comments.models import Comment
from pagecache.reading import depends_on
from syndication.addresses import absolute
from syndication.published.content import clean
from syndication.published.feed import Entry, Feed, Person
from syndication.text import plain, summary


def comments_feed(article: Article, own: str) -> Feed:
    """The newest approved comments, their keys noted; ``own`` is the path of the feed. One query."""
    depends_on(f"comments:{article.pk}")
    found = Comment.objects.approved().filter(article=article).order_by("-created_at", "-id")
    title = _("Comments on “%(headline)s”") % {"headline": article.headline}
    entries = [_entry(comment) for comment in found[: settings.FEED_ITEMS]]
    return Feed(title, settings.SITE_NAME, article.get_absolute_url(), own, entries)


def _entry(comment: Comment) -> Entry:
    address = absolute(reverse("comments:permalink", args=[comment.pk]))
    written = timezone.localtime(comment.created_at)
    return Entry(
        identity=address,
        url=address,
        title=plain(comment.name),
        summary=summary("", comment.text),
        published=written,
        updated=max(written, timezone.localtime(comment.edited_at)) if comment.edited_at else written,
        html=clean(text_of(comment)),
        people=[Person(plain(comment.name))],
    )
