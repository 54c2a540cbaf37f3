"""*Articles You May Like*: the editor's picks first, then what shares rare tags, then neighbours in the section.

Two queries, whatever the size of the archive: the first finds and the second
fetches the cards. Both go through ``Article.objects.public()``, so nothing a
reader may not see now can stand in a list.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import log
from typing import Any, Self

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Tag, TaggedArticle, tag_key
from articles.state import WorkingState
from curation.models import Pick
from pagecache.reading import depends_on

RARE_TAG = 100
"""A tag on more articles than this says too little about any two of them. It also bounds the work: at most
``MAX_TAGS`` times this many rows are looked at, and a tag that half of the archive carries costs as little as
one that is on 101 articles."""

NAMED_TAGS = 3
"""Shared tags a reason names; the rarest come first."""

Row = tuple[str, int, int, datetime]
"""How the first query answers: which rule, article, the rule's number (position or tag), publication."""

PICK, TAG, NEIGHBOUR, COMING = "pick", "tag", "neighbour", "coming"


@dataclass(frozen=True)
class RelatedItem:
    """One article of a list, and why it is there in words an editor understands."""

    article: Article
    reason: str
    picked: bool


@dataclass
class Found:
    """What the first query found, by rule."""

    at: datetime
    picks: list[int] = field(default_factory=list)
    carriers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    neighbours: list[int] = field(default_factory=list)
    published: dict[int, datetime] = field(default_factory=dict)
    changes_at: datetime | None = None

    def distance(self, pk: int) -> float:
        """Seconds between the two publications."""
        return abs((self.published[pk] - self.at).total_seconds())

    def by_shared_tags(self) -> dict[int, list[int]]:
        """Article ids, best first, each with the tags it shares, rarest first.

        The weight of a tag falls with the logarithm of how many carry it;
        equal weights go to the nearer date, then to the newer id.
        """
        shared: dict[int, list[int]] = defaultdict(list)
        weight: dict[int, float] = defaultdict(float)
        for tag, carriers in sorted(self.carriers.items(), key=lambda entry: (len(entry[1]), entry[0])):
            for pk in carriers:
                shared[pk].append(tag)
                weight[pk] += log((RARE_TAG + 1) / len(carriers))
        return {pk: shared[pk] for pk in sorted(shared, key=lambda pk: (-weight[pk], self.distance(pk), -pk))}


@dataclass(frozen=True)
class Subject:
    """What the rules must know of the article a list belongs to; ``tags`` are names by id."""

    pk: int
    section: int | None
    at: datetime
    tags: dict[int, str]

    @classmethod
    def published(cls, article: Article) -> Self:
        """The article as readers see it."""
        tags = {tag.pk: tag.name for tag in article.tag_list}
        return cls(article.pk, article.section_id, article.publish_at or timezone.now(), tags)

    @classmethod
    def at_work(cls, article: Article) -> Self:
        """The article as its newest revision has it."""
        state = WorkingState.of(article)
        known = Tag.objects.filter(key__in=[tag_key(name) for name in state.tags])
        at = state.publish_at or article.publish_at or timezone.now()
        return cls(article.pk, state.section, at, dict(known.values_list("pk", "name")))


def related_list(article: Article, exclude_ids: Iterable[int] = (), slots: int | None = None) -> list[RelatedItem]:
    """What stands beside ``article`` for readers now, in order, at most ``slots`` of them.

    ``exclude_ids`` are articles shown elsewhere on the page; they, the article
    itself and whatever is not public never appear, picked or not. Fewer than
    wanted make a shorter list. ``article`` should come from ``for_page()``;
    otherwise its tags cost queries of their own. Notes in the page being
    rendered what the list depends on and until when it holds.
    """
    subject = Subject.published(article)
    items = _list(subject, set(exclude_ids), settings.RELATED_SLOTS if slots is None else slots)
    depends_on(f"related:{subject.pk}", *(f"tag-list:{pk}" for pk in subject.tags))
    if subject.section:
        depends_on(f"section-list:{subject.section}")
    for item in items:
        _depends_on_card(item.article)
    return items


def related_preview(article: Article) -> list[RelatedItem]:
    """The list as it would be if the newest revision were published: for the desk."""
    return _list(Subject.at_work(article), set(), settings.RELATED_SLOTS)


def _list(subject: Subject, exclude_ids: set[int], wanted: int) -> list[RelatedItem]:
    found = _find(subject, {*exclude_ids, subject.pk}, wanted)
    depends_on(until=found.changes_at)
    reasons = _choose(subject, found, wanted)
    cards = Article.objects.public().cards().in_bulk(list(reasons)) if reasons else {}
    picked = set(found.picks)
    return [RelatedItem(cards[pk], reason, pk in picked) for pk, reason in reasons.items() if pk in cards]


