"""What the queue's page and its parts show."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from articles.models import Section
from comments import moderation
from comments.about import Known
from comments.desk.asked import Asked, Order, Tab
from comments.desk.counts import Counted, tab_counts
from comments.desk.listing import LOOKED_THROUGH, PAGE, looked_through_to, matching, screen
from comments.desk.rows import Row, rows_of
from comments.models import ModerationEntry, Reason
from comments.pipeline.findings import Code
from people.models import User

MOST_ARTICLES = 15
LOOKED_AT = 2_000
"""Comments of the tab among which those articles are found that have the most."""

ROWS = "admin/comments/desk/_rows.html"


@dataclass(frozen=True)
class Listed:
    """The rows of a screen, and the address of the next."""

    rows: list[Row]
    next: str = ""
    known: Known = field(default_factory=dict)


def listed(request: HttpRequest, asked: Asked, only: list[int] | None = None, also: Iterable[int] = ()) -> Listed:
    """The rows asked for, as whoever asks may see them; and articles by name, those of ``also`` among them."""
    may_moderate = moderation.may_moderate(user_of(request))
    end = looked_through_to(asked) if only is None else None
    comments = screen(asked, by_email=may_moderate, only=only, end=end)
    rows, known = rows_of(comments[:PAGE], asked, actor=user_of(request), by_email=may_moderate, also=also)
    behind = rows[-1].cursor if len(comments) > PAGE else end
    return Listed(rows, asked.query(after=behind) if behind else "", known)


def drawn(request: HttpRequest, asked: Asked, rows: list[Row]) -> dict[str, Any]:
    """Rows for the module: which they are, where each stands, and their HTML."""
    html = render_to_string(ROWS, {**_shared(request, asked), "rows": rows}, request) if rows else ""
    return {"rows": [{"id": row.comment.pk, "cursor": row.cursor} for row in rows], "html": html}


def page_context(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Everything on the queue's page."""
    since = timezone.now()
    busiest = _busiest(asked)
    shown = listed(request, asked, also=busiest)
    counts = tab_counts()
    return {
        **_shared(request, asked),
        "rows": shown.rows,
        "next": shown.next,
        "looked_through": number_format(LOOKED_THROUGH, use_l10n=True, force_grouping=True),
        "tabs": _tabs(asked, counts),
        "orders": [(order, asked.query(order=order), order == asked.order) for order in Order],
        "codes": [("-", _("nothing was found")), *Code.choices],
        "sections": Section.objects.values_list("pk", "name"),
        "articles": [(pk, shown.known[pk]) for pk in busiest if pk in shown.known],
        "reasons": list(enumerate(Reason.choices, start=1)),
        "last_decided": None if shown.rows else _last_decided(),
        "can_undo": moderation.last_batch(user_of(request)) if may_moderate(request) else None,
        "since": since.isoformat(),
        "descending": asked.sorted_by[1],
    }


def may_moderate(request: HttpRequest) -> bool:
    """Whether whoever asks may decide."""
    return moderation.may_moderate(user_of(request))


def counts_in_words() -> dict[str, str]:
    """Each tab's count as it is shown."""
    return {str(tab): str(count) for tab, count in tab_counts().items()}


def _shared(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    return {
        "asked": asked,
        "back": asked.query(after=asked.after),
        "may_moderate": may_moderate(request),
        "here": reverse("admin:comments_comment_changelist"),
        "decisions_url": reverse("admin:comments_comment_decisions"),
    }


def _tabs(asked: Asked, counts: dict[Tab, Counted]) -> list[dict[str, Any]]:
    return [
        {"tab": tab, "query": Asked(tab=tab, order=asked.order).query(), "count": counts[tab], "here": tab == asked.tab}
        for tab in Tab
    ]


def _busiest(asked: Asked) -> list[int]:
    """The articles with the most comments in this tab, and the chosen one."""
    name, descending = asked.sorted_by
    rows = matching(Asked(tab=asked.tab)).order_by(f"-{name}" if descending else name)  # in the order of an index
    ids = Counter(rows.values_list("article_id", flat=True)[:LOOKED_AT])
    wanted = [pk for pk, _number in ids.most_common(MOST_ARTICLES)] + [asked.article or 0]
    return list(dict.fromkeys(wanted))


def _last_decided() -> ModerationEntry | None:
    decided = ModerationEntry.objects.filter(by__isnull=False, kind=ModerationEntry.Kind.DECIDE)
    return decided.order_by("-at").first()


def user_of(request: HttpRequest) -> User:
    """Who asks: always the person signed in, never the system."""
    return cast("User", request.user)
