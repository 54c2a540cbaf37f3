"""The uncached pages of *Leave a Reply*: form, preview, and the token for the form's script.

No cookie and no session: a post is known by its ``Origin``, and by a
single-use token that only these uncached pages hand out.
"""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from comments import submission, tokens
from comments.crowding import FULL
from comments.forms import TRAP, CommentForm
from comments.models import Comment, State
from comments.openness import is_open
from comments.pipeline.draft import Draft
from comments.pipeline.findings import Code, Finding
from comments.pipeline.trust import promise
from comments.plain_text import encodable
from comments.reader_views.door import body_length, client, personal, wants_json
from comments.refusals import BusyError, ForeignOriginError, InvalidError, RefusedError, TokenError
from comments.writer_forms import FOLLOW_CHOICES
from people.origin import Provenance, provenance

MAX_BODY = 1_000_000
"""Bytes; ten times the longest comment in its longest encoding. More is not read at all."""

FIELDS = ("text", "name", "email", "website", "parent", "follow", "browser_key", TRAP)


@csrf_exempt
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def article_comments(request: HttpRequest, article_id: int) -> HttpResponse:
    """GET: the form on a page of its own. POST: a comment to preview or to take."""
    article = Article.objects.public().select_related("section", "comment_settings").filter(pk=article_id).first()
    if article is None:
        raise Http404
    if request.method == "POST":
        return _receive(request, article)
    return _blank_form(request, article)


@personal
@require_safe
def token(request: HttpRequest) -> HttpResponse:
    """A fresh token, for a form on one of our own pages."""
    if provenance(request) is Provenance.FOREIGN:
        return JsonResponse({"message": str(ForeignOriginError.words)}, status=403)
    return JsonResponse({"token": tokens.issue(tokens.Origin.SCRIPT)})


def _blank_form(request: HttpRequest, article: Article) -> HttpResponse:
    raw = request.GET.get("reply_to", "")
    answered = submission.find_answered(article, raw) if raw else None
    if raw and answered is None:
        raise Http404
    return _form_page(request, article, CommentForm(), answered)


def _receive(request: HttpRequest, article: Article) -> HttpResponse:
    if body_length(request) > MAX_BODY:
        return render(request, "comments/too_long.html", {"article": article}, status=413)
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    source = provenance(request)
    address = client(request)
    try:
        if source is Provenance.FOREIGN:
            raise ForeignOriginError
        if FULL in request.META:
            raise BusyError
        if request.POST.get("action") == "edit":
            return _form_page(request, article, _filled(typed), submission.find_answered(article, typed["parent"]))
        raw = request.POST.get("token", "")
        if _needs_preview(request, raw, source):
            return _preview(request, submission.check(article, typed, address=address), typed)
        found = (Finding(Code.UNKNOWN_ORIGIN),) if source is Provenance.UNKNOWN else ()
        comment = submission.submit(article, typed, address=address, token=raw, found=found)
    except RefusedError as refusal:
        return _refuse(request, article, typed, refusal)
    return _taken(request, comment)


def _needs_preview(request: HttpRequest, raw: str, source: Provenance) -> bool:
    """Without a token; and without a browser's word where it comes from, unless the token is from a preview."""
    if not raw:
        return not wants_json(request)
    if source is Provenance.OURS:
        return False
    try:
        return tokens.read(raw).origin is not tokens.Origin.PREVIEW
    except tokens.TokenRefusedError:
        return False


def _taken(request: HttpRequest, comment: Comment) -> HttpResponse:
    address = reverse("comments:receipt", args=[comment.receipt])
    if wants_json(request):
        published = comment.state == State.APPROVED
        words = _("Thank you. Your comment is awaiting moderation: it appears once a moderator has read it.")
        if published:
            words = _("Thank you. Your comment stands under the article now.")
        return JsonResponse({"message": words, "receipt": address, "published": published}, status=201)
    response = redirect(address)
    response.status_code = 303
    return response


def _refuse(request: HttpRequest, article: Article, typed: dict[str, str], refusal: RefusedError) -> HttpResponse:
    if wants_json(request):
        response: HttpResponse = _refuse_script(refusal)
    elif isinstance(refusal, TokenError):
        response = _preview_again(request, article, typed, refusal)
    else:
        answered = submission.find_answered(article, typed["parent"])
        form = refusal.form if isinstance(refusal, InvalidError) else _filled(typed)
        response = _form_page(request, article, form, answered, refusal)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _refuse_script(refusal: RefusedError) -> JsonResponse:
    answer: dict[str, object] = {"message": str(refusal)}
    if isinstance(refusal, InvalidError):
        answer["errors"] = refusal.form.errors
    if isinstance(refusal, TokenError):
        answer["token"] = tokens.issue(tokens.Origin.SCRIPT)
    return JsonResponse(answer, status=refusal.status)


def _preview_again(request: HttpRequest, article: Article, typed: dict[str, str], refusal: TokenError) -> HttpResponse:
    """The text once more with a fresh token; ``check`` passed before the token was refused, but time goes on."""
    try:
        draft = submission.check(article, typed)
    except RefusedError as newer:
        return _refuse(request, article, typed, newer)
    return _preview(request, draft, typed, refusal)


def _preview(
    request: HttpRequest,
    draft: Draft,
    typed: dict[str, str],
    refusal: RefusedError | None = None,
) -> HttpResponse:
    context = {
        "article": draft.article,
        "draft": draft,
        "typed": {name: encodable(value) for name, value in typed.items()},
        "answered": draft.answers,
        "trap": TRAP,
        "token": tokens.issue(tokens.Origin.PREVIEW),
        "refusal": refusal,
    }
    return render(request, "comments/preview.html", context, status=refusal.status if refusal else 200)


def _filled(typed: dict[str, str]) -> CommentForm:
    """The form as it was typed, not judged."""
    return CommentForm(initial=typed)


def _form_page(
    request: HttpRequest,
    article: Article,
    form: CommentForm,
    answered: Comment | None,
    refusal: RefusedError | None = None,
) -> HttpResponse:
    if form.is_bound:
        form.data = {name: encodable(value) for name, value in form.data.items()}
    else:
        form.initial = {name: encodable(str(value)) for name, value in form.initial.items()}
    context = {
        "article": article,
        "form": form,
        "answered": answered,
        "is_open": is_open(article),
        "trap": TRAP,
        "follow_choices": FOLLOW_CHOICES,
        "follow": form.initial.get("follow") or form.data.get("follow", ""),
        "refusal": refusal,
        "who_reads": promise(article),
    }
    return render(request, "comments/form_page.html", context, status=refusal.status if refusal else 200)
