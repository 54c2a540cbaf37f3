"""What stands in one list now, by the readers' own rule, and what could come next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.models import Article, Section, TaggedArticle
from curation import suggesting
from curation.candidates import Candidate, Candidates, Reach, candidates_of
from curation.desk.suggested import suggestions_for
from curation.models import Exclusion, Pick
from curation.picks import MAX_PICKS
from curation.places import FrontPage, Place
from curation.related import Entry, choose
from curation.slots import groups_of, slot_order

NEXT = 15
"""Candidates shown beside the list."""

PAGE_SLOTS = 7
"""Places of a page that the desk shows: the top of the front page has one lead, two beside it, four below."""

_TIMES = ("status", "publish_at", "expire_at", "embargo_until")


@dataclass
class Standing:
    """The entries of a list in order, as if it were switched on, and the ids of what could come next."""

    page: int
    now: datetime
    found: Candidates
    entries: list[Entry]
    slots: int
    reasons: dict[int, dict[str, Any]] = field(default_factory=dict)
    linked: frozenset[int] = frozenset()
    tags: dict[int, str] = field(default_factory=dict)
    """The names of the article's tags by id; of a story readers do not see, those of its newest words."""

    def next_ids(self) -> list[int]:
        """The best candidates that are not in the list and could be picked."""
        here = {entry.target for entry in self.entries} | {row.target for row in self.found.picks.get(self.page, ())}
        apart = self.found.groups.get(self.page, set())
        return [
            row.target
            for row in self.found.fills.get(self.page, ())
            if row.target not in here and row.is_shown(self.now) and not self._is_forbidden(row.target, apart)
        ][:NEXT]

    def _is_forbidden(self, target: int, apart: set[int]) -> bool:
        excluded = target in self.found.banned or (self.page, target) in self.found.excluded
        return excluded or bool(self.found.groups.get(target, set()) & apart)


def standing_of(place: Place, picked: Sequence[Pick]) -> Standing:
    """What stands there now; ``picked`` are its picks in order, with their targets."""
    return _beside(place) if isinstance(place, Article) else _on_page(place, picked)


def _beside(article: Article) -> Standing:
    tags = dict(TaggedArticle.objects.filter(content_object=article).values_list("tag_id", "tag__name"))
    found = candidates_of([article.pk], Reach(article.section_id, list(tags)))
    found.off.discard(article.pk)
    suggested = suggestions_for(article)
    if not article.is_public():
        tags |= suggesting.tags_of(article)
        _fill(found, article.pk, [target for target, _score, _reasons in suggested])
    now, linked, slots = timezone.now(), frozenset(article.linked_ids), settings.RELATED_SLOTS
    reasons = {target: told for target, _score, told in suggested}
    entries = choose(article.pk, found, now, slots, linked=linked)
    return Standing(article.pk, now, found, entries, slots, reasons, linked, tags)


def _fill(found: Candidates, page: int, ids: Sequence[int]) -> None:
    """Make the fills these articles, in order; for lists whose suggestions are not stored."""
    rows = {row.pk: row for row in Article.objects.filter(pk__in=ids).only("pk", *_TIMES)}
    found.fills[page] = [_candidate(rows[pk]) for pk in ids if pk in rows]
    banned = Exclusion.objects.filter(target__in=ids, article=None)
    found.banned |= set(banned.values_list("target_id", flat=True))
    found.groups.update(groups_of(ids))


def _on_page(place: Section | FrontPage, picked: Sequence[Pick]) -> Standing:
    """What the page itself says stands in its places; the newest stories of the section, or of all, come next."""
    found = Candidates()
    entries = slot_order(place)[:PAGE_SLOTS]
    rows = Article.objects.public().newest_first().only("pk", *_TIMES)
    newest = list((rows.filter(section=place) if isinstance(place, Section) else rows)[: PAGE_SLOTS + NEXT + MAX_PICKS])
    found.picks[0] = [_candidate(row.target, row) for row in picked]
    found.fills[0] = [_candidate(row) for row in newest]
    found.groups.update(groups_of([row.target_id for row in picked] + [row.pk for row in newest]))
    return Standing(0, timezone.now(), found, entries, PAGE_SLOTS)


def _candidate(article: Article, row: Pick | None = None) -> Candidate:
    times = (article.status, article.publish_at, article.expire_at, article.embargo_until)
    return Candidate(article.pk, row.pk if row else 0, None, row.until if row else None, *times)
