"""The rows of the health page: what each is about, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from articles.models.article import LIVE_STATUSES
from curation.models import CuratedList, Exposure, Pick
from curation.screens.addresses import desk_of, inward_of
from curation.screens.moments import ago, ends_in, moment


@dataclass(frozen=True)
class Row:
    """One line: what it is about and where that leads, the list it concerns, and what is the matter."""

    pk: int
    headline: str
    url: str
    about: str
    place: str = ""
    when: datetime | None = None


def row_of(name: str, item: Any) -> Row:
    """A row of the question called ``name``."""
    if isinstance(item, Pick):
        return _pick_row(name, item)
    if isinstance(item, CuratedList):
        article: Any = item.article
        words = _("changed %(ago)s") % {"ago": ago(item.fills_changed_at or timezone.now(), timezone.now())}
        return Row(item.pk, str(article), desk_of(article.pk), words, when=item.fills_changed_at)
    return _counted_row(name, item)


def _pick_row(name: str, row: Pick) -> Row:
    url = desk_of(row.article_id, row.section_id) or inward_of(row.target_id)
    words = {"lapsing": _lapses, "waiting": _waits}.get(name, _is_dead)(row)
    return Row(row.pk, str(row.target), url, words, _place(row), row.until if name == "lapsing" else None)


def _place(row: Pick) -> str:
    if row.article is not None:
        return _("beside “%(article)s”") % {"article": row.article}
    if row.section is not None:
        return _("on the page of %(section)s") % {"section": row.section}
    return _("on the front page")


def _lapses(row: Pick) -> str:
    assert row.until is not None  # noqa: S101 - the question asks for it
    now = timezone.now()
    return f"{ends_in(row.until, now)} · {moment(row.until)}"


def _waits(row: Pick) -> str:
    ahead = [when for when in (row.target.publish_at, row.target.embargo_until) if when]
    return _("appears %(when)s") % {"when": moment(max(ahead))}


def _is_dead(row: Pick) -> str:
    if row.until is not None and row.until <= timezone.now():
        return _("its time ended %(when)s") % {"when": moment(row.until)}
    if row.target.status in LIVE_STATUSES and row.target.expire_at is not None:
        return _("the article expired %(when)s") % {"when": moment(row.target.expire_at)}
    return _("the article is %(status)s") % {"status": row.target.get_status_display()}


def _counted_row(name: str, row: Exposure) -> Row:
    article: Article = row.article
    if name == "thin":
        return Row(row.pk, str(article), desk_of(article.pk), _shortage(row))
    if name == "orphans":
        words = _("published %(when)s") % {"when": moment(article.publish_at)} if article.publish_at else ""
        return Row(row.pk, str(article), inward_of(article.pk), words)
    words = ngettext("stands in %(count)d list", "stands in %(count)d lists", row.lists) % {"count": row.lists}
    return Row(row.pk, str(article), inward_of(article.pk), words)


def _shortage(row: Any) -> str:
    told = {"have": row.own + row.picked, "wanted": settings.RELATED_MINIMUM}
    return _("%(have)d of at least %(wanted)d") % told
