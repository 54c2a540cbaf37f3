"""A new version of an item: into the untouched draft, before the desk where somebody worked on it; kills at once."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import publishing, revisions
from articles.body import BodyRefused
from articles.models import Article, Status, WorkingCopy
from articles.models.article import LIVE_STATUSES
from articles.publishing.row import locked
from articles.state import WorkingState
from outbox import audit
from syndication.models import Feed, WireItem
from syndication.models.wire import Offer, WireState
from syndication.wires import telling
from syndication.wires.drafting import why_not, with_words
from syndication.wires.items import Item, Signal

_OFFERS = {
    Signal.CORRECTION: Offer.CORRECTION,
    Signal.WITHHELD: Offer.WITHHELD,
    Signal.KILL: Offer.KILLED,
}


def follow(row: WireItem, feed: Feed) -> None:
    """Do what the newest version of ``row`` asks; ``row`` is held, saved, and in the present transaction."""
    item = Item.from_json(row.story)
    article = _article_of(row)
    if item.signal in {Signal.KILL, Signal.WITHHELD}:
        _taken_back(row, feed, article, item)
    elif row.state == WireState.KILLED:
        _back_again(row)
    elif article is not None and row.digest != row.taken_digest:
        _renew(row, feed, article, item)


def _article_of(row: WireItem) -> Article | None:
    """The article under its lock; also one that came back from the bin, which cut the tie."""
    if row.article_id is None and row.article_number is not None:
        row.article = Article.objects.filter(pk=row.article_number).first()
    return locked(Article(pk=row.article_id)) if row.article_id else None


def is_untouched(article: Article, row: WireItem) -> bool:
    """Whether nobody has worked on the draft since the wire wrote it, nor is typing in it."""
    newest = article.latest.number if article.latest else None
    if article.status != Status.DRAFT or article.once_public() or newest != row.revision:
        return False
    return not WorkingCopy.objects.filter(article=article).exists()


def _renew(row: WireItem, feed: Feed, article: Article, item: Item) -> None:
    if article.status == Status.KILLED:
        return
    if why_not(item) or not is_untouched(article, row):
        _offer(row, feed, article, _OFFERS.get(Signal(item.signal), Offer.UPDATE))
        return
    try:
        revisions.save(article, with_words(WorkingState.of(article), item), actor=None, base=row.revision)
    except (BodyRefused, revisions.NewerVersion):
        _offer(row, feed, article, Offer.UPDATE)
        return
    row.revision = article.latest.number if article.latest else None
    row.taken_digest, row.offer, row.offered_at = row.digest, Offer.NONE, None
    row.save()
    audit.record(None, "took the wire's version", article, feed=str(feed), version=row.version)
    if item.signal == Signal.CORRECTION:
        _offer(row, feed, article, Offer.CORRECTION)


def _offer(row: WireItem, feed: Feed, article: Article, offer: Offer) -> None:
    row.offer, row.offered_at = offer, timezone.now()
    row.save(update_fields=["offer", "offered_at"])
    audit.record(None, "offered", row, offer=str(offer), article=article.pk)
    if offer != Offer.UPDATE or article.status in LIVE_STATUSES:
        telling.offered(row, feed, article)


def _taken_back(row: WireItem, feed: Feed, article: Article | None, item: Item) -> None:
    """A kill takes the story away from readers at once; what is withheld as well, but can come back more easily."""
    row.state = WireState.KILLED
    row.offer = Offer.NONE if article is None else _OFFERS[Signal(item.signal)]
    row.offered_at = timezone.now() if article else None
    row.save()
    for copy in row.copies.exclude(article=None) if article is None else ():
        _offer(copy, copy.feed, locked(Article(pk=copy.article_id)), Offer.KILLED)
    if row.copy_of is not None and row.copy_of.article_id is not None:
        _offer(row.copy_of, row.copy_of.feed, locked(Article(pk=row.copy_of.article_id)), Offer.KILLED)
    if article is not None:
        withdraw(article, feed, item)
        telling.taken_back(row, feed, article)


def withdraw(article: Article, feed: Feed, item: Item) -> None:
    """Away from readers, in words for colleagues; what is away already stays as it is."""
    if item.signal == Signal.KILL:
        reason = _("Killed by %(feed)s. %(note)s") % {"feed": feed, "note": item.note}
        act = publishing.kill
        fits = article.status != Status.KILLED
    else:
        reason = _("Withheld by %(feed)s. %(note)s") % {"feed": feed, "note": item.note}
        act = publishing.take_down
        fits = article.status in LIVE_STATUSES
    if fits:
        try:
            act(article, actor=None, reason=reason.strip()[:2000])
        except ValidationError as error:  # pragma: no cover - the row is locked, so its state is known
            raise RuntimeError(" ".join(error.messages)) from error


def _back_again(row: WireItem) -> None:
    """Usable again after a kill: it waits like a new one, and the killed article stays killed."""
    row.state, row.article, row.revision, row.taken_digest = WireState.WAITING, None, None, ""
    row.article_number = None
    row.offer, row.offered_at = Offer.NONE, None
    row.reason = _("The agency had taken an earlier version back.")
    row.save()
