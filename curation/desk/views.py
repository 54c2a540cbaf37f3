"""The desk's page, and what is posted to it. Modules ask for JSON; forms without script get pages."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from articles.known import known_to
from articles.models import Section
from curation.desk import answers
from curation.desk.acting import ACTIONS, Done, MalformedError
from curation.desk.addresses import ARTICLE, SECTION
from curation.places import FRONT, Place, list_with
from pagecache.admin import row_or_404


@require_GET
@never_cache
def desk(request: HttpRequest, kind: str, pk: int = 0) -> HttpResponse:
    """The list. For the module: its parts, or 204 while it stands as ``?state=`` says."""
    place = place_of(request, kind, pk)
    if not answers.wants_json(request):
        return answers.page(request, place)
    row = list_with(place)
    if request.GET.get("state") == answers.state_of(row):
        return HttpResponse(status=204)
    return JsonResponse(answers.fresh(request, place, changed_by=answers.colleague(row, request)))


@require_GET
@never_cache
def found(request: HttpRequest, kind: str, pk: int = 0) -> HttpResponse:
    """What ``?q=`` finds, for this list."""
    place = place_of(request, kind, pk)
    return JsonResponse(answers.results(request, place))


@require_POST
def act(request: HttpRequest, kind: str, noun: str, pk: int = 0) -> HttpResponse:
    """Do one thing to the list, live at once."""
    place = place_of(request, kind, pk)
    before = list_with(place)
    try:
        done: Done = ACTIONS[noun](place, request.POST.dict(), request.user)
    except MalformedError as error:
        return answers.refused(request, place, " ".join(error.messages), 400)
    except ValidationError as error:
        return answers.refused(request, place, " ".join(error.messages), 422)
    except PermissionDenied as error:
        return answers.refused(request, place, str(error), 403)
    except Http404 as error:
        return answers.refused(request, place, str(error), 404)
    return answers.done(request, place, done, before)


def place_of(request: HttpRequest, kind: str, pk: int) -> Place:
    """The place of the list. Raises ``PermissionDenied`` for who has no desk, 404 for what they may not know of."""
    if not request.user.has_perm("curation.view_pick"):
        raise PermissionDenied(_("You may not see the lists beside articles."))
    if kind == ARTICLE:
        return row_or_404(known_to(request.user).select_related("section", "curated__changed_by"), pk)
    return row_or_404(Section.objects.all(), pk) if kind == SECTION else FRONT
