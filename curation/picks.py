"""Picking, unpicking and ordering: the verbs of *Articles You May Like*. What they write is live at once."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.models import Article
from articles.permissions import Actor, may_edit, require
from curation.models import Pick
from outbox import audit
from pagecache.writing import writing
from people.models import User

MAX_PICKS = 12
"""Picks of one article: as many as ``RELATED_SLOTS`` may be; more would never be shown."""


def may_curate(actor: Actor, article: Article, action: str) -> bool:
    """Whether ``actor`` may ``add``, ``change`` or ``delete`` picks of ``article``."""
    return actor is None or (actor.has_perm(f"curation.{action}_pick") and may_edit(actor, article))


def may_show(actor: Actor, target: Article) -> bool:
    """Whether ``actor`` may know of ``target``: everybody of public ones, writers of their own, editors of all."""
    if actor is None or target.is_public() or actor.has_perm("articles.edit_others_article"):
        return True
    return target.created_by_id == actor.pk


def pick(article: Article, target: Article, *, actor: Actor, position: int | None = None) -> Pick:
    """Show ``target`` beside ``article``, at ``position`` (from 1) or last; a second time it only moves.

    A target that is not public yet appears by itself when it is. Raises
    ``PermissionDenied``, or ``ValidationError`` for the article itself and for
    more picks than ``MAX_PICKS``.
    """
    require(may_curate(actor, article, "add"), _("pick articles for this list"))
    require(may_show(actor, target), _("pick this article"))
    if article.pk == target.pk:
        raise ValidationError(_("An article cannot be picked for its own list."))
    with writing():
        rows = _locked(article)
        row = next((row for row in rows if row.target_id == target.pk), None)
        if row is None:
            row = _add(article, target, rows, actor)
            audit.record(actor, "picked", article, picked=target.pk, headline=str(target))
        if position is not None:
            others = [other for other in rows if other.pk != row.pk]
            others.insert(max(position - 1, 0), row)
            _number(others)
    return row


def unpick(article: Article, target: Article, *, actor: Actor) -> None:
    """Take ``target`` out of the picks; one that is not there is no mistake. Raises ``PermissionDenied``."""
    require(may_curate(actor, article, "delete"), _("remove picks from this list"))
    with writing():
        rows = _locked(article)
        gone = [row for row in rows if row.target_id == target.pk]
        for row in gone:
            row.delete()
            audit.record(actor, "unpicked", article, picked=target.pk, headline=str(target))
        _number([row for row in rows if row not in gone])


def reorder(article: Article, target_ids: Sequence[int], *, actor: Actor) -> None:
    """Put the picks into the order of ``target_ids``.

    Picks it does not name, because a colleague added them meanwhile, follow in
    their own order; ids that are not picked are left out. Raises ``PermissionDenied``.
    """
    require(may_curate(actor, article, "change"), _("change the order of this list"))
    place = {pk: index for index, pk in enumerate(dict.fromkeys(target_ids))}
    with writing():
        rows = _locked(article)
        before = [row.target_id for row in rows]
        rows.sort(key=lambda row: place.get(row.target_id, len(place)))
        after = [row.target_id for row in rows]
        _number(rows)
        if before != after:
            audit.record(actor, "reordered picks", article, before=before, after=after)


def restore(article: Article, target_ids: Iterable[int], *, actor: Actor) -> None:
    """Make the picks those of an earlier revision; articles deleted since are left out."""
    wanted = list(dict.fromkeys(target_ids))
    known = Article.objects.exclude(pk=article.pk).in_bulk(wanted)
    with writing():
        for row in _locked(article):
            if row.target_id not in known:
                unpick(article, row.target, actor=actor)
        for pk in wanted:
            if pk in known:
                pick(article, known[pk], actor=actor)
        reorder(article, wanted, actor=actor)


def _locked(article: Article) -> list[Pick]:
    """The picks in order; whoever else changes them waits until we are done."""
    Article.objects.select_for_update(of=("self",)).select_related(None).only("pk").get(pk=article.pk)
    return list(Pick.objects.filter(article=article).select_related("target", "target__latest"))


def _add(article: Article, target: Article, rows: list[Pick], actor: Actor) -> Pick:
    if len(rows) >= MAX_PICKS:
        raise ValidationError(_("A list holds %(most)d picks at most.") % {"most": MAX_PICKS})
    last = max((row.position for row in rows), default=0)
    picker = actor if isinstance(actor, User) else None
    row = Pick(article=article, target=target, position=last + 1, picked_by=picker)
    row.save()
    return row


def _number(rows: Sequence[Pick]) -> None:
    """Number the rows from 1, writing only those that move."""
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
