"""``/go/<id>/``: on to a shop, counted. It leads where the stored offer leads, and nowhere else."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pagecache.admin import is_id
from people import visitors
from products import clicks
from products.models import Offer


@require_safe
def go(request: HttpRequest, number: str) -> HttpResponse:
    """302 to the offer's stored link; 404 for what never was an offer, 410 for one that has ended or is retired.

    Of the query only ``a`` (an article) and ``p`` (a place) are looked at, and only counted.
    """
    offer = Offer.objects.select_related("product").filter(pk=int(number)).first() if is_id(number) else None
    if offer is None:
        raise Http404
    if not offer.is_live:
        return _never_kept(render(request, "errors/410.html", status=410))
    if request.method == "GET" and visitors.counts(request):
        article, place = request.GET.get("a", ""), request.GET.get("p", "")
        address = str(request.META.get("REMOTE_ADDR", ""))
        clicks.count(offer, clicks.number_of(article), clicks.place_of(place), address=address)
    response = _never_kept(HttpResponseRedirect(offer.url))
    response.headers["Referrer-Policy"] = "no-referrer-when-downgrade"
    return response


def _never_kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
