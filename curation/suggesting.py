"""What the engine would show beside each article: indexed, computed and refreshed when an article changes.

``suggest_later`` asks for it in the transaction of whatever changed the
article; the worker then indexes it, computes its list, and brings it into the
lists of older articles in which it now belongs. A worker that dies leaves the
former suggestions in place.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from articles import body
from articles.models import Article, tag_key
from articles.state import WorkingState
from articles.tag_names import tags_by_key
from curation import frequencies, postings
from curation.engine import Document, Reasons, Scored, diversify, phrases, rank
from curation.frequencies import Seen
from curation.indexing import Work, index, read, subjects, unindex, weigh
from curation.models import Fingerprint as Known
from curation.models import Pick, Suggestion
from curation.records import record_later
from curation.signals import click_signal
from outbox import effects
from pagecache.writing import writing

SUGGEST = "curation.suggest"
"""The effect that indexes an article and refreshes its list and its neighbours'; payload ``{"article": id}``."""

CATCH_UP = "curation.catch_up"
"""The effect that indexes whatever public article is not; no payload."""

BACKDATED = timedelta(days=1)
CATCH_UP_AFTER = timedelta(minutes=2)

KEPT = 20
"""Suggestions of an article: five for readers, fifteen more for the desk and for when some of them go."""

SLACK = 10
"""So many more may gather before a list is cut back: a list that gains one article is not written anew each time."""

STEP = 1e-6
"""What a score is lowered by, at least, to stand behind the one before it: a twin waits behind the first five."""

FEWEST = 8
"""A list that has lost articles until it holds fewer than this is computed anew."""


def suggest_later(article_ids: Iterable[int], due: datetime | None = None) -> None:
    """Ask, in the present transaction, for these articles to be looked at in the background, or at ``due``."""
    moment = due or timezone.now()
    for pk in article_ids:
        effects.enqueue(SUGGEST, {"article": pk}, key=f"suggest:{pk}:{moment.isoformat()}", due=due)


def article_changed(article: Article) -> None:
    """Told by ``publishing``: an article came, went, or has other words.

    One that comes with an old date belongs to an archive that is moving in:
    such articles are caught up with together, a little later.
    """
    now = timezone.now()
    old = article.publish_at is not None and article.publish_at < now - BACKDATED
    if old and not Known.objects.filter(pk=article.pk).exists():
        _catch_up_soon(now)
    else:
        suggest_later([article.pk])
    if article.expire_at and article.expire_at > now:
        suggest_later([article.pk], due=article.expire_at)


def articles_arrived(articles: Sequence[Article]) -> None:
    """Told by ``publishing``: these moved in together, and are caught up with together."""
    if articles:
        _catch_up_soon(timezone.now())


def _catch_up_soon(now: datetime) -> None:
    due = now.replace(second=0, microsecond=0) + CATCH_UP_AFTER
    effects.enqueue(CATCH_UP, {}, key=f"catch-up:{due.isoformat()}", due=due)


def suggestions_for(article: Article) -> list[tuple[int, float, dict[str, Any]]]:
    """What the engine would suggest for the newest words of ``article``: id, score and reasons, best first.

    Computed while somebody waits, so that a draft has suggestions too.
    """
    state = WorkingState.of(article)
    tags = tags_of(article)
    document = Document(
        headline=state.headline,
        standfirst=state.standfirst,
        body=article.body_text if state.body == article.body else body.render(state.body).text,
        tags=tuple(sorted(tags)),
        section=state.section,
        source=state.source,
        kind=state.kind,
        published=state.publish_at or article.publish_at,
    )
    work = weigh(article.pk, document, tags)
    return [(one.id, one.score, told(work, one.reasons)) for one in ranked_for(work)[:KEPT]]


def tags_of(article: Article) -> dict[int, str]:
    """The tags of the newest words of ``article``, by id: those that exist already."""
    found = tags_by_key(tag_key(name) for name in WorkingState.of(article).tags)
    return {tag.pk: tag.name for tag in found.values()}


@effects.handler(SUGGEST)
def _suggest(payload: dict[str, Any], _key: str) -> None:
    refresh(payload["article"])


def refresh(article_id: int) -> None:
    """Index the article, compute its list, and bring it into its neighbours' lists; forget it if it is not public."""
    article = Article.objects.filter(pk=article_id).first()
    if article is None or not article.is_public():
        forget(article_id)
        return
    settle(*read(article))


def settle(work: Work, seen: Seen) -> None:
    """Index a weighed article, write its list, and bring it into its neighbours' lists."""
    pk = work.subject.id
    ranked = ranked_for(work, limit=postings.SHORTLIST)
    own = liked_first(work, ranked)
    with writing():
        _lock([pk, *(one.id for one in ranked)])
        index(work, seen)
        write_list(work, own)
        changed = _tell_neighbours(work, ranked)
        record_later({pk, *changed, *_picked_on(pk)})


