"""Away from readers."""

from django.utils.translation import gettext as _

from articles import search
from articles.models import Article, Status
from articles.permissions import Actor, may_publish, require
from articles.publishing.row import (
    announce,
    expect,
    list_keys,
    locked,
    note_appearance,
    refresh,
    shown_pictures,
    withdraw_pictures,
)
from outbox import audit
from pagecache.writing import bump, writing


def take_down(article: Article, *, actor: Actor, reason: str = "") -> None:
    """Archive: nothing public shows it any more, its address answers 410, its revisions stay."""
    require(may_publish(actor), _("take articles down"))
    with writing():
        row = locked(article)
        expect(row, (Status.PUBLISHED, Status.SCHEDULED))
        note_appearance(row)
        bump(list_keys(row))
        row.status = Status.ARCHIVED
        row.save(update_fields=["status", "first_published_at"])
        search.remove(row.pk)
        withdraw_pictures(row, shown_pictures(row))
        announce(row)
        audit.record(actor, "taken down", row, reason=reason)
    refresh(article, row)
