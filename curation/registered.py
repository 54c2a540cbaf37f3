"""What this room hangs into articles: where an article is picked."""

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article
from articles.registries import Use
from curation.models import Pick

USES_SHOWN = 50
"""Uses named one by one; a person reads no more."""


def picked_on(item: Model) -> list[Use]:
    """The articles and pages whose list shows ``item`` by an editor's choice."""
    if not isinstance(item, Article):
        return []
    rows = Pick.objects.filter(target=item).select_related("article", "article__latest", "section")
    return [_use(row) for row in rows.order_by("-picked_at")[:USES_SHOWN]]


def _use(row: Pick) -> Use:
    if row.article is not None:
        words = _("Picked for the list beside “%(article)s”") % {"article": row.article}
        return Use(words, reverse("admin:articles_article_change", args=[row.article_id]), row.article_id)
    if row.section is not None:
        words = _("Picked for the page of the section “%(section)s”") % {"section": row.section}
        return Use(words, row.section.get_absolute_url())
    return Use(_("Picked for the front page"), reverse("pages:front"))


def pictures_of_picks(image_ids: set[int]) -> set[int]:
    """Those of the pictures that a pick shows in place of its article's own."""
    return set(Pick.objects.filter(picture__in=image_ids).values_list("picture_id", flat=True))
