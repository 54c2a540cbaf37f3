"""From an item to the working state of a draft."""

import re
from datetime import datetime

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.body import MAX_LENGTH, BodyRefused, clean
from articles.models import BylineRole
from articles.state import Credit, WorkingState
from people.models import Author
from syndication.models import Feed
from syndication.text import shortened
from syndication.wires.items import Item, line
from syndication.wires.mapping import Mapped

HEADLINE, STANDFIRST = 160, 1000
"""What an article's columns hold."""

_FIGURE = re.compile(r'<figure((?: [a-z-]+="[^"]*")*)></figure>\n?')
_OURS = re.compile(r' data-(?:image|gallery)="')


def story_of(item: Item) -> str:
    """The item's story as an article stores it. Raises ``BodyRefused``.

    What names pictures of our own library is taken out: no agency knows
    them, and a stranger must not show what we have not published.
    """
    return _FIGURE.sub(lambda match: "" if _OURS.search(match[1]) else match[0], clean(item.html)).strip()


def first_state(item: Item, feed: Feed, how: Mapped) -> WorkingState:
    """The draft of an item nobody has taken before. Raises ``BodyRefused``."""
    state = WorkingState(
        section=how.section,
        tags=how.tags,
        source=feed.source_id,
        bylines=_bylines(item),
        slug=slugify(line(item.headline, HEADLINE))[:80].strip("-"),
    )
    return with_words(state, item)


def with_words(state: WorkingState, item: Item) -> WorkingState:
    """``state`` with the item's newest words, address and embargo; what the desk decided stays.

    Raises ``BodyRefused``.
    """
    return state.with_(
        headline=shortened(item.headline, HEADLINE),
        standfirst=shortened(item.standfirst, STANDFIRST),
        body=story_of(item),
        source_url=item.link,
        embargo_until=_ahead(item.embargo_until),
        expire_at=_ahead(item.expire_at),
    )


def _ahead(moment: datetime | None) -> datetime | None:
    """What lies in the past binds nobody any more."""
    return moment if moment is not None and moment > timezone.now() else None


def judged(item: Item) -> Item:
    """The item with what its draft will lack, in words, and no more of a story than tells that it is too long."""
    item = item.with_(html=item.html[: MAX_LENGTH + 1])
    if len(item.headline) > HEADLINE:
        item = item.with_problem(
            _("The headline is longer than %(most)d characters: the draft's is shortened.") % {"most": HEADLINE}
        )
    if item.pictures:
        item = item.with_problem(_("It came with pictures, which are not fetched."))
    return item


def why_not(item: Item) -> str:
    """Why no story can be made of it, or nothing."""
    try:
        has_words = bool(story_of(item))
    except BodyRefused as refused:
        return str(refused)
    if has_words:
        return ""
    if item.kind not in {"text", "", "story"}:
        return _("No story can be made of it: it is of the kind “%(kind)s” and has no text.") % {"kind": item.kind}
    return _("No story can be made of it: it has no text.")


def _bylines(item: Item) -> tuple[Credit, ...]:
    """Whoever has a profile here; the by-lines of agencies make none."""
    name = item.byline.removeprefix("By ").removeprefix("by ").strip()
    author = Author.objects.filter(name__iexact=name).first() if name else None
    return (Credit(author.pk, BylineRole.WORDS.value),) if author else ()
