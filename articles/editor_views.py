"""What the rich-text editor asks the server for: pictures, our own articles, a pasted text cleaned."""

from collections.abc import Iterable
from functools import reduce
from operator import and_
from typing import Any, TypeVar

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import date as format_date
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from articles import body
from articles.models import Article
from images.models import Image
from images.renditions import best

PICTURES_A_PAGE = 24
ARTICLES_FOUND = 8
PREVIEW_WIDTH = 480
MOST_IDS = 200
MAX_QUERY = 200
MAX_WORDS = 6

M = TypeVar("M", bound=Model)


def editor_urls(site: AdminSite) -> list[URLPattern]:
    """Addresses below the article's admin."""
    return [
        path("editor/pictures/", site.admin_view(choose_images), name="articles_editor_pictures"),
        path("editor/articles/", site.admin_view(link_search), name="articles_editor_articles"),
        path("editor/clean/", site.admin_view(clean_paste), name="articles_editor_clean"),
    ]


@require_GET
def choose_images(request: HttpRequest) -> JsonResponse:
    """Pictures of the library: those of ``?ids=1,2``, else page ``?page=`` of what matches ``?q=``, newest first."""
    _require(request, "images.view_image")
    if "ids" in request.GET:
        ids = [int(part) for part in request.GET["ids"].split(",")[:MOST_IDS] if _is_id(part)]
        return JsonResponse({"pictures": [_described(image) for image in Image.objects.filter(pk__in=ids)]})
    page = request.GET.get("page", "1")
    start = (int(page) - 1) * PICTURES_A_PAGE if _is_id(page) and 1 <= int(page) <= 1_000 else 0  # noqa: PLR2004
    found = _with_words(Image.objects.all(), request.GET.get("q", ""), ("title", "alt", "caption", "credit"))
    rows = list(found.order_by("-uploaded_at", "-id")[start : start + PICTURES_A_PAGE + 1])
    more = len(rows) > PICTURES_A_PAGE
    return JsonResponse({"pictures": [_described(image) for image in rows[:PICTURES_A_PAGE]], "more": more})


@require_GET
def link_search(request: HttpRequest) -> JsonResponse:
    """Public articles whose headline has the words of ``?q=``, newest first: what a story may link to."""
    _require(request, "articles.add_article", "articles.change_article")
    query = request.GET.get("q", "")
    if not query.strip():
        return JsonResponse({"articles": []})
    found = _with_words(Article.objects.public().select_related("section"), query, ("headline",))
    newest = found.only("headline", "slug", "publish_at", "section__name", "section__slug").newest_first()  # type: ignore[attr-defined]
    return JsonResponse({"articles": [_linkable(article) for article in newest[:ARTICLES_FOUND]]})


@require_POST
def clean_paste(request: HttpRequest) -> HttpResponse:
    """What the story would store of a pasted ``html``."""
    _require(request, "articles.add_article", "articles.change_article")
    try:
        return JsonResponse({"html": body.clean(request.POST.get("html", ""))})
    except body.BodyRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)


def _require(request: HttpRequest, *permissions: str) -> None:
    """Raise ``PermissionDenied`` unless the user has one of ``permissions``."""
    if not any(request.user.has_perm(permission) for permission in permissions):
        raise PermissionDenied


def _with_words(rows: QuerySet[M], query: str, fields: Iterable[str]) -> QuerySet[M]:
    """Rows that have each word of ``query`` in one of ``fields``."""
    words = query[:MAX_QUERY].replace("\0", "").split()[:MAX_WORDS]
    matches = [reduce(lambda a, b: a | b, (Q(**{f"{field}__icontains": word}) for field in fields)) for word in words]
    return rows.filter(reduce(and_, matches)) if matches else rows


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19  # noqa: PLR2004


def _described(image: Image) -> dict[str, Any]:
    return {
        "id": image.pk,
        "title": image.title,
        "alt": image.alt,
        "caption": image.caption,
        "credit": image.credit,
        "preview": _preview(image, "3:2"),
        "whole": _preview(image, "full"),
        "expired": image.usable_until is not None and image.usable_until <= timezone.now(),
    }


def _preview(image: Image, ratio: str) -> str:
    """Where the desk sees a small version of a picture, public or not; empty while none is made."""
    made = best(image, ratio, PREVIEW_WIDTH)
    return reverse("admin:images_image_preview", args=[image.pk, made["name"]]) if made else ""


def _linkable(article: Article) -> dict[str, Any]:
    return {
        "headline": article.headline,
        "section": str(article.section or ""),
        "date": format_date(timezone.localtime(article.publish_at or timezone.now()), "j F Y"),
        "url": article.get_absolute_url(),
    }
