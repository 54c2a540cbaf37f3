"""Putting articles into a series, and in order: the verbs.

Locks are taken in one order: series by number, then articles by number, then
entries. So no two people, whatever each does, wait for each other in a circle.
"""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from articles.known import knows_all
from articles.models import Article, Series, SeriesEntry
from articles.permissions import Actor, require
from outbox import audit
from pagecache.writing import bump, writing

MAX_PARTS = 100
"""Articles of one series: its page and the list on each of its articles name them all."""


def may_arrange(actor: Actor) -> bool:
    """Whether ``actor`` may say what stands in a series: those who know every article, as a series names any."""
    return actor is None or (actor.has_perm("articles.change_series") and knows_all(actor))


def add(article: Article, series: Series, *, actor: Actor) -> SeriesEntry:
    """Put ``article`` last into ``series``; where it stands already it stays.

    Raises ``PermissionDenied``, and ``ValidationError`` when it stands in
    another series or when this one is full.
    """
    require(may_arrange(actor), _("put articles into a series"))
    with writing():
        _locked([series.pk])
        entry = _entry_of(article)
        if entry is None:
            return _join(article, series, actor)
        if entry.series_id != series.pk:
            raise ValidationError(
                _("“%(article)s” stands in the series “%(series)s” already. Take it out there first.")
                % {"article": article, "series": entry.series}
            )
    return entry


def move(article: Article, series: Series | None, *, actor: Actor, place: int | None = None) -> None:
    """Have ``article`` stand in ``series`` and in no other, at ``place`` (from 1) or last; ``None``: in none.

    Raises ``PermissionDenied``, and ``ValidationError`` when the series is full
    or gone, or when a colleague moved the article this very moment.
    """
    require(may_arrange(actor), _("put articles into a series"))
    with writing():
        known = SeriesEntry.objects.filter(article=article).values_list("series", flat=True)
        held = _locked({*known, *([series.pk] if series else [])})
        entry = _entry_of(article)
        if entry is not None and entry.series_id not in held:
            raise ValidationError(_("A colleague moved this article at the same moment. Look where it stands now."))
        if entry is not None and (series is None or entry.series_id != series.pk):
            _leave(entry, actor)
            entry = None
        if series is not None and entry is None:
            _join(article, series, actor)
        if series is not None and place is not None:
            _put_at(article, series, place, actor)


def remove(article: Article, *, actor: Actor) -> None:
    """Take ``article`` out of its series; one that stands in none is no mistake. Raises ``PermissionDenied``."""
    move(article, None, actor=actor)


def arrange(series: Series, article_ids: Sequence[int], *, actor: Actor) -> None:
    """Put the parts into this order; those it does not name follow in their own. Raises ``PermissionDenied``."""
    require(may_arrange(actor), _("change the order of a series"))
    with writing():
        _locked([series.pk])
        before = parts_of(series)
        wanted = {pk: place for place, pk in enumerate(dict.fromkeys(article_ids))}
        _write_order(series, sorted(before, key=lambda pk: wanted.get(pk, len(wanted))), before, actor)


def hold(article_ids: Iterable[int]) -> None:
    """Lock articles that are about to be added, all at once and in order."""
    rows = Article.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(article_ids))
    list(rows.order_by("pk").values_list("pk"))


def parts_of(series: Series) -> list[int]:
    """The ids of its articles in their order, public or not."""
    return list(SeriesEntry.objects.filter(series=series).values_list("article_id", flat=True))


def _locked(series_ids: Iterable[int]) -> set[int]:
    """Those of the series that exist, each locked. Raises ``ValidationError`` when one is gone."""
    wanted = set(series_ids)
    rows = Series.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted).order_by("pk")
    found = set(rows.values_list("pk", flat=True))
    if found != wanted:
        raise ValidationError(_("This series was deleted in the meantime."))
    return found


def _entry_of(article: Article) -> SeriesEntry | None:
    """Its place, which nobody changes while the article is held."""
    hold([article.pk])
    return SeriesEntry.objects.select_related("series").filter(article=article).first()


def _join(article: Article, series: Series, actor: Actor) -> SeriesEntry:
    rows = SeriesEntry.objects.filter(series=series)
    if rows.count() >= MAX_PARTS:
        raise ValidationError(_("A series has %(most)d parts at most.") % {"most": MAX_PARTS})
    last = rows.aggregate(last=Max("position"))["last"] or 0
    entry = SeriesEntry(series=series, article=article, position=last + 1)
    entry.save()
    audit.record(actor, "put into series", article, series=series.pk, title=series.title)
    return entry


def _leave(entry: SeriesEntry, actor: Actor) -> None:
    audit.record(actor, "took out of series", entry.article, series=entry.series_id, title=entry.series.title)
    entry.delete()


def _put_at(article: Article, series: Series, place: int, actor: Actor) -> None:
    before = parts_of(series)
    after = [pk for pk in before if pk != article.pk]
    after.insert(max(place, 1) - 1, article.pk)
    _write_order(series, after, before, actor)


def _write_order(series: Series, after: list[int], before: list[int], actor: Actor) -> None:
    if after == before:
        return
    rows = SeriesEntry.objects.filter(series=series)
    for place, pk in enumerate(after, start=1):
        rows.filter(article=pk).exclude(position=place).update(position=place)
    bump(series.page_keys())
    audit.record(actor, "reordered series", series, before=before, after=after)
