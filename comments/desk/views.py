"""The desk's page, and what is posted to it. The module asks for JSON; forms without script get pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comments import moderation
from comments.desk import acting, answers, detail
from comments.desk.asked import Asked
from comments.desk.news import news as told
from comments.desk.showing import counts_in_words, may_moderate, user_of
from comments.models import Comment
from comments.plain_text import neutral
from pagecache.admin import row_or_404

MAY_SEE = "comments.view_comment"

View = Callable[..., HttpResponse]


def refusals_in_words(view: View) -> View:
    """Answer what a verb refuses with its words and a 4xx."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except acting.MalformedError as error:
            return answers.refused(request, " ".join(error.messages), 400)
        except ValidationError as error:
            return answers.refused(request, " ".join(error.messages), 422)
        except moderation.OvertakenError as error:
            return answers.refused(request, str(error), 409)
        except PermissionDenied as error:
            return answers.refused(request, str(error), 403)

    return wrapper


@never_cache
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The list; for the module the rows behind ``?after=``."""
    _see(request)
    return answers.queue(request, Asked.read(request.GET))


@never_cache
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """What happened to the list since it was drawn."""
    _see(request)
    happened = told(Asked.read(request.GET), request.GET, by_email=may_moderate(request))
    return JsonResponse({**happened, "counts": counts_in_words()})


@require_POST
@refusals_in_words
def decisions(request: HttpRequest) -> HttpResponse:
    """A decision about one comment, a group or a selection."""
    _moderate(request)
    return answers.done(request, acting.decide(request.POST, user_of(request)))


@require_POST
@refusals_in_words
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what is named, or what was done last."""
    _moderate(request)
    return answers.done(request, acting.take_back(request.POST, user_of(request)), redraw=True)


@never_cache
@require_http_methods(["GET", "POST"])
@refusals_in_words
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment's words as they stand, and new ones for it; without script what was typed stays in its form."""
    _moderate(request)
    comment = _comment(pk)
    if request.method == "GET":
        return JsonResponse({"text": neutral(comment.text), "seen": acting.mark_of(comment.text)})
    try:
        return answers.done(request, acting.edit(comment, request.POST, user_of(request)), redraw=True)
    except (ValidationError, moderation.OvertakenError) as error:
        if answers.wants_json(request):
            raise
        return detail.page(request, comment, edit_problem=_in_words(error), typed=request.POST.get("text", ""))


@require_POST
@refusals_in_words
def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a comment is a staff pick."""
    _moderate(request)
    return answers.done(request, acting.feature(_comment(pk), request.POST, user_of(request)), redraw=True)


@require_POST
@refusals_in_words
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """A colleague's answer; with something amiss the text stays in the form."""
    _moderate(request)
    return detail.reply(request, _comment(pk))


@never_cache
@require_GET
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment with all that was done about it."""
    _see(request)
    return detail.page(request, _comment(pk))


def _see(request: HttpRequest) -> None:
    if not user_of(request).has_perm(MAY_SEE):
        raise PermissionDenied(_("You may not see the moderators' queue."))


def _moderate(request: HttpRequest) -> None:
    moderation.require(user_of(request))


def _comment(pk: int) -> Comment:
    return row_or_404(Comment.objects.select_related("article__section", "answers", "appeal"), pk)


def _in_words(error: ValidationError | moderation.OvertakenError) -> str:
    return " ".join(getattr(error, "messages", [str(error)]))
