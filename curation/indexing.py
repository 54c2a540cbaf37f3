"""The engine's index: each public article's fingerprint, and the features it is found by."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from articles.models import Article, TaggedArticle
from curation import frequencies, postings
from curation.engine import Document, Features, Fingerprint, Statistics, Subject, features_of, fingerprint
from curation.frequencies import Seen
from curation.instants import instant
from curation.models import Fingerprint as Known
from curation.models import Uncounted

Neighbour = Subject[int]

_KNOWN = (
    "SELECT article_id, features, tags, section, source, kind, CAST(published AS text)"
    " FROM curation_fingerprint WHERE live AND article_id IN ({ids})"
)


@dataclass(frozen=True)
class Work:
    """An article under the engine's eyes."""

    features: Features
    subject: Neighbour
    names: Mapping[int, str]
    """Its tags by id."""


def read(article: Article) -> tuple[Work, Seen]:
    """The article as readers see it, weighed with the present counts."""
    tags = dict(TaggedArticle.objects.filter(content_object=article).values_list("tag", "tag__name"))
    counted = Known.objects.filter(pk=article.pk).exclude(pk__in=Uncounted.objects.values("pk")).exists()
    work = weigh(article.pk, document_of(article, tags), tags, counted=counted)
    return work, Seen.of(work.features, sorted(tags))


def document_of(article: Article, tags: Iterable[int]) -> Document:
    """What readers see of it."""
    return Document(
        headline=article.headline,
        standfirst=article.standfirst,
        body=article.body_text,
        tags=tuple(sorted(tags)),
        section=article.section_id,
        source=article.source_id,
        kind=article.kind,
        published=article.publish_at,
    )


def index(work: Work, seen: Seen, run: int = 0) -> None:
    """Have the article found by its present words; the counts learn of it the first time.

    ``run`` is the rebuild at work, which has counted every article already.
    """
    subject = work.subject
    assert subject.published is not None  # noqa: S101 - what is public has a date
    before = Known.objects.select_for_update().filter(pk=subject.id).first()
    if before is None and not run:
        frequencies.note(subject.id, seen)
    if before is not None:
        postings.erase(subject.id, before.published, Fingerprint.unpack(bytes(before.features)))
    postings.write(postings.rows_of(subject.id, subject.published, subject.fingerprint))
    row = known_as(subject)
    row.run = run or (before.run if before else 0)
    row.save(force_insert=before is None, force_update=before is not None)


def known_as(subject: Neighbour) -> Known:
    """The row that keeps what the ranking must know."""
    assert subject.published is not None  # noqa: S101
    return Known(
        article_id=subject.id,
        features=subject.fingerprint.pack(),
        tags=list(subject.tags),
        section=subject.section,
        source=subject.source,
        kind=subject.kind,
        published=subject.published,
    )


def subjects(article_ids: Iterable[int]) -> dict[int, Neighbour]:
    """Those of the articles that are indexed, as the ranking sees them."""
    found = _known(article_ids)
    fingerprints = Fingerprint.unpack_many([row[1] for row in found])
    tagged = json.loads(f"[{','.join(row[2] for row in found)}]")
    return {
        pk: Subject(pk, features, tuple(tags), section, source, kind, instant(published))
        for (pk, _, _, section, source, kind, published), features, tags in zip(
            found, fingerprints, tagged, strict=True
        )
    }


def _known(article_ids: Iterable[int]) -> list[tuple[Any, ...]]:
    """Rows as the database gives them: for two hundred of them Django takes twice as long as either database."""
    ids = ", ".join(str(int(pk)) for pk in article_ids)
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN.format(ids=ids))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def unindex(article_id: int) -> None:
    """Have the article found no more; what is known of it stays, so that the counts need not learn of it again."""
    known = Known.objects.select_for_update().filter(pk=article_id, live=True).first()
    if known is not None:
        postings.erase(article_id, known.published, Fingerprint.unpack(bytes(known.features)))
        known.live = False
        known.save(update_fields=["live"])


def weigh(article_id: int, document: Document, names: Mapping[int, str], *, counted: bool = False) -> Work:
    """A document with the weights that the present counts give it; ``names`` are its tags by id.

    An article that is not ``counted`` yet is weighed as if it were.
    """
    features = features_of(document)
    statistics = frequencies.statistics_for([features])
    if not counted:
        statistics = frequencies.with_one_more(statistics, features)
    return weighed(article_id, document, names, features, statistics)


def weighed(
    article_id: int, document: Document, names: Mapping[int, str], features: Features, statistics: Statistics
) -> Work:
    """The same where features and counts are known."""
    subject = Subject(
        article_id,
        fingerprint(features, statistics),
        document.tags,
        document.section,
        document.source,
        document.kind,
        document.published,
    )
    return Work(features, subject, names)
