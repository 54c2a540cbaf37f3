"""What has left the house with a story: editions mailed, feeds others fetch. Said before it goes or is corrected."""

from collections.abc import Sequence

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from articles.models.source import FeedTerms
from articles.permissions import Actor
from articles.registries import Standing, Use
from syndication.models import EditionStory
from syndication.newsletter.uses import in_newsletters
from syndication.terms import terms_of


class OutsideCopies:
    """Copies that no take-down reaches, and feeds that it does."""

    def of_one(self, article: Article, actor: Actor) -> list[Standing]:
        """The editions that told it, and its feeds. Two queries."""
        return [*_mailed(article), *_fed(article)]

    def of_many(self, articles: Sequence[Article], actor: Actor) -> dict[int, str]:
        """How many editions told each."""
        told = EditionStory.objects.filter(article__in=[article.pk for article in articles], edition__mailed__gt=0)
        counts = dict(told.order_by().values_list("article").annotate(Count("pk")))
        return {
            pk: ngettext("mailed with %(count)d edition", "mailed with %(count)d editions", count) % {"count": count}
            for pk, count in counts.items()
        }


def _mailed(article: Article) -> list[Standing]:
    editions = in_newsletters(article)
    if not editions:
        return []
    words = _("It was mailed to subscribers; what lies in their mailboxes stays as it was:")
    return [Standing(words, tuple(editions))]


def _fed(article: Article) -> list[Standing]:
    if not article.is_public() or terms_of(article) == FeedTerms.NONE:
        return []
    words = _("It stands in our feeds, and changes or leaves there at once; programs that fetched it keep their copy:")
    return [Standing(words, (Use(_("Feeds"), reverse("syndication:feeds")),))]
