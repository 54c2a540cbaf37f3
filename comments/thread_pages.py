"""An article's comments page by page, in the order a reader chose."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import BigAutoField, TextChoices
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments import figures
from comments.models import Comment, State
from comments.threads import Node, Stub, grow, stubs_of
from pagecache.addresses import address
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


class Order(TextChoices):
    """In which order threads stand; the answers in a thread are always in the order they were written."""

    OLDEST = "oldest", _("Oldest first")
    NEWEST = "newest", _("Newest first")
    PICKS = "picks", _("Staff picks first")


@dataclass
class Threads:
    """All threads of an article, cut into pages of about ``COMMENTS_PER_PAGE`` comments."""

    article: Article
    order: Order
    roots: list[Node]
    pages: list[list[Node]] = field(default_factory=list)
    """The comments of each page in reading order."""

    known: dict[int, Comment] = field(default_factory=dict)
    """Comments that were read with the shape, by their ids."""

    @property
    def count(self) -> int:
        """How many comments there are."""
        return sum(map(len, self.pages))

    def promise(self) -> timedelta | None:
        """Within what time a comment is usually decided; one query where no comment was read, with which it came."""
        row: Any = next(iter(self.known.values()), None)
        return figures.promise() if row is None else figures.promised(row.promise)

    @property
    def has_picks(self) -> bool:
        """Whether any comment is a staff pick."""
        return any(node.stub and node.stub.featured for page in self.pages for node in page)

    def number_of(self, comment_id: int) -> int | None:
        """The page a comment stands on, counted from 1; ``None`` where it is not shown."""
        for number, page in enumerate(self.pages, start=1):
            if any(node.id == comment_id for node in page):
                return number
        return None

    def shown(self, number: int) -> list[Node]:
        """The roots of one page with their comments: what belongs on it, and what that hangs on.

        One query for what is not ``known``.
        """
        page = self.pages[number - 1] if self.pages else []
        kept = {node for each in page for node in _line(each)}
        wanted = {*(node.id for node in kept), *(node.answers for node in page if node.answers)}
        comments = self.known | _fetched(wanted - self.known.keys())
        return [_pruned(root, kept, comments) for root in self.roots if root in kept]

    def address(self, number: int = 1, order: Order | None = None) -> str:
        """Where a page is: the first in the usual order is the article itself."""
        order = order or self.order
        if number == 1 and order is Order.OLDEST:
            return f"{self.article.get_absolute_url()}#comments"
        query = [f"order={order}"] if order is not Order.OLDEST else []
        query += [f"page={number}"] if number > 1 else []
        return f"{address('comments:thread', self.article.pk)}?{'&'.join(query)}#comments"


def threads_of(article: Article, order: Order = Order.OLDEST) -> Threads:
    """The threads of an article: one query where all fit on a page, else another, of the shape alone.

    With them comes the promise: a statement less.
    """
    first = _FIRST.rows(article=article.pk)
    all_fit = len(first) <= settings.COMMENTS_PER_PAGE
    stubs = map(_stub, first) if all_fit else stubs_of(article.pk)
    roots = in_order(grow(stubs, settings.COMMENT_MAX_DEPTH), order)
    return Threads(article, order, roots, cut(roots, settings.COMMENTS_PER_PAGE), {row.pk: row for row in first})


def _stub(row: Comment) -> Stub:
    return Stub(row.pk, row.parent_id, row.answers_id, row.featured)


def in_order(roots: list[Node], order: Order) -> list[Node]:
    """The roots in the order asked for; they come oldest first."""
    if order is Order.NEWEST:
        return roots[::-1]
    if order is Order.PICKS:
        return sorted(roots, key=lambda root: not any(node.stub and node.stub.featured for node in root.walk()))
    return roots


def cut(roots: Iterable[Node], size: int) -> list[list[Node]]:
    """The comments in pages of at most ``size``; a thread is cut only where it alone is longer than a page."""
    pages: list[list[Node]] = []
    for root in roots:
        thread = [node for node in root.walk() if node.stub]
        if pages and len(pages[-1]) + len(thread) <= size:
            pages[-1] += thread
        else:
            pages += [thread[start : start + size] for start in range(0, len(thread), size)]
    return pages


def _line(node: Node) -> Iterable[Node]:
    """The node and all above it."""
    line: Node | None = node
    while line is not None:
        yield line
        line = line.above


def _fetched(ids: set[int]) -> dict[int, Comment]:
    if not ids:
        return {}
    return {row.pk: row for row in _SHOWN.rows(ids=list(ids))}


_FIRST: Prepared[Comment] = Prepared(
    lambda article: (
        Comment.objects.approved()
        .filter(article=article)
        .only(*SHOWN_FIELDS, "state")
        .annotate(promise=figures.PROMISED)
        .order_by("created_at", "id")[: settings.COMMENTS_PER_PAGE + 1]
    ),
    article=BigAutoField(),
)

_SHOWN: Prepared[Comment] = Prepared(
    lambda ids: Comment.objects.filter(pk__in=ids, state__in=[State.APPROVED, State.WITHDRAWN]).only(
        *SHOWN_FIELDS, "state"
    ),
    ids=[BigAutoField()],
)


def _pruned(node: Node, kept: set[Node], comments: dict[int, Comment]) -> Node:
    """The node with its comment, and of its replies those that are ``kept``; as deep as threads may be."""
    here = comments.get(node.id)
    node.taken_back = here is not None and here.state == State.WITHDRAWN
    node.comment = None if node.taken_back else here
    node.answered = comments.get(node.answers) if node.answers else None
    node.replies = [_pruned(reply, kept, comments) for reply in node.replies if reply in kept]
    return node
