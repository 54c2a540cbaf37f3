"""Finding an article for a list: by words of its headline, a tag, its number, or an address pasted from anywhere."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles import search
from articles.known import known_to
from articles.listing import Owner, belonging
from articles.models import Article, ArticleQuerySet, Status
from articles.models.tag import tag_key
from articles.permissions import Actor
from articles.tag_names import tags_by_key
from curation.desk.cards import Card, card_of, cards_of
from curation.desk.rows import FOUND, Row, hidden_words
from curation.desk.showing import Desk
from pagecache.admin import is_id

MOST = 20
"""Articles shown; whoever does not see theirs types another word."""

MOST_OF_WORDS, MOST_OF_TAG = 12, 8
"""The best for the words come before the newest of the tag."""

UNPUBLISHED = 500
"""Stories not public yet that are looked through, the newest: a desk's work in progress is smaller."""

MOST_WORDS = 6

_NUMBER_AT_END = re.compile(r"-(\d{1,18})/?$")
_ON_THE_DESK = re.compile(r"/articles/article/(\d{1,18})/")
_ADDRESS = re.compile(r"^(https?://\S+|/\S*)$", re.IGNORECASE)
_IN_PROGRESS = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED)


@dataclass
class Found:
    """What was asked, and the rows that answer it; ``problem`` says in words why there are none."""

    query: str = ""
    rows: list[Row] = field(default_factory=list)
    problem: str = ""

    @property
    def asked(self) -> bool:
        """Whether anything was typed."""
        return bool(self.query)


def found_for(desk: Desk, text: str, actor: Actor) -> Found:
    """The articles that ``text`` names and ``actor`` may know of, best first, as rows of this desk."""
    query = " ".join(text.replace("\0", " ").split())
    try:
        cards = _cards(query, actor) if query else []
    except ValidationError as error:
        return Found(query[: search.MAX_LENGTH], problem=" ".join(error.messages))
    own = desk.place.pk if isinstance(desk.place, Article) else None
    return Found(query, [_row(desk, card) for card in cards if card.article.pk != own])


def cards_named(query: str, actor: Actor) -> list[Card]:
    """The articles that ``query`` names and ``actor`` may know of, best first; a number names only its own.

    Raises ``ValidationError`` for an address that is none of ours, and for too many words.
    """
    number = query if is_id(query) else _slug_number(query)
    named = cards_of(actor, [int(number)]) if number else {}
    return list(named.values()) if named or is_id(query) else _cards(query.replace("\0", " "), actor)


def _slug_number(query: str) -> str:
    """The number at the end of an address of which only the last part was copied."""
    match = None if " " in query or _ADDRESS.match(query) else _NUMBER_AT_END.search(query)
    return match[1] if match else ""


def _row(desk: Desk, card: Card) -> Row:
    row = Row(card, FOUND)
    standing = next((one for one in desk.rows if one.pk == row.pk and (one.pick or one.pin)), None)
    suggested = next((one for one in [*desk.rows, *desk.next] if one.pk == row.pk and one.why), None)
    if standing is not None and standing.pick:
        row.pick = standing.pick
    elif any(other.article.pk == row.pk for other, _exclusion in desk.excluded):
        row.waiting = _("Never here. Allow it again below the list to pick it.")
    elif suggested is not None:
        row.why = suggested.why
    if not card.is_public and desk.now and not row.waiting:
        row.why = hidden_words(card.article, desk.now)
    return row


def _cards(query: str, actor: Actor) -> list[Card]:
    if _ADDRESS.match(query):
        return list(cards_of(actor, [_id_in(query)]).values())
    numbers = [int(query)] if is_id(query) else []
    in_progress = [card_of(article) for article in _unpublished(query, actor)]
    worded = _worded(query)
    ids = list(dict.fromkeys([*numbers, *worded[:MOST_OF_WORDS], *_tagged(query), *worded]))
    cards = cards_of(actor, ids)
    public = [cards[pk] for pk in ids if pk in cards]
    return _once([*public[: MOST - len(in_progress)], *in_progress])


def _worded(query: str) -> list[int]:
    try:
        return [hit.article.pk for hit in search.find(query, limit=MOST).hits]
    except search.QueryTooLongError as error:
        raise ValidationError(str(error)) from error


def _once(cards: Iterable[Card]) -> list[Card]:
    return list({card.article.pk: card for card in cards}.values())


def _id_in(address: str) -> int:
    """The number of the article an address of ours leads to. Raises ``ValidationError`` for any other address."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise ValidationError(_("That is no address of an article.")) from error
    if parts.netloc and parts.netloc.casefold() != urlsplit(settings.BASE_URL).netloc.casefold():
        raise ValidationError(_("That address leads to another site. Only our own articles can stand here."))
    path = unquote(parts.path)
    match = _ON_THE_DESK.search(path) or _NUMBER_AT_END.search(path)
    if match is None:
        raise ValidationError(_("That is no address of an article."))
    return int(match[1])


def _tagged(query: str) -> list[int]:
    """The newest public articles that carry the tag of that name."""
    tags = [tag.pk for tag in tags_by_key([tag_key(query)]).values()]
    found = belonging(Article.objects.public(), {Owner.TAG: tags})
    return list(found.newest_first().values_list("pk", flat=True)[:MOST_OF_TAG])


def _unpublished(query: str, actor: Actor) -> QuerySet[Article]:
    """Work in progress whose newest headline holds every word."""
    newest: ArticleQuerySet = Article.objects.filter(status__in=_IN_PROGRESS)
    recent = newest.order_by("-created_at", "-id").values("pk")[:UNPUBLISHED]
    rows: QuerySet[Any] = known_to(actor).filter(pk__in=recent).select_related("section", "lead_picture")
    for word in query.split()[:MOST_WORDS]:
        rows = rows.filter(known_headline__icontains=word)
    return rows.order_by("-created_at")[: MOST // 3]
