"""The products beside one story, on a page of their own: both boxes as they will stand, why, and the switch."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from articles.known import known_state, known_to
from articles.models import Article
from articles.permissions import may_publish
from articles.previews.rendering import unstored
from articles.readiness.story import read
from pagecache.admin import row_or_404
from products import placing
from products.before_publishing import names_what_is_sold
from products.candidates import SENSITIVE
from products.reasons import beside, lines_of, to_be_called, without_offer
from products.templatetags.product_boxes import box_context


def article_urls(site: AdminSite) -> list[URLPattern]:
    """Every address, each behind the admin's own door; below ``/admin/products/product/``."""

    def behind_door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return site.admin_view(partial(view, site=site))

    return [
        path("article/<int:pk>/", behind_door(article_view), name="products_beside"),
        path("article/<int:pk>/boxes/", xframe_options_sameorigin(behind_door(boxes_view)), name="products_boxes"),
        path("article/<int:pk>/switch/", behind_door(switch_view), name="products_switch"),
    ]


@require_safe
def article_view(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    """Both boxes of the newest words that whoever looks may read, with the reason for each product."""
    article = _article(request, pk)
    state = known_state(request.user, article)
    shown = beside(article, state)
    context = {
        **site.each_context(request),
        "title": _("Products beside the story"),
        "article": article,
        "beside": shown,
        "top": lines_of(shown.boxes.top),
        "bottom": lines_of(shown.boxes.bottom),
        "without_offer": without_offer(shown.found),
        "conflicts": names_what_is_sold(article, asdict(state)),
        "called": [] if article.is_public() else to_be_called(article, state, read(state.body).text),
        "may_switch": placing.may_place(request.user, article, "change"),
        "may_waive": may_publish(request.user, article),
        "waiver_code": SENSITIVE,
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, "admin/products/beside.html", context)


@require_safe
def boxes_view(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    """The boxes themselves, as a reader's page shows them, for a frame."""
    article = _article(request, pk)
    state = known_state(request.user, article)
    top, bottom = beside(article, state).boxes
    boxes = {"top": box_context(top, "top"), "bottom": box_context(bottom, "bottom")}
    paid = boxes["top"]["paid"] or boxes["bottom"]["paid"]
    return unstored(render(request, "products/framed.html", {**boxes, "headline": state.headline, "paid": paid}))


@require_POST
def switch_view(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    """POST ``to``: ``off`` shows no products beside the story, ``on`` shows them again."""
    article = _article(request, pk)
    wanted = request.POST.get("to", "")
    if wanted not in {"off", "on"}:
        return HttpResponseBadRequest(_("Say whether the products are to be off or on."))
    placing.switch(article, off=wanted == "off", actor=request.user)
    return HttpResponseRedirect(reverse("admin:products_beside", args=[pk]))


def _article(request: HttpRequest, pk: int) -> Article:
    """The article, for those who may know of it and look at products."""
    actor: Any = request.user
    if not actor.has_perm("products.view_product"):
        raise PermissionDenied
    return row_or_404(known_to(actor), pk)
