"""Where pictures are shown: what readers may fetch, and what must not be deleted."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import publishing
from articles.models import Article, BodyImage, Section, Series, Tag
from images.models import Image
from images.uses import MOST_SHOWN, Use

CHANGE_PAGE = "admin:articles_article_change"


def publicly_shown(image_ids: set[int]) -> set[int]:
    """Those of the pictures that a public article, a section, a topic page or a series shows now."""
    image_ids = set(Image.objects.usable().filter(pk__in=image_ids).values_list("pk", flat=True))
    public = Article.objects.public()
    shown: set[int | None] = set()
    for field in ("lead_picture", "social_picture"):
        shown |= set(public.filter(**{f"{field}__in": image_ids}).values_list(field, flat=True))
    shown |= set(
        BodyImage.objects.filter(image__in=image_ids, article__in=public.values("pk")).values_list("image", flat=True)
    )
    for model in (Section, Tag, Series):
        shown |= set(model.objects.filter(picture__in=image_ids).values_list("picture", flat=True))
    return {pk for pk in shown if pk is not None}


def draft_uses(image: Image) -> list[Use]:
    """Articles whose newest revision wants the picture while their public words do not."""
    wanted = Q(latest__state__lead_picture=image.pk) | Q(latest__state__social_picture=image.pk)
    wanted |= Q(latest__state__body__icontains=f'data-image="{image.pk}"')
    rows = Article.objects.for_desk().with_unseen_words().filter(wanted)[:MOST_SHOWN]
    return [
        Use(_("Article, not published yet: %(name)s") % {"name": row}, reverse(CHANGE_PAGE, args=[row.pk]), row)
        for row in rows
    ]


def have_bodies_rendered(image_ids: set[int]) -> None:
    """After the commit, the stored bodies that show these pictures follow their words and formats."""
    shown_by = BodyImage.objects.filter(image__in=image_ids).values_list("article", flat=True)
    publishing.have_rendered_again(set(shown_by), why=f"picture:{min(image_ids)}")