def forget(article_id: int) -> None:
    """Take the article out of the index and of every list; lists that grow too short are computed anew."""
    with writing():
        unindex(article_id)
        held = Suggestion.objects.filter(target=article_id).drop()
        Suggestion.objects.filter(article=article_id).drop()
        left = Suggestion.objects.filter(article__in=held).values("article").annotate(left=Count("pk"))
        counts = {row["article"]: row["left"] for row in left}
        suggest_later(pk for pk in sorted(held) if counts.get(pk, 0) < FEWEST)
        record_later(held | _picked_on(article_id))


def write_list(work: Work, ranked: Sequence[Scored[int]]) -> None:
    """Make the article's own list what was ranked, in that order."""
    pk = work.subject.id
    Suggestion.objects.filter(article=pk).drop()
    rows: list[Suggestion] = []
    for one in ranked[:KEPT]:
        score = min(one.score, rows[-1].score - STEP) if rows else one.score
        rows.append(Suggestion(article_id=pk, target_id=one.id, score=score, reasons=told(work, one.reasons)))
    Suggestion.objects.bulk_create(rows)
    Known.objects.filter(pk=pk).update(suggested_at=timezone.now())


def told(work: Work, reasons: Reasons) -> dict[str, Any]:
    """The reasons as they are stored, see ``curation.reasons``."""
    stored: dict[str, Any] = {
        "shares": phrases(work.features, reasons.features, reasons.strengths),
        "tags": [tag for tag in reasons.tags if tag in work.names],
        "days": reasons.days,
        "section": reasons.same_section,
        "source": reasons.same_source,
    }
    return {name: value for name, value in stored.items() if value or (value == 0 and name == "days")}


def liked_first(work: Work, ranked: list[Scored[int]]) -> list[Scored[int]]:
    """The list beside the article itself, in which what readers choose there stands a little higher."""
    liked = click_signal(work.subject.id, [one.id for one in ranked])
    return ranked_for(work, liked=liked) if any(liked.values()) else ranked


def ranked_for(work: Work, limit: int = KEPT, liked: Mapping[int, float] | None = None) -> list[Scored[int]]:
    """The nearest public articles, best first, twins apart; ``liked`` is what ``click_signal`` says."""
    found = postings.nearest(work.subject.fingerprint)
    others = subjects(pk for pk in found if pk != work.subject.id)
    tags = frequencies.tag_counts({*work.subject.tags, *(tag for other in others.values() for tag in other.tags)})
    candidates = [others[pk] for pk in found if pk in others]
    ranked = rank(work.subject, candidates, tags, timezone.now(), popularity=liked, limit=limit)
    return diversify(ranked, {pk: other.fingerprint for pk, other in others.items()})


def _picked_on(article_id: int) -> set[int]:
    """The articles beside which an editor picked this one."""
    rows = Pick.objects.filter(target=article_id, article__isnull=False)
    return set(rows.values_list("article_id", flat=True))


def _lock(article_ids: Iterable[int]) -> None:
    """Hold these articles' lists; everybody locks in this order."""
    list(Known.objects.filter(pk__in=set(article_ids)).select_for_update().order_by("pk").values_list("pk"))


def _tell_neighbours(work: Work, ranked: Sequence[Scored[int]]) -> set[int]:
    """Bring the article into the lists in which it now belongs, and out of the others; returns whose changed.

    A score is the same from either side, so nothing has to be computed for the neighbours.
    """
    target = work.subject.id
    held = Suggestion.objects.filter(target=target).drop()
    state = _lists(one.id for one in ranked)
    joined = [one for one in ranked if one.id not in state or _has_room(state[one.id], one.score)]
    Suggestion.objects.bulk_create(
        Suggestion(article_id=one.id, target_id=target, score=one.score, reasons=told(work, one.reasons))
        for one in joined
    )
    _cut_back([one.id for one in joined if one.id in state and state[one.id][0] >= KEPT + SLACK])
    return held | {one.id for one in joined}


def _lists(article_ids: Iterable[int]) -> dict[int, tuple[int, float]]:
    """How many suggestions each list holds, and the score of the last."""
    rows = Suggestion.objects.filter(article__in=list(article_ids)).values_list("article")
    return {pk: (held, worst) for pk, held, worst in rows.annotate(held=Count("pk"), worst=Min("score")).order_by()}


def _has_room(held: tuple[int, float], score: float) -> bool:
    number, worst = held
    return number < KEPT or score > worst


def _cut_back(article_ids: Sequence[int]) -> None:
    """Leave these lists their best ``KEPT``."""
    if article_ids:
        place = Window(RowNumber(), partition_by=F("article"), order_by=(F("score").desc(), F("target").desc()))
        ranked = Suggestion.objects.filter(article__in=article_ids).annotate(place=place)
        behind = list(ranked.filter(place__gt=KEPT).values_list("pk", flat=True))
        Suggestion.objects.filter(pk__in=behind).drop()
