"""The links in mails about comments: to confirm an address, and to stop.

Opening one shows a button; only pressing it does anything, as programs that
look for viruses open every link. The one exception is the POST of a mail
program's own *Unsubscribe* (RFC 8058), which brings neither cookie nor token.
"""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from comments import browser_keys, subscriptions
from comments.models import Subscription
from comments.reader_views.door import admit, fresh_token, guarded, private, see_other
from pagecache.admin import is_id


@private
@require_safe
def subscription(request: HttpRequest, secret: str) -> HttpResponse:
    """What was asked for, and a button to confirm it."""
    row = _rows(secret).first()
    if row is None:
        raise Http404
    context = {"row": row, "article": _article(row), "token": fresh_token(), "asked_with": request.GET.get("with", "")}
    return render(request, "comments/own/confirm.html", context)


@guarded("with", back="comments:subscription")
def confirmation(request: HttpRequest, secret: str) -> HttpResponse:
    """The owner of the address gives their word; their browser may keep a proof of it.

    The first time only: later the same secret stands in every mail, which people pass on.
    """
    row = admit(request, _rows(secret))
    with_comment = request.POST.get("with", "")
    asked_with = int(with_comment) if is_id(with_comment) else None
    is_first = subscriptions.confirm(row, token=request.POST["token"], asked_with=asked_with)
    key = browser_keys.issue(row.email) if is_first else ""
    context = {"row": row, "article": _article(row), "browser_key": key}
    return render(request, "comments/own/confirmed.html", context)


@csrf_exempt
@private
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """GET: a button, and all that this address follows. POST: no more of it, at once, whoever sends it."""
    row = _rows(secret).first()
    if request.method == "POST":
        if row:
            subscriptions.stop(row)
        return see_other("comments:stopped")
    if row is None:
        return see_other("comments:stopped")
    context = {
        "row": row,
        "article": _article(row),
        "others": [_described(other) for other in subscriptions.of_address(row.email).exclude(pk=row.pk)],
        "token": fresh_token(),
    }
    return render(request, "comments/own/stop.html", context)


@guarded(back="comments:stop")
def stop_all(request: HttpRequest, secret: str) -> HttpResponse:
    """No more mail to this address."""
    row = admit(request, _rows(secret))
    subscriptions.stop_all(row.email, token=request.POST["token"])
    return see_other("comments:stopped")


@private
@require_safe
def stopped(request: HttpRequest) -> HttpResponse:
    """That it is over; also what a link shows whose work was done before."""
    return render(request, "comments/own/stopped.html")


def _rows(secret: str) -> QuerySet[Subscription]:
    return Subscription.objects.filter(secret=secret)


def _article(row: Subscription) -> Article | None:
    return Article.objects.public().select_related("section").filter(pk=row.article_id).first()


def _described(row: Subscription) -> dict[str, object]:
    """For the list: the article is named only where readers may see it."""
    return {"row": row, "article": row.article if row.article.is_public() else None}
