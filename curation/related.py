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
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Tag, TaggedArticle
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

PICK, TAG, NEWER, OLDER, COMING = "pick", "tag", "newer", "older", "coming"


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


def related_list(article: Article, exclude_ids: Iterable[int] = (), slots: int | None = None) -> list[RelatedItem]:
    """What stands beside ``article`` for readers now, in order, at most ``slots`` of them.

    ``exclude_ids`` are articles shown elsewhere on the page; they, the article
    itself and whatever is not public never appear, picked or not. Fewer than
    wanted make a shorter list. ``article`` should come from ``for_page()``;
    otherwise reading its tags costs a third query. Notes in the page being
    rendered what the list depends on and until when it holds.
    """
    wanted = settings.RELATED_SLOTS if slots is None else slots
    found = _find(article, {*exclude_ids, article.pk}, wanted)
    depends_on(f"related:{article.pk}", *(f"tag-list:{tag.pk}" for tag in article.tag_list), until=found.changes_at)
    if article.section_id:
        depends_on(f"section-list:{article.section_id}")
    reasons = _choose(article, found, wanted)
    cards = Article.objects.public().cards().in_bulk(list(reasons)) if reasons else {}
    picked = set(found.picks)
    items = [RelatedItem(cards[pk], reason, pk in picked) for pk, reason in reasons.items() if pk in cards]
    for item in items:
        _depends_on_card(item.article)
    return items


def _choose(article: Article, found: Found, wanted: int) -> dict[int, str]:
    """The ids to show, in order, each with its reason."""
    names = {tag.pk: tag.name for tag in article.tag_list}
    chosen = dict.fromkeys(found.picks, _("Picked by an editor"))
    for pk, tags in found.by_shared_tags().items():
        chosen.setdefault(pk, _tag_reason([names[tag] for tag in tags]))
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
    if article.lead_picture_id:
        keys.add(f"image:{article.lead_picture_id}")
    depends_on(*keys, until=article.expire_at)


def _find(article: Article, hidden: set[int], wanted: int) -> Found:
    """Ask every rule in one query; each is bounded by an index and a limit of its own."""
    at = article.publish_at or timezone.now()
    tag_ids = [tag.pk for tag in article.tag_list]
    first, *rest = _rules(article, hidden, wanted, at, tag_ids)
    found = Found(at)
    rows: Iterable[Row] = first.union(*rest, all=True) if wanted else ()
    for rule, pk, number, moment in sorted(rows, key=lambda row: (row[0], row[2], row[1])):
        if rule == COMING:
            found.changes_at = min(filter(None, (found.changes_at, moment)))
            continue
        found.published[pk] = moment
        match rule:
            case "pick":
                found.picks.append(pk)
            case "tag":
                found.carriers[number].append(pk)
            case _:
                found.neighbours.append(pk)
    return found


def _rules(
    article: Article, hidden: set[int], wanted: int, at: datetime, tag_ids: list[int]
) -> list[QuerySet[Any, Any]]:
    public = Article.objects.public().exclude(pk__in=hidden)
    rules = [
        _rule(PICK, public.filter(picked_by__article=article), F("picked_by__position"), F("publish_at")),
        _rule(COMING, _coming(article, tag_ids), Value(0), F("appears_at")),
    ]
    if tag_ids:
        rules.append(_shares_a_tag(public, tag_ids))
    if article.section_id:
        section = public.filter(section=article.section_id)
        newer = section.filter(publish_at__gte=at).order_by("publish_at", "id")[:wanted]
        older = section.filter(publish_at__lt=at).order_by("-publish_at", "-id")[:wanted]
        for name, nearest in ((NEWER, newer), (OLDER, older)):
            rules.append(_rule(name, Article.objects.filter(pk__in=nearest.values("pk")), Value(0), F("publish_at")))
    return rules


def _rule(name: str, rows: QuerySet[Any, Any], number: Any, moment: Any) -> QuerySet[Any, Any]:
    named = rows.order_by().annotate(rule=Value(name, CharField()), number=number, moment=moment)
    return named.values_list("rule", "pk", "number", "moment")


def _shares_a_tag(public: QuerySet[Article], tag_ids: list[int]) -> QuerySet[Any, Any]:
    """Asked from the tags' side: asked from the articles' side, SQLite begins with every published one."""
    carriers = TaggedArticle.objects.filter(Exists(public.filter(pk=OuterRef("content_object"))), tag__in=_rare(tag_ids))
    named = carriers.annotate(rule=Value(TAG, CharField()))
    return named.values_list("rule", "content_object", "tag", "content_object__publish_at")


def _rare(tag_ids: list[int]) -> QuerySet[Any, Any]:
    """Those of the tags that at most ``RARE_TAG`` articles carry; looks no further than that."""
    others = TaggedArticle.objects.filter(tag=OuterRef("pk")).values("pk")
    one_too_many = Subquery(others[RARE_TAG : RARE_TAG + 1])
    return (
        Tag.objects.order_by().alias(one_too_many=one_too_many).filter(pk__in=tag_ids, one_too_many=None).values("pk")
    )


def _coming(article: Article, tag_ids: list[int]) -> QuerySet[Article]:
    """Articles that may enter the list by themselves: picked, in the section, or with a tag of ours."""
    tagged = Exists(TaggedArticle.objects.filter(content_object=OuterRef("pk"), tag__in=tag_ids))
    picked = Exists(Pick.objects.filter(article=article, target=OuterRef("pk")))
    enters = Q(section=article.section_id) | Q(picked)
    return Article.objects.coming().filter(enters | Q(tagged) if tag_ids else enters)
