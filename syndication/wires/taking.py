"""What the desk does with an item: takes it, ignores it, decides about what the agency sent later."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from articles import revisions
from articles.body import BodyRefused
from articles.models import Article, Status
from articles.permissions import Actor, may_write, require
from articles.publishing.row import locked
from articles.state import WorkingState
from outbox import audit
from pagecache.writing import writing
from people.models import User
from syndication.models import WireItem
from syndication.models.wire import Offer, WireState
from syndication.wires import mapping
from syndication.wires.drafting import first_state, with_words
from syndication.wires.items import Item

PERMISSION = "syndication.change_wireitem"
TAKEABLE = (WireState.WAITING, WireState.IGNORED)


def may_take(actor: Actor) -> bool:
    """Take items from the wire desk, ignore them, decide about new versions."""
    return actor is None or (actor.has_perm(PERMISSION) and may_write(actor))


def take(item: WireItem, *, actor: Actor) -> Article:
    """A draft of the item, with its copies from other feeds counted as taken.

    Raises ``PermissionDenied``, or ``ValidationError``: taken by a colleague,
    failed, killed, or with text that no article can hold.
    """
    with writing():
        row = _held(item, actor)
        _expect(row, TAKEABLE)
        article = draft_of(row, actor=actor)
        for copy in WireItem.objects.filter(copy_of=row, state__in=TAKEABLE):
            copy.state, copy.decided_by = WireState.IGNORED, _person(actor)
            copy.reason = _("The same story was taken from %(feed)s.") % {"feed": row.feed}
            copy.save(update_fields=["state", "reason", "decided_by"])
    item.refresh_from_db()
    return article


def draft_of(row: WireItem, *, actor: Actor) -> Article:
    """The draft itself; ``row`` is held and in the present transaction."""
    sent = Item.from_json(row.story)
    try:
        state = first_state(sent, row.feed, mapping.mapped(sent, row.feed, mapping.rules_in_force()))
    except BodyRefused as refused:
        raise ValidationError(str(refused)) from None
    article = revisions.create(state, actor=actor)
    _note_taken(row, article)
    row.state, row.reason, row.decided_by = WireState.DRAFTED, "", _person(actor)
    row.save()
    audit.record(actor, "took from the wire", article, feed=str(row.feed), item=row.pk, version=row.version)
    return article


def ignore(item: WireItem, *, actor: Actor) -> None:
    """Nothing is made of it, nor of its copies. Raises ``PermissionDenied``, or ``ValidationError``."""
    with writing():
        row = _held(item, actor)
        _expect(row, (WireState.WAITING,))
        same = WireItem.objects.filter(Q(pk=row.pk) | Q(copy_of=row), state=WireState.WAITING)
        same.update(state=WireState.IGNORED, reason="", decided_by=_person(actor))
        audit.record(actor, "ignored", row)


def put_back(item: WireItem, *, actor: Actor) -> None:
    """An ignored item waits again, or one whose article was deleted.

    Raises ``PermissionDenied``, or ``ValidationError``.
    """
    with writing():
        row = _held(item, actor)
        _expect(row, (WireState.IGNORED,) if row.article_id else (WireState.IGNORED, WireState.DRAFTED))
        row.state, row.reason, row.decided_by = WireState.WAITING, "", None
        row.save(update_fields=["state", "reason", "decided_by"])
        audit.record(actor, "put back", row)


def take_version(item: WireItem, *, actor: Actor, seen: str) -> Article:
    """The agency's newest words as a new revision on top of the article's newest; readers see nothing of it yet.

    ``seen`` is the digest of the version that was on the screen. What the
    desk decided (section, tags, pictures) stays. Raises ``PermissionDenied``,
    or ``ValidationError``: nothing is offered, a newer version came, or text
    that no article can hold.
    """
    with writing():
        row = _held(item, actor)
        article = _offered(row, seen)
        if row.offer not in {Offer.UPDATE, Offer.CORRECTION} or article.status == Status.KILLED:
            raise ValidationError(_("The agency took this story back; there are no words to take over."))
        state = WorkingState.of(article)
        try:
            words = with_words(state, Item.from_json(row.story))
        except BodyRefused as refused:
            raise ValidationError(str(refused)) from None
        revisions.save(article, words, actor=actor)
        _note_taken(row, article)
        _settle(row, actor)
        audit.record(actor, "took the wire's version", article, feed=str(row.feed), version=row.version)
    item.refresh_from_db()
    return article


def keep_ours(item: WireItem, *, actor: Actor, seen: str) -> None:
    """Leave the article as it is; the next version is offered again. Raises as ``take_version`` does."""
    with writing():
        row = _held(item, actor)
        article = _offered(row, seen)
        row.taken_digest = row.digest
        _settle(row, actor)
        audit.record(actor, "kept ours", article, feed=str(row.feed), version=row.version)
    item.refresh_from_db()


def _held(item: WireItem, actor: Actor) -> WireItem:
    require(may_take(actor), _("work on the wire desk"))
    row = WireItem.objects.select_for_update(of=("self",)).select_related("feed__source").filter(pk=item.pk).first()
    if row is None:
        raise ValidationError(_("This item is not kept any more."))
    return row


def _expect(row: WireItem, states: tuple[WireState, ...]) -> None:
    if row.state not in states:
        words = _("“%(item)s” is %(state)s now; somebody else may have been faster.")
        raise ValidationError(words % {"item": row, "state": row.get_state_display()})


def _offered(row: WireItem, seen: str) -> Article:
    if not row.offer or row.article_id is None:
        raise ValidationError(_("Nothing is offered for “%(item)s” any more.") % {"item": row})
    if seen != row.digest:
        raise ValidationError(_("The agency has sent a newer version in the meantime. Read it first."))
    return locked(Article(pk=row.article_id))


def _note_taken(row: WireItem, article: Article) -> None:
    row.article, row.article_number, row.taken_digest = article, article.pk, row.digest
    row.revision = article.latest.number if article.latest else None


def _settle(row: WireItem, actor: Actor) -> None:
    row.offer, row.offered_at, row.decided_by = Offer.NONE, None, _person(actor)
    row.save()


def _person(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None
