"""The pages behind a link for people outside: the story as readers would get it, its pictures, and the answer form.

Whoever has no good secret gets one and the same page, whatever is wrong with
theirs. No session, no cookie, nothing of the desk.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import PreviewAnswer, PreviewLink, Revision
from articles.previews import answering, links
from articles.previews.answering import TEXT_LENGTH, Said
from articles.previews.links import NAME_LENGTH
from articles.previews.rendering import Preview, preview_response, unstored
from articles.previews.working_story import own_pictures
from images.models import Image, RenditionName
from images.renditions import Rendition
from images.views import hidden
from people.origin import Provenance, provenance

P = ParamSpec("P")

MOST_BYTES = 100_000
"""Of a form; several times the longest answer in its longest encoding."""

STATUS = {"changed": 409, "refused": 403, "many": 429, "invalid": 400}


@dataclass(frozen=True)
class Shown:
    """What the page says around the story."""

    link: PreviewLink
    revision: Revision
    answers: list[PreviewAnswer]
    token: str
    said: Said = field(default_factory=Said)
    problem: str = ""
    problems: dict[str, list[str]] = field(default_factory=dict)
    name_length: int = NAME_LENGTH
    text_length: int = TEXT_LENGTH


def _for_link(
    view: Callable[Concatenate[HttpRequest, PreviewLink, str, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Open to whoever has a good secret; all others get the same page."""

    @wraps(view)
    def wrapper(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        link = links.find(token)
        if link is None:
            return _nothing(request)
        return view(request, link, token, *args, **kwargs)

    return wrapper


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_for_link
def page(request: HttpRequest, link: PreviewLink, token: str) -> HttpResponse:
    """GET: the story, and the form. POST: an answer; what was typed stays when it is refused."""
    if request.method == "POST":
        return _answer(request, link, token)
    links.note_opened(link)
    return _story(request, link, token)


@require_safe
@_for_link
def picture(request: HttpRequest, link: PreviewLink, token: str, name: str) -> HttpResponseBase:
    """A picture of the story that the link shows, and of no other."""
    revision = links.shown_by(link)
    known = RenditionName.objects.filter(stem=name.rpartition(".")[0]).select_related("image").first()
    own = own_pictures(revision) if revision is not None else set()
    if known is None or known.image_id not in own or not known.image.is_usable():
        return _nothing(request)
    response = hidden(known.image, name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _unstored_file(response)


def _nothing(request: HttpRequest) -> HttpResponse:
    return unstored(render(request, "previews/no_link.html", status=404))


def _unstored_file(response: Any) -> HttpResponseBase:
    kept: HttpResponseBase = unstored(response)
    return kept


def _answer(request: HttpRequest, link: PreviewLink, token: str) -> HttpResponse:
    """Store it, or the page again with what was typed and what is wrong."""
    said = Said(**{name: request.POST.get(name, "") for name in ("name", "verdict", "text")})
    try:
        if _length(request) > MOST_BYTES or provenance(request) is Provenance.FOREIGN:
            raise answering.FormRefusedError
        answering.answer(link, said, token=request.POST.get("form", ""))
    except PreviewLink.DoesNotExist:
        return _nothing(request)
    except ValidationError as error:
        return _story(request, link, token, "invalid", said=said, problems=error.message_dict)
    except answering.ChangedMeanwhileError:
        words = _("The story was changed while you read it. Please read it again below: this is the newest version.")
        return _story(request, link, token, "changed", said=said, problem=words)
    except answering.TooManyAnswersError:
        words = _("That is more answers than this link takes for now. Please write to the newsroom instead.")
        return _story(request, link, token, "many", said=said, problem=words)
    except answering.FormRefusedError:
        words = _("This could not be taken: the form was old, or came from another page. Please send it once more.")
        return _story(request, link, token, "refused", said=said, problem=words)
    return unstored(HttpResponseRedirect(reverse("previews:page", args=[token]) + "#answer", status=303))


def _story(request: HttpRequest, link: PreviewLink, token: str, state: str = "", **more: Any) -> HttpResponse:
    revision = links.shown_by(link)
    assert revision is not None  # noqa: S101 - a good link shows one
    shown = Shown(link, revision, answering.answers_of(link), answering.form_token(link, revision))
    shown = replace(shown, **more)

    def address(image: Image, made: Rendition) -> str:
        return reverse("previews:picture", args=[token, made["name"]])

    preview = Preview(notice=True, instead_of_comments="previews/_answer.html", shown=shown)
    response = preview_response(request, link.article, revision, preview=preview, address=address)
    response.status_code = STATUS.get(state, 200)
    return response


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
