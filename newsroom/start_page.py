"""The start page: what waits for whoever signed in, in as few queries as there are lists."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Coalesce, Greatest
from django.template.defaultfilters import date as format_date
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Status
from articles.models.article import ArticleQuerySet
from articles.permissions import may_write
from comments import figures
from comments.models import Comment
from people.models import User

SHOWN = 6
"""Rows a list shows; its link leads to the others."""


@dataclass(frozen=True)
class Row:
    """One article on the start page."""

    headline: str
    url: str
    moment: datetime | None
    when: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Worklist:
    """One heading with its articles."""

    name: str
    title: str
    rows: list[Row]
    more_url: str
    empty: str

    @property
    def more(self) -> bool:
        """Whether there are articles that are not shown."""
        return len(self.rows) > SHOWN

    @property
    def shown(self) -> list[Row]:
        """What stands on the page."""
        return self.rows[:SHOWN]


@dataclass(frozen=True)
class Waiting:
    """The moderators' queue in a few figures."""

    count: int
    oldest: datetime | None
    url: str
    promised: str = ""
    """What readers are told of the wait; empty without a promise."""

    reported: int = 0
    appeals: int = 0


@dataclass
class Desk:
    """What one person's start page shows."""

    now: datetime
    name: str
    waiting: Waiting | None = None
    moderates_first: bool = False
    work: list[Worklist] = field(default_factory=list)
    outlook: list[Worklist] = field(default_factory=list)
    actions: list[tuple[str, str]] = field(default_factory=list)
    """Addresses and words of the primary buttons, the most usual first."""


def desk_of(user: User) -> Desk:
    """The start page for ``user``: only what they may open, moderation first for those who only moderate."""
    desk = Desk(now=timezone.now(), name=str(user))
    writes = may_write(user)
    if user.has_perm("comments.moderate_comment"):
        desk.waiting = _waiting()
        desk.moderates_first = not writes
    if user.has_perm("articles.view_article"):
        mine = Q() if user.has_perm("articles.edit_others_article") else Q(created_by=user.pk)
        desk.work = _work(user, mine) if writes else []
        desk.outlook = _outlook(mine, writes)
    desk.actions = _actions(user)
    return desk


def _waiting() -> Waiting:
    queue = Comment.objects.pending().order_by().aggregate(count=Count("pk"), oldest=Min("waiting_since"))
    reported, appealed = Q(open_reports__gt=0), Q(appealed_at__isnull=False)
    asked = Comment.objects.filter(reported | appealed).order_by()
    promised = figures.in_words(figures.promise())
    return Waiting(
        count=queue["count"],
        oldest=queue["oldest"],
        url=reverse("admin:comments_comment_changelist"),
        promised=promised,
        **asked.aggregate(reported=Count("pk", filter=reported), appeals=Count("pk", filter=appealed)),
    )


def _work(user: User, mine: Q) -> list[Worklist]:
    """What somebody has to do something about."""
    articles = _for_list()
    drafts = articles.filter(status=Status.DRAFT, created_by=user.pk).order_by("-latest__made_at", "-id")
    review = articles.filter(mine, status=Status.IN_REVIEW).order_by("latest__made_at", "id")
    changed = articles.filter(mine, status__in=(Status.PUBLISHED, Status.SCHEDULED), live__isnull=False)
    changed = changed.exclude(latest=F("live")).order_by("-latest__made_at", "-id")
    return [
        Worklist(
            "review",
            _("Waiting for review"),
            _rows(review, "saved"),
            _all("status__exact=in_review"),
            _("Nothing waits for review."),
        ),
        Worklist(
            "drafts",
            _("Your drafts"),
            _rows(drafts, "saved"),
            _all("status__exact=draft&whose=mine"),
            _("You have no drafts. A new article starts here as soon as you save it."),
        ),
        Worklist(
            "changes",
            _("Changes readers do not see yet"),
            _rows(changed, "saved"),
            _all("missing=changes"),
            _("Readers see the newest version of everything."),
        ),
    ]


def _outlook(mine: Q, writes: bool) -> list[Worklist]:
    """What goes out by itself, and what went out."""
    published = _for_list().public().newest_first()
    recent = Worklist(
        "published",
        _("Recently published"),
        _rows(published, "public"),
        _all("status__exact=published"),
        _("Nothing is published yet."),
    )
    if not writes:
        return [recent]
    appears_at = Greatest("publish_at", Coalesce("embargo_until", "publish_at"))
    coming = _for_list().filter(mine).coming().annotate(moment=appears_at).order_by("moment", "id")
    scheduled = Worklist(
        "scheduled",
        _("Scheduled"),
        _rows(coming, "appears"),
        _all("status__exact=scheduled"),
        _("Nothing is scheduled. Give an article a time under “When” and publish it: it appears by itself."),
    )
    return [scheduled, recent]


def _for_list() -> ArticleQuerySet:
    """Articles with just what a row prints."""
    return (
        Article.objects.for_desk()
        .select_related("section")
        .only(
            *("headline", "slug", "status", "publish_at", "embargo_until", "section__name"),
            *("latest__headline", "latest__made_at", "latest__section__name"),
            *("latest__made_by__name", "latest__made_by__email"),
        )
    )


def _rows(articles: ArticleQuerySet, what: str) -> list[Row]:
    return [_row(article, what) for article in articles[: SHOWN + 1]]


def _row(article: Any, what: str) -> Row:
    latest = article.latest
    section = latest.section if latest and what != "public" else article.section
    about = [section]
    moment = latest.made_at if latest else None
    if what == "public":
        moment = article.publish_at
    elif what == "appears":
        moment = article.moment
        about += [_("under embargo")] if article.embargo_until and article.embargo_until > timezone.now() else []
    elif latest:
        about += [latest.made_by]
    url = reverse("admin:articles_article_change", args=[article.pk])
    headline = article.headline if what == "public" else str(article)
    return Row(headline, url, moment, when(moment), tuple(str(part) for part in about if part))


def when(moment: datetime | None) -> str:
    """A moment for a narrow margin: with its weekday when it is near, with its date when it is not."""
    if moment is None:
        return ""
    local, now = timezone.localtime(moment), timezone.localtime()
    if local.date() == now.date():
        return _("Today %(time)s") % {"time": format_date(local, "H:i")}
    if abs(local.date() - now.date()) < timedelta(days=7):
        return format_date(local, "D H:i")
    if local > now:
        return format_date(local, "D j M H:i")
    return format_date(local, "j M" if local.year == now.year else "j M Y")


def _all(query: str) -> str:
    return f"{reverse('admin:articles_article_changelist')}?{query}"


def _actions(user: User) -> list[tuple[str, str]]:
    wanted = (
        ("articles.add_article", ("admin:articles_article_add",), _("New article")),
        ("images.add_image", ("admin:images_image_upload", "admin:images_image_add"), _("Upload pictures")),
        ("comments.moderate_comment", ("admin:comments_comment_changelist",), _("Moderate comments")),
    )
    return [(_first(names), words) for permission, names, words in wanted if user.has_perm(permission)]


def _first(names: tuple[str, ...]) -> str:
    """The first of these addresses that exists."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""
