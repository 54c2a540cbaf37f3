"""What this room says before a story goes out: gaps in its own list, and the lists it will join."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.known import known_to
from articles.models import Article
from articles.permissions import Actor
from articles.registries import Finding, Standing, Use
from articles.state import WorkingState
from curation import suggesting
from curation.models import Pick
from curation.related import entries_of

LIKELY = 3
"""Stories named as those beside which it is likely to be suggested."""


def lists_with_gaps(article: Article, state: dict[str, Any]) -> list[Finding]:
    """Picks that readers will not see, and a list too short to be of use."""
    shown = Article.objects.public().filter(pk=OuterRef("target"))
    hidden = Pick.objects.filter(article=article).filter(~Exists(shown)).count()
    findings = []
    if hidden:
        message = ngettext(
            "%(count)d pick is a story that readers cannot see now; the next one takes its place.",
            "%(count)d picks are stories that readers cannot see now; the next ones take their places.",
            hidden,
        )
        findings.append(Finding(message % {"count": hidden}, field="picks", code="picks-hidden"))
    if article.is_public() and (few := _too_few(article)) is not None:
        message = ngettext(
            "Only %(count)d story stands under Articles You May Like: pick some.",
            "Only %(count)d stories stand under Articles You May Like: pick some.",
            few,
        )
        findings.append(Finding(message % {"count": few}, field="picks", code="picks-few"))
    return findings


def lists_to_come(article: Article, state: WorkingState, actor: Actor) -> list[Standing]:
    """Where readers of other stories will find it: by editors' choice at once, by the engine soon."""
    return [*_picked(article), *_suggested(article, actor)]


def _too_few(article: Article) -> int | None:
    stand = len(entries_of({article.pk: article.linked_ids})[article.pk])
    return stand if stand < settings.RELATED_MINIMUM else None


def _picked(article: Article) -> list[Standing]:
    counted = Pick.objects.filter(target=article).aggregate(
        lists=Count("pk", filter=Q(article__isnull=False)), pages=Count("pk", filter=Q(article=None))
    )
    said = []
    if lists := counted["lists"]:
        message = ngettext(
            "Colleagues picked it for the list beside %(count)d story.",
            "Colleagues picked it for the lists beside %(count)d stories.",
            lists,
        )
        said.append(Standing(message % {"count": lists}))
    if pages := counted["pages"]:
        message = ngettext(
            "It is picked for a place on %(count)d page.", "It is picked for places on %(count)d pages.", pages
        )
        said.append(Standing(message % {"count": pages}))
    return said


def _suggested(article: Article, actor: Actor) -> list[Standing]:
    """The stories most like it, while it is not among readers' yet."""
    if article.is_public() or article.latest_id is None:
        return []
    ids = [target for target, _score, _reasons in suggesting.suggestions_for(article)[:LIKELY]]
    known = known_to(actor).in_bulk(ids) if ids else {}
    places = tuple(
        Use(str(known[pk]), reverse("admin:articles_article_change", args=[pk])) for pk in ids if pk in known
    )
    sentence = _("Within minutes the engine may suggest it beside the stories most like it:")
    return [Standing(sentence, places)] if places else []
