"""Everything that belongs to an e-mail address, for its owner: asked for here, reached by a mailed link."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comments import erasure, own_comments
from comments.models import OwnLink, State
from comments.plain_text import encodable
from comments.reader_views.door import admit, admit_form, client, fresh_token, guarded, private, see_other
from comments.refusals import RefusedError
from comments.writer_forms import OwnForm

SHOWN = 200
"""Comments on the page; the file has all."""


@private
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """A form for an address; after it was sent, the answer that everybody gets."""
    return _form_page(request, OwnForm(auto_id="own-%s"), was_asked=request.GET.get("said") == "asked")


@guarded("email", back="comments:ask_own")
def request_link(request: HttpRequest) -> HttpResponse:
    """Has the link mailed; answers the same whether anything belongs to the address or not."""
    admit_form(request)
    email = request.POST.get("email", "")
    try:
        own_comments.ask(email, token=request.POST["token"], address=client(request))
    except RefusedError as refusal:
        return _form_page(request, _refused_form(email, refusal), refusal=refusal)
    return see_other("comments:ask_own", said="asked")


@private
@require_safe
def own(request: HttpRequest, secret: str) -> HttpResponse:
    """All that belongs to the address the link was mailed to."""
    link = _link(secret)
    found = erasure.everything(link.email)
    comments = [_readable(row) for row in found["comments"][-SHOWN:]]
    context = {
        "secret": secret,
        "found": found,
        "comments": comments,
        "more": len(found["comments"]) - len(comments),
        "until": link.at + own_comments.GOOD_FOR,
        "token": fresh_token(),
    }
    return render(request, "comments/own/all.html", context)


@private
@require_safe
def download(request: HttpRequest, secret: str) -> HttpResponse:
    """The same as a file."""
    response = JsonResponse(erasure.everything(_link(secret).email), json_dumps_params={"indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="comments.json"'
    return response


@guarded("sure", back="comments:own")
def erase(request: HttpRequest, secret: str) -> HttpResponse:
    """Erases it all, if the box says that they are sure."""
    link = admit(request, own_comments.links(secret))
    if not request.POST.get("sure"):
        return see_other("comments:own", secret, said="unsure")
    erasure.erase(link.email, token=request.POST["token"])
    return see_other("comments:erased")


@private
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """That it is gone."""
    return render(request, "comments/own/erased.html")


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """A comment of the file with its moment and state as a person reads them."""
    return {**row, "written_at": datetime.fromisoformat(row["written"]), "state_in_words": State(row["state"]).label}


def _link(secret: str) -> OwnLink:
    link = own_comments.links(secret).first()
    if link is None:
        raise Http404
    return link


def _refused_form(email: str, refusal: RefusedError) -> OwnForm:
    if not isinstance(refusal, own_comments.UnfitAddressError):
        return OwnForm(initial={"email": encodable(email)}, auto_id="own-%s")
    refusal.form.auto_id = "own-%s"
    refusal.form.data = {"email": encodable(email)}
    return refusal.form


def _form_page(
    request: HttpRequest, form: OwnForm, *, refusal: RefusedError | None = None, was_asked: bool = False
) -> HttpResponse:
    context = {"form": form, "refusal": refusal, "was_asked": was_asked, "token": fresh_token()}
    return render(request, "comments/own/ask.html", context, status=refusal.status if refusal else 200)
