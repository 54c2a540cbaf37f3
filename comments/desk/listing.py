"""Which comments a question finds, a screen at a time; what is alike counts as one and stands where its first would."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Exists, OuterRef, Prefetch, Q, Window, prefetch_related_objects
from django.db.models.functions import RowNumber

from comments.desk.asked import Asked, Cursor, Seen, Tab
from comments.models import Comment, CommentQuerySet, Report, State

PAGE = 30
"""Rows of a screen: about five minutes of a moderator's reading."""

MOST_TOGETHER = 1_000
"""Members of a group that are decided at once; the rest stands as a row again."""

MOST_LISTED = 8
"""Members whose words are shown with the row."""

MOST_ASKED = 200
"""Members of a group whose writers are counted."""

MOST_REDRAWN = 5_000
"""Comments among which the rows are looked for that have changed."""

LOOKED_THROUGH = 10_000
"""Comments in which words are looked for at once; whoever looks on goes further from there."""

MOST_REPORTS = 5
MAX_WORDS = 10

_TABS = {
    Tab.PENDING: Q(state=State.PENDING),
    Tab.REPORTED: Q(open_reports__gt=0) & ~Q(state=State.WITHDRAWN),
    Tab.APPEALS: Q(appealed_at__isnull=False) & ~Q(state=State.WITHDRAWN),
    Tab.SPAM: Q(state=State.SPAM),
    Tab.APPROVED: Q(state=State.APPROVED),
    Tab.REFUSED: Q(state=State.REJECTED),
}


@dataclass
class Group:
    """What stands in one row: all members, first the one that is shown, and the words of some of the others."""

    members: list[Seen] = field(default_factory=list)
    writers: set[str] = field(default_factory=set)
    others: list[Comment] = field(default_factory=list)
    is_capped: bool = False

    @property
    def ids(self) -> list[int]:
        """The ids of all members, in their order."""
        return [member.pk for member in self.members]


def in_tab(tab: Tab) -> CommentQuerySet:
    """All comments of a tab, in no order."""
    return Comment.objects.filter(_TABS[tab])


def matching(asked: Asked, *, by_email: bool = False) -> CommentQuerySet:
    """All that a question is about, in no order. ``by_email``: a search looks at addresses too."""
    rows = in_tab(asked.tab)
    paths = {"article": asked.article, "article__section": asked.section, "cluster": asked.cluster}
    rows = rows.filter(**{path: pk for path, pk in paths.items() if pk is not None})
    if asked.why:
        rows = rows.filter(why="" if asked.why == "-" else asked.why)
    for word in asked.q.split()[:MAX_WORDS]:
        found = Q(text__icontains=word) | Q(name__icontains=word)
        rows = rows.filter(found | Q(email__icontains=word) if by_email else found)
    return rows


def screen(
    asked: Asked, *, by_email: bool = False, only: Iterable[int] | None = None, end: Cursor | None = None
) -> list[Comment]:
    """The rows of one screen and one more, if there are more; or of those ``only`` that stand as a row.

    None of them stands behind the ``end``.
    """
    rows = _behind(_heads(asked, by_email), asked.after, *asked.sorted_by)
    if only is not None:
        rows = rows.filter(pk__in=list(only)[:MOST_REDRAWN])
    if end is not None:
        rows = _as_far_as(rows, end, *asked.sorted_by)
    order = _order(asked)
    open_reports = Report.objects.filter(judged_at__isnull=True).order_by("-at", "-id")[:MOST_REPORTS]
    shown = list(rows.select_related("article__section", "answers", "appeal").order_by(*order)[: PAGE + 1])
    reported = [comment for comment in shown if comment.open_reports]
    prefetch_related_objects(reported, Prefetch("reports", open_reports, to_attr="shown_reports"))
    return shown


