"""An article's comments page by page, in the order a reader chose."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import BigAutoField, Case, CharField, Subquery, When
from django.db.models.functions import Coalesce

from articles.models import Article
from comments import figures, outlines
from comments.models import Comment, State
from comments.outline import Cuts, Order, Outline, Stub
from comments.threads import Node
from pagecache.addresses import address
from pagecache.models import Key
from pagecache.prepared import Prepared

SHOWN_FIELDS = (
    "id",
    "article_id",
    "parent_id",
    "answers_id",
    "name",
    "website",
    "text",
    "staff_id",
    "created_at",
    "featured",
    "edited_at",
    "edited_by_staff",
)


NO_COMMENTS = Outline((), 0)


@dataclass
class Threads:
    """All threads of an article, cut into pages of about ``COMMENTS_PER_PAGE`` comments."""

    article: Article
    order: Order
    outline: Outline
    known: dict[int, Comment] = field(default_factory=dict)
    """Comments that were read with the outline, by their ids."""

    @property
    def count(self) -> int:
        """How many comments there are."""
        return self.outline.count

    @property
    def cuts(self) -> Cuts:
        """Where its pages begin."""
        return self.outline.cuts(self.order, settings.COMMENTS_PER_PAGE)

    @property
    def last(self) -> int:
        """How many pages there are."""
        return len(self.cuts.pages) - 1

    def promise(self) -> timedelta | None:
        """Within what time a comment is usually decided; one query where no comment was read, with which it came."""
        row: Any = next(iter(self.known.values()), None)
        return figures.promise() if row is None else figures.promised(row.promise)

    def number_of(self, comment_id: int) -> int | None:
        """The page a comment stands on, counted from 1; ``None`` where it is not shown."""
        return self.outline.page_of(comment_id, self.cuts)

    def shown(self, number: int) -> list[Node]:
        """The roots of one page with their comments: what belongs on it, and what that hangs on.

        One query for what is not ``known``.
        """
        roots = self.outline.grown(self.outline.page(self.cuts, number))
        nodes = [node for root in roots for node in root.walk()]
        wanted = {*(node.id for node in nodes), *(node.answers for node in nodes if node.answers)}
        comments = self.known | _fetched(wanted - self.known.keys())
        for node in nodes:
            _fill(node, comments)
        return roots

    def address(self, number: int = 1, order: Order | None = None) -> str:
        """Where a page is: the first in the usual order is the article itself."""
        order = order or self.order
        if number == 1 and order is Order.OLDEST:
            return f"{self.article.get_absolute_url()}#comments"
        query = [f"order={order}"] if order is not Order.OLDEST else []
        query += [f"page={number}"] if number > 1 else []
        return f"{address('comments:thread', self.article.pk)}?{'&'.join(query)}#comments"


def threads_of(article: Article, order: Order = Order.OLDEST) -> Threads:
    """The threads of an article: one query where all fit on a page or stand as they stood, else another of all.

    With them comes the promise: a statement less.
    """
    first: list[Any] = _FIRST.rows(article=article.pk, key=f"comments:{article.pk}")
    if not first:
        return Threads(article, order, NO_COMMENTS)
    all_fit = len(first) <= settings.COMMENTS_PER_PAGE
    read = partial(map, _stub, first) if all_fit else partial(_STUBS.rows, article=article.pk)
    outline = outlines.kept(article.pk, first[0].version, read)
    return Threads(article, order, outline, {row.pk: row for row in first})


def _stub(row: Comment) -> Stub:
    return Stub(row.pk, row.parent_id or 0, row.answers_id or 0, row.featured)


def _fetched(ids: set[int]) -> dict[int, Comment]:
    if not ids:
        return {}
    return {row.pk: row for row in _SHOWN.rows(ids=list(ids))}


_FIRST: Prepared[Comment] = Prepared(
    lambda article, key: (
        Comment.objects.approved()
        .filter(article=article)
        .only(*SHOWN_FIELDS, "state")
        .annotate(promise=figures.PROMISED, version=Subquery(Key.objects.filter(name=key).values("version")))
        .order_by("created_at", "id")[: settings.COMMENTS_PER_PAGE + 1]
    ),
    article=BigAutoField(),
    key=CharField(),
)

_PICKED = Case(When(featured=True, then=1), default=0, output_field=BigAutoField())
"""A number, of a field that Django has nothing to say about: what it does for each row took longer than the query."""

_STUBS = Prepared(
    lambda article: (
        Comment.objects.approved()
        .filter(article=article)
        .order_by("created_at", "id")
        .values_list("id", Coalesce("parent_id", 0), Coalesce("answers_id", 0), _PICKED)
    ),
    article=BigAutoField(),
)

_SHOWN: Prepared[Comment] = Prepared(
    lambda ids: Comment.objects.filter(pk__in=ids, state__in=[State.APPROVED, State.WITHDRAWN]).only(
        *SHOWN_FIELDS, "state"
    ),
    ids=[BigAutoField()],
)


def _fill(node: Node, comments: dict[int, Comment]) -> None:
    here = comments.get(node.id)
    node.taken_back = here is not None and here.state == State.WITHDRAWN
    node.comment = None if node.taken_back else here
    node.answered = comments.get(node.answers) if node.answers else None
