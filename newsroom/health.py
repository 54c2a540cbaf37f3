"""Whether this process lives, and whether it can serve: what load balancers and service managers ask.

Both say in a word what is amiss and nothing about why: anybody may read them.
"""

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from newsroom.probe import NoAnswerError, condition

OK = "ok"


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 from any process that answers at all; it asks nobody. One that does not should be started anew."""
    return JsonResponse({"status": OK})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 while the database answers in time and has every table of this release, else 503."""
    status = _status()
    return JsonResponse({"status": status}, status=200 if status == OK else 503)


def _status() -> str:
    try:
        pending = condition.ask().pending
    except NoAnswerError:
        return "the database does not answer in time"
    except Error:
        return "database unreachable"
    return "migrations are pending" if pending else OK