def _choose(subject: Subject, found: Found, wanted: int) -> dict[int, str]:
    """The ids to show, in order, each with its reason."""
    chosen = dict.fromkeys(found.picks, _("Picked by an editor"))
    for pk, tags in found.by_shared_tags().items():
        chosen.setdefault(pk, _tag_reason([subject.tags[tag] for tag in tags]))
    for pk in sorted(found.neighbours, key=lambda pk: (found.distance(pk), -pk)):
        chosen.setdefault(pk, _date_reason(int(found.distance(pk) // 86_400)))
    return dict(list(chosen.items())[:wanted])


def _tag_reason(names: Sequence[str]) -> str:
    quoted = ", ".join(_("“%(tag)s”") % {"tag": name} for name in names[:NAMED_TAGS])
    return ngettext("Shares the tag %(tags)s", "Shares the tags %(tags)s", len(names)) % {"tags": quoted}


def _date_reason(days: int) -> str:
    if days == 0:
        return _("Same section, within a day")
    return ngettext("Same section, %(days)d day apart", "Same section, %(days)d days apart", days) % {"days": days}


def _depends_on_card(article: Article) -> None:
    keys = {f"article:{article.pk}", f"section:{article.section_id}"}
    if article.lead_picture is not None:
        depends_on(f"image:{article.lead_picture.pk}", until=article.lead_picture.usable_until)
    depends_on(*keys, until=article.expire_at)


def _find(subject: Subject, hidden: set[int], wanted: int) -> Found:
    """Ask every rule in one query; each is bounded by an index and a limit of its own."""
    first, *rest = _rules(subject, hidden, wanted)
    found = Found(subject.at)
    rows: Iterable[Row] = first.union(*rest, all=True) if wanted else ()
    for rule, pk, number, moment in sorted(rows, key=lambda row: (row[0], row[2], row[1])):
        if rule == COMING:
            found.changes_at = min(filter(None, (found.changes_at, moment)))
            continue
        found.published[pk] = moment
        if rule == PICK:
            found.picks.append(pk)
        elif rule == TAG:
            found.carriers[number].append(pk)
        else:
            found.neighbours.append(pk)
    return found


def _rules(subject: Subject, hidden: set[int], wanted: int) -> list[QuerySet[Any, Any]]:
    public = Article.objects.public().exclude(pk__in=hidden)
    rules = [
        _rule(PICK, public.filter(picked_by__article=subject.pk), F("picked_by__position"), F("publish_at")),
        _rule(COMING, _coming(subject), Value(0), F("appears_at")),
    ]
    if subject.tags:
        rules.append(_shares_a_tag(public, list(subject.tags)))
    if subject.section:
        section = public.filter(section=subject.section)
        newer = section.filter(publish_at__gte=subject.at).order_by("publish_at", "id")[:wanted]
        older = section.filter(publish_at__lt=subject.at).order_by("-publish_at", "-id")[:wanted]
        for nearest in (newer, older):
            rows = Article.objects.filter(pk__in=nearest.values("pk"))
            rules.append(_rule(NEIGHBOUR, rows, Value(0), F("publish_at")))
    return rules


def _rule(name: str, rows: QuerySet[Any, Any], number: Any, moment: Any) -> QuerySet[Any, Any]:
    named: QuerySet[Any, Any] = rows.order_by().annotate(rule=Value(name, CharField()), number=number, moment=moment)
    return named.values_list("rule", "pk", "number", "moment")


def _shares_a_tag(public: QuerySet[Article], tag_ids: list[int]) -> QuerySet[Any, Any]:
    """Asked from the tags' side: asked from the articles' side, SQLite begins with every published one."""
    carriers = TaggedArticle.objects.filter(
        Exists(public.filter(pk=OuterRef("content_object"))), tag__in=_rare(tag_ids)
    )
    named: QuerySet[Any, Any] = carriers.annotate(rule=Value(TAG, CharField()))
    return named.values_list("rule", "content_object", "tag", "content_object__publish_at")


def _rare(tag_ids: list[int]) -> QuerySet[Any, Any]:
    """Those of the tags that at most ``RARE_TAG`` articles carry; looks no further than that."""
    others = TaggedArticle.objects.filter(tag=OuterRef("pk")).values("pk")
    tags: QuerySet[Any, Any] = Tag.objects.order_by().filter(pk__in=tag_ids)
    rare: QuerySet[Any, Any] = tags.alias(one_too_many=Subquery(others[RARE_TAG : RARE_TAG + 1]))
    return rare.filter(one_too_many=None).values("pk")


def _coming(subject: Subject) -> QuerySet[Article]:
    """Articles that may enter the list by themselves: picked, in the section, or with a tag of ours."""
    tagged = Exists(TaggedArticle.objects.filter(content_object=OuterRef("pk"), tag__in=list(subject.tags)))
    picked = Exists(Pick.objects.filter(article=subject.pk, target=OuterRef("pk")))
    enters = Q(section=subject.section) | Q(picked)
    return Article.objects.coming().filter(enters | Q(tagged) if subject.tags else enters)
