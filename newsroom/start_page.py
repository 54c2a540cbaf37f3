"""The start page: what waits for whoever signed in, in as few queries as there are lists."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.permissions import may_write
from comments import figures
from comments.desk.asked import Tab
from comments.desk.counts import Counted, tab_counts
from newsroom.article_lists import outlook, work
from newsroom.product_lists import prices
from newsroom.worklists import Worklist
from people.models import User


@dataclass(frozen=True)
class Waiting:
    """The moderators' queue in a few figures."""

    count: Counted
    oldest: datetime | None
    url: str
    promised: str
    """What readers are told of the wait; empty without a promise."""

    reported: Counted
    appeals: Counted


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
        desk.work = [*work(user), *prices(user)] if writes else []
        desk.outlook = outlook(user, writes=writes)
    desk.actions = _actions(user)
    return desk


def _waiting() -> Waiting:
    queue = figures.now()
    counts = tab_counts((Tab.REPORTED, Tab.APPEALS))
    return Waiting(
        count=queue.waiting,
        oldest=queue.oldest,
        url=reverse("admin:comments_comment_changelist"),
        promised=figures.in_words(figures.promise()),
        reported=counts[Tab.REPORTED],
        appeals=counts[Tab.APPEALS],
    )


def _actions(user: User) -> list[tuple[str, str]]:
    wanted = (
        ("articles.add_article", ("admin:articles_article_add",), _("New article")),
        ("images.add_image", ("admin:images_image_upload", "admin:images_image_add"), _("Upload pictures")),
        ("articles.view_article", ("admin:articles_article_calendar",), _("Calendar")),
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