def looked_through_to(asked: Asked) -> Cursor | None:
    """Where a search for words ends for now; ``None`` when it reaches the end of the tab, or nothing is searched."""
    if not asked.q:
        return None
    rows = _behind(matching(replace(asked, q="")), asked.after, *asked.sorted_by).order_by(*_order(asked))
    last = rows.values_list(asked.sorted_by[0], "pk")[LOOKED_THROUGH - 1 : LOOKED_THROUGH]
    return next((Cursor(moment, pk) for moment, pk in last), None)


def cursor_of(comment: Comment, asked: Asked) -> Cursor:
    """Where ``comment`` stands in the order asked for."""
    return Cursor(getattr(comment, asked.sorted_by[0]), comment.pk)


def groups_of(heads: Iterable[Comment], asked: Asked, *, by_email: bool = False) -> dict[int, Group]:
    """Each head's group by the head's id, in three queries; a group of one is no group."""
    by_cluster = {head.cluster: head.pk for head in heads if head.cluster is not None and asked.is_grouped}
    groups: dict[int, Group] = defaultdict(Group)
    if not by_cluster:
        return groups
    place = Window(RowNumber(), partition_by="cluster", order_by=["rank_at", "id"])
    rows = matching(asked, by_email=by_email).filter(cluster__in=by_cluster).annotate(place=place)
    members = rows.filter(place__lte=MOST_TOGETHER + 1).order_by("cluster", "rank_at", "id")
    for cluster, pk, edited in members.values_list("cluster", "pk", "edited_at"):
        group = groups[by_cluster[int(cluster or 0)]]
        group.is_capped = len(group.members) == MOST_TOGETHER
        if not group.is_capped:
            group.members.append(Seen(pk, edited))
    _introduce(groups)
    return {pk: group for pk, group in groups.items() if len(group.members) > 1}


def _introduce(groups: dict[int, Group]) -> None:
    """Who wrote what is in the groups, and the words of the first few."""
    looked_at = [pk for group in groups.values() for pk in group.ids[:MOST_ASKED]]
    writers = dict(Comment.objects.filter(pk__in=looked_at).order_by().values_list("pk", "email"))
    wanted = [pk for group in groups.values() for pk in group.ids[1 : MOST_LISTED + 1]]
    listed = Comment.objects.select_related("article__section").in_bulk(wanted)
    for group in groups.values():
        group.writers = {writers[pk] for pk in group.ids[:MOST_ASKED] if pk in writers}
        group.others = [listed[pk] for pk in group.ids[1 : MOST_LISTED + 1] if pk in listed]


def _heads(asked: Asked, by_email: bool) -> CommentQuerySet:
    """What stands as a row: of each group only its first by rank, among those asked for."""
    rows = matching(asked, by_email=by_email)
    if not asked.is_grouped:
        return rows
    earlier = matching(asked, by_email=by_email).filter(
        Q(rank_at__lt=OuterRef("rank_at")) | Q(pk__lt=OuterRef("pk")),
        cluster=OuterRef("cluster"),
        rank_at__lte=OuterRef("rank_at"),
    )
    return rows.filter(~Exists(earlier))


def _behind(rows: CommentQuerySet, cursor: Cursor | None, name: str, descending: bool) -> CommentQuerySet:
    """What comes after the cursor. Written so that an index on moment and id is walked from there."""
    if cursor is None:
        return rows
    way = "lt" if descending else "gt"
    further = Q(**{f"{name}__{way}": cursor.moment}) | Q(**{f"pk__{way}": cursor.pk})
    return rows.filter(further, **{f"{name}__{way}e": cursor.moment})


def _as_far_as(rows: CommentQuerySet, end: Cursor, name: str, descending: bool) -> CommentQuerySet:
    """What comes before the end, and what stands there."""
    way = "gt" if descending else "lt"
    nearer = Q(**{f"{name}__{way}": end.moment}) | Q(**{f"pk__{way}e": end.pk})
    return rows.filter(nearer, **{f"{name}__{way}e": end.moment})


def _order(asked: Asked) -> tuple[str, str]:
    name, descending = asked.sorted_by
    sign = "-" if descending else ""
    return f"{sign}{name}", f"{sign}id"
