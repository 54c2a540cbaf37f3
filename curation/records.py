"""Keeping what each list showed, so that “what did the box show on that day” has an answer.

A verb records its own list in its own transaction. What changes many lists,
and what the clock changes, is recorded by an effect soon afterwards.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from articles.models import Article
from curation.models import CuratedList, ListRecord
from curation.related import FILL, Entry, entries_of
from outbox import effects
from pagecache.writing import writing

RECORD = "curation.record"
"""The effect that looks at lists again and keeps what they show; payload ``{"articles": [ids]}``."""

BATCH = 100
"""Lists in one effect."""


def record_list(article: Article) -> None:
    """Keep what the list beside ``article`` shows now, if that is new."""
    record_lists([article.pk])


def record_lists(article_ids: Iterable[int]) -> int:
    """Keep what these lists show now where it differs from what was kept last; returns how many did."""
    linked, last = _last(article_ids)
    shown = {pk: _told(entries) for pk, entries in entries_of(linked).items()}
    now = timezone.now()
    changed = {pk: pairs for pk, pairs in shown.items() if pairs != last[pk]}
    ListRecord.objects.bulk_create([ListRecord(article_id=pk, at=now, shown=pairs) for pk, pairs in changed.items()])
    refilled = [pk for pk, pairs in changed.items() if _fills(pairs) != _fills(last[pk])]
    if refilled:
        with writing(savepoint=False):
            CuratedList.objects.filter(article__in=refilled).update(fills_changed_at=now)
    return len(changed)


def record_later(article_ids: Iterable[int], due: datetime | None = None) -> None:
    """Ask, in the present transaction, for these lists to be looked at in the background, or at ``due``."""
    waiting = sorted(set(article_ids))
    moment = due or timezone.now()
    for start in range(0, len(waiting), BATCH):
        part = waiting[start : start + BATCH]
        key = f"record:{part[0]}:{len(part)}:{moment.isoformat()}"
        effects.enqueue(RECORD, {"articles": part}, key=key, due=due)


def shown_at(article: Article, moment: datetime) -> ListRecord | None:
    """What the list held at ``moment``; ``None`` before anything was kept."""
    records = ListRecord.objects.filter(article=article, at__lte=moment)
    return records.order_by("-at", "-id").first()


@effects.handler(RECORD)
def _record(payload: dict[str, Any], _key: str) -> None:
    record_lists(payload["articles"])


def _told(entries: Iterable[Entry]) -> list[list[Any]]:
    return [[entry.target, entry.origin] for entry in entries]


def _fills(pairs: Iterable[list[Any]]) -> list[int]:
    return [target for target, origin in pairs if origin == FILL]


def _last(article_ids: Iterable[int]) -> tuple[dict[int, list[int]], dict[int, list[list[Any]]]]:
    """For each article there is: what it links to, and the newest record of its list. One query."""
    newest = ListRecord.objects.filter(article=OuterRef("pk")).order_by("-at", "-id").values("shown")[:1]
    found = Article.objects.filter(pk__in=list(article_ids)).annotate(last=Subquery(newest))
    rows = list(found.values_list("pk", "linked_ids", "last"))
    return {pk: linked for pk, linked, _shown in rows}, {pk: shown or [] for pk, _linked, shown in rows}
