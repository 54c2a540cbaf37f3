"""Where newsletters show what others ask about: stories that were mailed, sections whose stories are told."""

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Article, Section
from articles.registries import Use
from syndication.models import EditionStory, Newsletter

SHOWN = 20


def in_newsletters(item: Model) -> list[Use]:
    """The editions that told a story, the newest first; the newsletters of a section."""
    if isinstance(item, Article):
        rows = EditionStory.objects.filter(article=item, edition__mailed__gt=0).select_related("edition__newsletter")
        return [_mailed(row) for row in rows.order_by("-edition")[:SHOWN]]
    if isinstance(item, Section):
        words = _("Newsletter “%(name)s”")
        return [Use(words % {"name": row}, _address(row)) for row in Newsletter.objects.filter(section=item)[:SHOWN]]
    return []


def _mailed(row: EditionStory) -> Use:
    edition = row.edition
    when = date_format(timezone.localtime(edition.made_at), "j F Y, H:i")
    words = _("Mailed with “%(name)s” on %(when)s, to %(count)d")
    return Use(
        words % {"name": edition.newsletter, "when": when, "count": edition.mailed}, _address(edition.newsletter)
    )


def _address(newsletter: Newsletter) -> str:
    return reverse("admin:syndication_newsletter_sending", args=[newsletter.pk])
