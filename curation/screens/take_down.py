"""What curation tells whoever is about to take an article down: where readers meet it, and what fills each gap."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from articles.permissions import Actor
from articles.registries import Standing, Use
from curation.inward import inward
from curation.models import Campaign, Exposure, Pick
from curation.pinned import Reached, Running, reached
from curation.screens.addresses import inward_of, may_look
from curation.screens.inward import Line, lists_in_words, parts, summary

NAMED = 20
"""Lists named on the page that asks; the inward view names more."""


class ListsThatShow:
    """The lists, front page, section pages and campaigns that show an article."""

    def of_one(self, article: Article, actor: Actor) -> list[Standing]:
        """With each list, and what follows in it."""
        found = inward(article)
        said = parts(found, actor)
        standings = []
        if said["pages"]:
            standings.append(Standing(_("It has a place of its own on these pages:"), _uses(said["pages"])))
        if said["campaigns"]:
            standings.append(Standing(_("By campaign:"), _uses(said["campaigns"])))
        lists = [*said["picked"], *said["pinned"], *said["filled"]]
        if lists:
            more = inward_of(article.pk) if may_look(actor) else ""
            standings.append(Standing(summary(article, found), _uses(lists[:NAMED]), more))
        return standings

    def of_many(self, articles: Sequence[Article], actor: Actor) -> dict[int, str]:
        """In figures: nine queries, however many articles there are."""
        ids = [article.pk for article in articles]
        picked = Pick.objects.filter(target__in=ids).order_by().values("target")
        counted = picked.annotate(
            lists=Count("pk", filter=Q(article__isnull=False)), pages=Count("pk", filter=Q(article=None))
        )
        picks = {row["target"]: (row["lists"], row["pages"]) for row in counted}
        engine = dict(Exposure.objects.filter(article__in=ids, lists__gt=0).values_list("article_id", "lists"))
        campaigns = _by_campaign(ids)
        told = {pk: _figures(*picks.get(pk, (0, 0)), engine.get(pk, 0)) for pk in ids}
        return {pk: words for pk in ids if (words := " · ".join([*told[pk], *campaigns.get(pk, ())]))}


def _by_campaign(ids: Sequence[int]) -> dict[int, list[str]]:
    """By article: what campaigns do with it, in words."""
    now = timezone.now()
    rows = list(Campaign.objects.filter(target__in=ids, ends__gt=now).order_by("starts", "pk"))
    shown = reached(rows, Running(now)) if rows else {}
    told: dict[int, list[str]] = {}
    for row in rows:
        found = shown.get(row.pk)
        words = _("a campaign is to show it") if found is None else _by_one(found)
        told.setdefault(row.target_id, []).append(words)
    return told


def _by_one(found: Reached) -> str:
    return _("shown by a campaign %(where)s") % {"where": lists_in_words(found)}


def _figures(picked: int, pages: int, engine: int) -> list[str]:
    said = [
        (picked, ngettext("picked in %d list", "picked in %d lists", picked)),
        (pages, ngettext("on %d page by an editor’s choice", "on %d pages by an editor’s choice", pages)),
        (engine, ngettext("suggested in %d list", "suggested in %d lists", engine)),
    ]
    return [text % number for number, text in said if number]


def _uses(lines: Iterable[Line]) -> tuple[Use, ...]:
    return tuple(Use(_told(line), line.url) for line in lines)


def _told(line: Line) -> str:
    return _("%(where)s, %(place)s; then: %(follows)s") % {
        "where": line.words,
        "place": line.place,
        "follows": line.follows,
    }
