"""What the section under an article shows: one page of threads, and whether and how to add a comment."""

from typing import Any, NamedTuple

from comments import figures, markup
from comments.blank_form import blank_form
from comments.openness import openness_of
from comments.outline import Order
from comments.thread_pages import Threads
from pagecache.reading import depends_on


class Link(NamedTuple):
    """A way to another page or order; ``address`` is empty for the present one."""

    words: str
    address: str


def section_of(talk: Threads, number: int = 1) -> dict[str, Any]:
    """The context of the section's template: the same for every reader.

    One query where there is no comment, for what is promised, or where there are more than a page holds.
    """
    article, taken = talk.article, openness_of(talk.article)
    depends_on(f"comments:{article.pk}", until=taken.closes_at)
    depends_on(until=taken.held_until)
    promised = figures.in_words(talk.promise()) if taken.is_open else ""
    lines = markup.ThreadMarkup(article, is_open=taken.is_open)
    return {
        "article": article,
        "count": talk.count,
        "threads": lines.render(talk.shown(number)) if talk.count else "",
        "orders": tuple(orders(talk)) if talk.count > 1 else (),
        "pages": tuple(pages(talk, number)),
        "newer": talk.address(number - 1) if number > 1 else "",
        "older": talk.address(number + 1) if number < talk.last else "",
        "number": number,
        "taken": taken,
        "form": blank_form(article, promised) if taken.is_open else "",
    }


def orders(talk: Threads) -> list[Link]:
    """The orders there are; staff picks first only where there is one."""
    offered = [
        order for order in Order if order is not Order.PICKS or talk.outline.has_picks or talk.order is Order.PICKS
    ]
    return [Link(str(order.label), "" if order is talk.order else talk.address(order=order)) for order in offered]


def pages(talk: Threads, present: int) -> list[Link]:
    """A link for each page; nothing where there is only one."""
    if talk.last < 2:  # noqa: PLR2004 - one page needs no pager
        return []
    near = {1, talk.last, *range(present - 2, present + 3)}
    numbers = [number for number in range(1, talk.last + 1) if number in near]
    return [Link(str(number), "" if number == present else talk.address(number)) for number in numbers]
