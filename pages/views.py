"""The public pages."""

from django.http import Http404, HttpRequest, HttpResponse


def front(request: HttpRequest) -> HttpResponse:
    """The front page."""
    raise Http404


def archive(request: HttpRequest) -> HttpResponse:
    """The archive with its filters."""
    raise Http404


def search(request: HttpRequest) -> HttpResponse:
    """Search."""
    raise Http404


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic page."""
    raise Http404


def author(request: HttpRequest, slug: str) -> HttpResponse:
    """An author's page."""
    raise Http404


def article(request: HttpRequest, section: str, slug: str, pk: str) -> HttpResponse:
    """An article."""
    raise Http404


def first_level(request: HttpRequest, slug: str) -> HttpResponse:
    """A section or a static page."""
    raise Http404
