"""A reader reports a comment: a page of its own, which a script may show beside the comment."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments import reports
from comments.models import Comment
from comments.plain_text import encodable
from comments.reader_views.door import admit_form, client, fresh_token, guarded, private, see_other, wants_json
from comments.refusals import RefusedError
from comments.writer_forms import ReportForm

THANKS = reports.THANKS


@csrf_exempt
@private
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, comment_id: int) -> HttpResponse:
    """GET: the form. POST: the report."""
    if request.method == "POST":
        return _receive(request, comment_id=comment_id)
    comment = reports.find(comment_id)
    thanked = request.GET.get("said") == "thanks"
    if comment is None and not thanked:
        raise Http404
    return _page(request, comment, ReportForm(auto_id="report-%s"), thanked=thanked)


@guarded("complaint", "text", back="comments:report")
def _receive(request: HttpRequest, comment_id: int) -> HttpResponse:
    admit_form(request)
    comment = reports.find(comment_id)
    complaint, text = request.POST.get("complaint", ""), request.POST.get("text", "")
    try:
        if comment is None:
            raise reports.GoneError
        reports.report(comment, complaint, text, token=request.POST["token"], address=client(request))
    except RefusedError as refusal:
        return _refuse(request, comment, refusal, {"complaint": complaint, "text": text})
    if wants_json(request):
        return JsonResponse({"message": str(THANKS)}, status=201)
    return see_other("comments:report", comment_id, said="thanks")


def _refuse(
    request: HttpRequest, comment: Comment | None, refusal: RefusedError, typed: dict[str, str]
) -> HttpResponse:
    kept = {name: encodable(value) for name, value in typed.items()}
    form = refusal.form if isinstance(refusal, reports.UnfitReportError) else ReportForm(initial=kept)
    if wants_json(request):
        answer = {"message": str(refusal), "errors": form.errors, "token": fresh_token()}
        return JsonResponse(answer, status=refusal.status)
    form.auto_id = "report-%s"
    if form.is_bound:
        form.data = kept
    return _page(request, comment, form, refusal=refusal)


def _page(
    request: HttpRequest,
    comment: Comment | None,
    form: ReportForm,
    *,
    refusal: RefusedError | None = None,
    thanked: bool = False,
) -> HttpResponse:
    context = {
        "comment": comment,
        "article": comment.article if comment else None,
        "form": form,
        "refusal": refusal,
        "thanks": THANKS if thanked else "",
        "token": fresh_token(),
    }
    return render(request, "comments/own/report.html", context, status=refusal.status if refusal else 200)
