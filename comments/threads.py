"""The approved comments of an article, as the tree readers see: one query, whatever the size."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from comments.models import Comment

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
)


@dataclass(slots=True, eq=False)
class Node:
    """One comment and its replies; ``comment`` is ``None`` where one was answered that is no longer shown."""

    id: int
    comment: Comment | None
    written: datetime
    """When; an empty node stands where its first answer would."""

    depth: int = 0
    above: "Node | None" = None
    replies: list["Node"] = field(default_factory=list)
    answered: Comment | None = None
    """The comment it answers, where that is not simply the one above it."""


@dataclass(slots=True)
class Thread:
    """All that is shown under an article."""

    count: int
    roots: list[Node]

    def walk(self) -> Iterator[Node]:
        """Every node in reading order."""
        waiting = self.roots[::-1]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(node.replies[::-1])


def approved_count(article_id: int) -> int:
    """How many comments stand under the article: for the page plan and the line under the headline."""
    return Comment.objects.approved().filter(article=article_id).count()


def of_article(article_id: int) -> Thread:
    """The comments of one article as a tree, oldest first."""
    rows = list(Comment.objects.approved().filter(article=article_id).only(*SHOWN_FIELDS))
    return Thread(len(rows), grow(rows, settings.COMMENT_MAX_DEPTH))


def grow(comments: Iterable[Comment], max_depth: int) -> list[Node]:
    """The roots of the tree of ``comments``; nothing is deeper than ``max_depth`` (0 is a root).

    Whatever lies deeper hangs on the deepest level with a note of what it
    answers. Answers to a comment that is not among ``comments`` stay
    together, under an empty node in its place.
    """
    rows = sorted(comments, key=lambda comment: comment.pk)
    shown = {comment.pk: comment for comment in rows}
    nodes: dict[int, Node] = {}
    roots: list[Node] = []
    for comment in rows:
        node = nodes[comment.pk] = Node(comment.pk, comment, comment.created_at)
        above = _above(comment, nodes, shown, roots)
        _hang(node, above, roots, max_depth)
        node.answered = _answered(comment, node.above, shown)
    _put_in_order(roots, nodes)
    return roots


def _above(comment: Comment, nodes: dict[int, Node], shown: dict[int, Comment], roots: list[Node]) -> Node | None:
    """The node a comment belongs under, made empty when its comment is not shown."""
    parent = comment.parent_id
    if parent is None or (parent in shown and parent not in nodes):
        return None  # an import may bring an answer before what it answers
    if parent not in nodes:
        nodes[parent] = Node(parent, None, comment.created_at)
        roots.append(nodes[parent])
    return nodes[parent]


def _hang(node: Node, above: Node | None, roots: list[Node], max_depth: int) -> None:
    while above is not None and above.depth >= max_depth:
        above = above.above
    node.above = above
    node.depth = above.depth + 1 if above else 0
    (above.replies if above else roots).append(node)


def _answered(comment: Comment, above: Node | None, shown: dict[int, Comment]) -> Comment | None:
    answers = comment.answers_id or comment.parent_id
    if answers is None or (above is not None and above.id == answers):
        return None
    return shown.get(answers)


def _put_in_order(roots: list[Node], nodes: dict[int, Node]) -> None:
    """Oldest first, everywhere."""

    def place(node: Node) -> tuple[datetime, int]:
        return (node.written, node.id)

    for node in nodes.values():
        node.replies.sort(key=place)
    roots.sort(key=place)
