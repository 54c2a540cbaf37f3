"""Finding stories: the archive with its filters, and search."""

from django.http import Http404, HttpRequest, HttpResponse


def archive(request: HttpRequest) -> HttpResponse:
    """The archive with its filters."""
    raise Http404


def search(request: HttpRequest) -> HttpResponse:
    """Search."""
    raise Http404
