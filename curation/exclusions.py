"""Keeping articles out of lists: never here, never anywhere, never these together."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from articles.models import Article
from articles.permissions import Actor, require
from curation.models import Exclusion, KeptApart, KeptApartMember, Pick, Suggestion
from curation.models.exclusions import REASON_LENGTH
from curation.models.lists import list_key
from curation.places import Place, hold, locked_list, may_curate, note_change
from curation.records import record_later, record_list
from outbox import audit
from outbox.models import AuditEntry
from pagecache.writing import bump, writing
from people.models import User

FEWEST_TOGETHER = 2


def may_exclude(actor: Actor, action: str = "add") -> bool:
    """Whether ``actor`` may ``add``, ``change`` or ``delete`` what holds in every list."""
    return actor is None or actor.has_perm(f"curation.{action}_exclusion")


def never_here(article: Article, target: Article, *, actor: Actor, reason: str = "") -> AuditEntry | None:
    """Never show ``target`` beside ``article``; a pick of it goes. Raises ``PermissionDenied``, ``ValidationError``."""
    require(may_curate(actor, article, "delete"), _("exclude articles from this list"))
    _check(reason)
    if article.pk == target.pk:
        raise ValidationError(_("An article never stands in its own list anyway."))
    with writing():
        hold(target)
        row = locked_list(article)
        if Exclusion.objects.filter(article=article, target=target).exists():
            return None
        picked = Pick.objects.filter(article=article, target=target).first()
        if picked is not None:
            picked.delete()
        Exclusion(article=article, target=target, reason=reason, made_by=_person(actor)).save()
        note_change(row, actor)
        told: dict[str, Any] = {"excluded": target.pk, "headline": str(target), "reason": reason}
        told |= {"picked": picked is not None} | ({"pick": _kept(picked)} if picked else {})
        entry = audit.record(actor, "never here", article, **told)
        record_list(article)
    return entry


def allow_here(article: Article, target: Article, *, actor: Actor) -> AuditEntry | None:
    """Take ``never_here`` back. Raises ``PermissionDenied``."""
    require(may_curate(actor, article, "delete"), _("allow articles in this list"))
    with writing():
        row = locked_list(article)
        found = Exclusion.objects.filter(article=article, target=target).first()
        if found is None:
            return None
        reason = found.reason
        found.delete()
        note_change(row, actor)
        told = {"excluded": target.pk, "headline": str(target), "reason": reason}
        entry = audit.record(actor, "allowed here", article, **told)
        record_list(article)
    return entry


def never_anywhere(target: Article, *, actor: Actor, reason: str) -> AuditEntry | None:
    """Show ``target`` in no list *Articles You May Like*.

    Raises ``PermissionDenied``, or ``ValidationError`` without a reason.
    """
    require(may_exclude(actor), _("exclude articles from every list"))
    _check(reason, needed=True)
    with writing():
        if _locked_anywhere(target) is not None:
            return None
        Exclusion(target=target, reason=reason, made_by=_person(actor)).save()
        _touch([target.pk])
        return audit.record(actor, "never anywhere", target, reason=reason)


def allow_anywhere(target: Article, *, actor: Actor) -> AuditEntry | None:
    """Take ``never_anywhere`` back. Raises ``PermissionDenied``."""
    require(may_exclude(actor, "delete"), _("allow articles in lists again"))
    with writing():
        found = _locked_anywhere(target)
        if found is None:
            return None
        reason = found.reason
        found.delete()
        _touch([target.pk])
        return audit.record(actor, "allowed anywhere", target, reason=reason)


def keep_apart(
    articles: Iterable[Article], *, actor: Actor, reason: str, owner: User | None = None, group: KeptApart | None = None
) -> KeptApart:
    """Never show two of ``articles`` on one page; with ``group``, make that group hold just these.

    Raises ``PermissionDenied``, or ``ValidationError`` for fewer than two
    articles or without a reason.
    """
    require(may_exclude(actor, "change" if group else "add"), _("keep articles apart"))
    _check(reason, needed=True)
    wanted = {article.pk: article for article in articles}
    if len(wanted) < FEWEST_TOGETHER:
        raise ValidationError(_("Name at least two articles to keep apart."))
    with writing():
        before: set[int] = set()
        if group is not None:
            group = KeptApart.objects.select_for_update().get(pk=group.pk)
            before = set(group.members.values_list("article_id", flat=True))
        row = group or KeptApart()
        row.reason = reason
        row.owner = owner or row.owner or _person(actor)
        row.save()
        for member in row.members.exclude(article__in=wanted):
            member.delete()
        for pk in wanted.keys() - before:
            KeptApartMember(group=row, article_id=pk).save()
        _touch(before | wanted.keys())
        audit.record(actor, "kept apart", row, reason=reason, before=sorted(before), after=sorted(wanted))
    return row


def let_together(group: KeptApart, *, actor: Actor) -> None:
    """Take ``keep_apart`` back. Raises ``PermissionDenied``."""
    require(may_exclude(actor, "delete"), _("let articles stand together again"))
    with writing():
        members = sorted(group.members.values_list("article_id", flat=True))
        audit.record(actor, "let together", group, reason=group.reason, before=members, after=[])
        _touch(members)
        group.delete()


def forbidden_by(place: Place, target: Article) -> str:
    """Why ``target`` may not be picked for this list, in words; empty, after one query, when it may."""
    if not isinstance(place, Article) or not _is_forbidden(place, target):
        return ""
    anywhere = Exclusion.objects.filter(target=target, article=None).select_related("made_by").first()
    if anywhere is not None:
        return _("“%(article)s” stands in no list at all: %(reason)s (%(who)s).") % _told(target, anywhere)
    here = Exclusion.objects.filter(target=target, article=place).select_related("made_by").first()
    if here is not None:
        words = _("“%(article)s” was excluded from this list by %(who)s. Allow it again to pick it.")
        return words % _told(target, here)
    groups = KeptApartMember.objects.filter(article=place).values("group")
    apart = KeptApartMember.objects.filter(article=target, group__in=groups).select_related("group__owner").first()
    if apart is not None:
        told = {"article": target, "reason": apart.group.reason, "who": apart.group.owner or _("nobody")}
        return _("“%(article)s” must not stand together with this article: %(reason)s (ask %(who)s).") % told
    return ""


def _is_forbidden(article: Article, target: Article) -> bool:
    excluded = Exclusion.objects.filter(Q(article=None) | Q(article=article), target=OuterRef("pk"))
    groups = KeptApartMember.objects.filter(article=article).values("group")
    apart = KeptApartMember.objects.filter(article=OuterRef("pk"), group__in=groups)
    return Article.objects.filter(Exists(excluded) | Exists(apart), pk=target.pk).exists()


def holders(target_ids: Iterable[int]) -> set[tuple[int | None, int | None]]:
    """The lists, as (article id, section id), in which the articles are picked or suggested."""
    ids = list(target_ids)
    picked = set(Pick.objects.filter(target__in=ids).values_list("article_id", "section_id"))
    suggested = Suggestion.objects.filter(target__in=ids).values_list("article_id", flat=True)
    return picked | {(pk, None) for pk in suggested}


def _touch(target_ids: Iterable[int]) -> None:
    """Refresh every page the articles stand on, and every list they could come into."""
    ids = list(target_ids)
    lists = holders(ids)
    bump({f"article:{pk}" for pk in ids} | {list_key(*place) for place in lists} | {"slots", "front"})
    record_later([article for article, _section in lists if article is not None] + ids)


def _locked_anywhere(target: Article) -> Exclusion | None:
    hold(target)
    return Exclusion.objects.filter(target=target, article=None).first()


def _told(target: Article, row: Exclusion) -> dict[str, Any]:
    return {"article": target, "reason": row.reason, "who": row.made_by or _("somebody who has left")}


def _check(reason: str, *, needed: bool = False) -> None:
    if needed and not reason.strip():
        raise ValidationError(_("Give a reason: whoever finds the article missing will ask."))
    if len(reason) > REASON_LENGTH:
        raise ValidationError(_("The reason is longer than %(most)d characters.") % {"most": REASON_LENGTH})
    if "\0" in reason:
        raise ValidationError(_("The text holds a character that cannot be stored."))


def _kept(row: Pick) -> dict[str, Any]:
    """What it takes to put a pick back."""
    until = row.until.isoformat() if row.until else None
    words = {"until": until, "note": row.note, "headline": row.headline, "picture": row.picture_id}
    return {"position": row.position, **words, "hand": {"by": row.picked_by_id, "at": row.picked_at.isoformat()}}


def _person(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None
