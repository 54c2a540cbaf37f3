"""Where readers go who come to a story that is no longer there: to another story, to a section's page, or nowhere."""

from typing import TypeAlias

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.models import Article, Section, Status
from articles.permissions import Actor, may_publish, require
from articles.publishing.row import locked
from articles.publishing.withdrawing import take_down
from articles.registries import article_merged
from outbox import audit
from pagecache.writing import writing

Onward: TypeAlias = Article | Section | None
"""``None``: nowhere, the old address answers that the story is gone."""

COLUMNS = ["moved_to", "moved_to_section"]


def may_lead(actor: Actor, article: Article) -> bool:
    """Whether ``actor`` may say where readers of ``article`` go once it is gone."""
    return may_publish(actor, article) and article.status != Status.KILLED


def send_readers(article: Article, to: Onward, *, actor: Actor, with_picks: bool = False) -> int:
    """Say where readers go once the article is gone; it counts only while readers cannot see the article itself.

    Stories that already led here lead to the new place, so that nobody is sent
    on twice. ``with_picks`` has lists that picked it pick ``to`` in its stead;
    returns how many did. Raises ``PermissionDenied``, or ``ValidationError``
    for the article itself, for a story readers cannot see, and for a killed one.
    """
    with writing():
        row = locked(article)
        require(may_publish(actor, row), _("send readers elsewhere"))
        _refuse(row, to)
        for former in (row, *Article.objects.select_for_update(no_key=True).filter(moved_to=row).order_by("pk")):
            former.moved_to = to if isinstance(to, Article) and to.pk != former.pk else None
            former.moved_to_section = to if isinstance(to, Section) else None
            former.save(update_fields=COLUMNS)
        audit.record(actor, "sent readers elsewhere", row, **_told(to))
        moved = _move_picks(row, to, actor) if with_picks and isinstance(to, Article) else 0
    article.moved_to, article.moved_to_section = row.moved_to, row.moved_to_section
    return moved


def leave(article: Article, *, actor: Actor, reason: str = "", to: Onward = None, with_picks: bool = False) -> int:
    """Take the article down and say where its readers go; merging is leaving for another story, picks and all.

    Its comments stay with it. Returns and raises what ``send_readers`` does, and what ``take_down`` raises.
    """
    with writing():
        take_down(article, actor=actor, reason=reason)
        return send_readers(article, to, actor=actor, with_picks=with_picks)


def onward(article: Article) -> str:
    """The address readers of an article that is gone are sent to; empty for nowhere.

    Nowhere, too, as long as the other story is not public itself, and always for a killed article.
    """
    if article.status == Status.KILLED:
        return ""
    if article.moved_to_section_id:
        section = Section.objects.filter(pk=article.moved_to_section_id).first()
        return section.get_absolute_url() if section else ""
    if not article.moved_to_id:
        return ""
    story = Article.objects.public().select_related("section").filter(pk=article.moved_to_id).first()
    return story.get_absolute_url() if story else ""


def _refuse(article: Article, to: Onward) -> None:
    if article.status == Status.KILLED:
        raise ValidationError(_("A killed story leads nowhere: its address says that it is gone."))
    if not isinstance(to, Article):
        return
    if to.pk == article.pk:
        raise ValidationError(_("A story cannot lead to itself."))
    if not Article.objects.public().filter(pk=to.pk).exists():
        raise ValidationError(_("Readers cannot see that story now, so they cannot be sent there."))


def _move_picks(article: Article, to: Article, actor: Actor) -> int:
    return sum(move(article, to, actor) for move in article_merged)


def _told(to: Onward) -> dict[str, str | int]:
    return {"to": str(to), f"to_{to._meta.model_name}": to.pk} if to is not None else {"to": ""}
