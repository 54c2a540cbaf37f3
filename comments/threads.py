"""The approved comments of an article as the tree readers see, grown from the little that gives it its shape."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from django.db.models import BigAutoField

from comments.models import Comment
from pagecache.prepared import Prepared


class Stub(NamedTuple):
    """What the shape of the tree needs to know of a comment."""

    id: int
    parent_id: int | None
    answers_id: int | None
    featured: bool


@dataclass(slots=True, eq=False)
class Node:
    """The place of one comment and its replies; ``stub`` is ``None`` where one was answered that is not shown."""

    id: int
    stub: Stub | None
    rank: int
    """Its place among all that was written; an empty node stands where its first answer would."""

    depth: int = 0
    above: "Node | None" = None
    replies: list["Node"] = field(default_factory=list)
    answers: int | None = None
    """The id of the comment it answers, where that is not simply the one above it."""

    comment: Comment | None = None
    answered: Comment | None = None
    taken_back: bool = False
    """Whether its writer took the comment back that stood here.

    All three are set for what is on the page being shown; see ``comments.thread_pages``.
    """

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in reading order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(node.replies[::-1])


def stubs_of(article_id: int) -> list[Stub]:
    """The shape of all that is approved under an article, oldest first: one query, and a hundred bytes a comment."""
    return [Stub(*row) for row in _SHAPE.rows(article=article_id)]


_SHAPE = Prepared(
    lambda article: (
        Comment.objects.approved().filter(article=article).order_by("created_at", "id").values_list(*Stub._fields)
    ),
    article=BigAutoField(),
)


def grow(stubs: Iterable[Stub], max_depth: int) -> list[Node]:
    """The roots of the tree of ``stubs``, which come oldest first; nothing is deeper than ``max_depth`` (0 is a root).

    Whatever lies deeper hangs on the deepest level with a note of what it
    answers. Answers to a comment that is not among ``stubs`` stay together,
    under an empty node in its place.
    """
    ranked = sorted(enumerate(stubs), key=lambda pair: pair[1].id)
    shown = {stub.id for _rank, stub in ranked}
    nodes: dict[int, Node] = {}
    roots: list[Node] = []
    for rank, stub in ranked:
        node = nodes[stub.id] = Node(stub.id, stub, rank)
        _hang(node, _above(node, stub.parent_id, nodes, shown, roots), roots, max_depth)
        node.answers = _answered(stub, node.above, shown)
    _put_in_order(roots, nodes)
    return roots


def _above(node: Node, parent: int | None, nodes: dict[int, Node], shown: set[int], roots: list[Node]) -> Node | None:
    """The node a comment belongs under, made empty when its comment is not shown."""
    if parent is None or (parent in shown and parent not in nodes):
        return None  # an import may bring an answer before what it answers
    if parent not in nodes:
        nodes[parent] = Node(parent, None, node.rank)
        roots.append(nodes[parent])
    return nodes[parent]


def _hang(node: Node, above: Node | None, roots: list[Node], max_depth: int) -> None:
    while above is not None and above.depth >= max_depth:
        above = above.above
    node.above = above
    node.depth = above.depth + 1 if above else 0
    (above.replies if above else roots).append(node)


def _answered(stub: Stub, above: Node | None, shown: set[int]) -> int | None:
    answers = stub.answers_id or stub.parent_id
    if answers is None or answers not in shown or (above is not None and above.id == answers):
        return None
    return answers


def _put_in_order(roots: list[Node], nodes: dict[int, Node]) -> None:
    """Oldest first, everywhere."""
    for node in nodes.values():
        node.replies.sort(key=attrgetter("rank"))
    roots.sort(key=attrgetter("rank"))
