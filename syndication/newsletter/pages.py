"""The pages of newsletters: subscribe, confirm, stop.

Opening a mailed link shows a button; only pressing it does anything, as
programs that look for viruses open every link. The one exception is the POST
of a mail program's own *Unsubscribe* (RFC 8058), which brings neither cookie
nor token.
"""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comments.reader_views.door import admit, admit_form, client, fresh_token, guarded, personal, private, see_other
from comments.refusals import RefusedError
from syndication.models import Newsletter, Subscriber
from syndication.newsletter import subscribing
from syndication.newsletter.subscribing import SubscribeForm


@personal
@require_safe
def newsletters(request: HttpRequest) -> HttpResponse:
    """Which newsletters there are, and a form; after it was sent, the answer that everybody gets."""
    chosen = Newsletter.objects.filter(is_open=True, slug=request.GET.get("newsletter", "")[:60]).first()
    first = chosen or Newsletter.objects.filter(is_open=True).first()
    form = SubscribeForm(initial={"newsletter": first}, auto_id="letter-%s")
    return _page(request, form, was_asked=request.GET.get("said") == "asked")


@guarded("newsletter", "email", back="syndication:newsletters")
def subscribe(request: HttpRequest) -> HttpResponse:
    """Has the address asked; answers the same whatever it gets already."""
    admit_form(request)
    form = SubscribeForm(request.POST, auto_id="letter-%s")
    try:
        subscribing.ask(form, token=request.POST["token"], address=client(request))
    except RefusedError as refusal:
        return _page(request, form, refusal=refusal)
    return see_other("syndication:newsletters", said="asked")


@private
@require_safe
def subscription(request: HttpRequest, secret: str) -> HttpResponse:
    """What was asked for, and a button to confirm it."""
    row = _rows(secret).first()
    if row is None:
        raise Http404
    return render(request, "syndication/newsletter/confirm.html", {"row": row, "token": fresh_token()})


@guarded(back="syndication:subscription")
def confirmation(request: HttpRequest, secret: str) -> HttpResponse:
    """The owner of the address gives their word."""
    row = admit(request, _rows(secret))
    subscribing.confirm(row, token=request.POST["token"])
    return render(request, "syndication/newsletter/confirmed.html", {"row": row})


@csrf_exempt
@private
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """GET: a button. POST: no more of it, at once, whoever sends it."""
    row = _rows(secret).first()
    if row is not None and request.method != "POST":
        return render(request, "syndication/newsletter/stop.html", {"row": row})
    if row is not None:
        subscribing.stop(row)
    return see_other("syndication:newsletter_stopped")


@private
@require_safe
def stopped(request: HttpRequest) -> HttpResponse:
    """That it is over; also what a link shows whose work was done before."""
    return render(request, "syndication/newsletter/stopped.html")


def _rows(secret: str) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(secret=secret).select_related("newsletter")


def _page(
    request: HttpRequest, form: SubscribeForm, *, refusal: RefusedError | None = None, was_asked: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "open": Newsletter.objects.filter(is_open=True),
        "refusal": refusal,
        "was_asked": was_asked,
        "token": fresh_token(),
    }
    status = refusal.status if refusal else 200
    return render(request, "syndication/newsletter/newsletters.html", context, status=status)
