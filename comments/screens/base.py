"""What the moderators' screens have in common: one door each, a page number, and words for what went wrong."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from comments.about import known_articles
from comments.models import Comment
from comments.moderation import PERMISSION
from pagecache.admin import KeyedAdmin, is_id
from people.models import User

LAST_PAGE = 200

READ = ("GET", "HEAD")
WRITE = ("POST",)

View = Callable[..., HttpResponse]


class ScreenAdmin(KeyedAdmin):
    """A screen of its own in the place of Django's lists and forms; ``permission`` opens all of it."""

    permission = PERMISSION

    class Media:
        css = {"all": ("desk/comments/screens.css",)}

    def has_module_permission(self, request: HttpRequest) -> bool:
        """In the navigation of those who may."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether they may do what this screen is for."""
        return bool(request.user.has_perm(self.permission))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows are made by verbs."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are changed by verbs."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows go by verbs."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Only what a screen says itself, and a closed door where Django's form for a new row would be."""
        return [
            *self.addresses(),
            path("add/", self.door(self.closed, "GET", "HEAD", "POST")),
        ]

    def addresses(self) -> list[URLPattern]:
        """The screen's own addresses."""
        return []

    def door(self, view: View, *methods: str) -> View:
        """``view`` for those who may, by these methods."""

        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return require_http_methods(methods)(view)(request, *args, **kwargs)

        return self.admin_site.admin_view(opened)

    def closed(self, request: HttpRequest) -> HttpResponse:
        """Nothing is added here."""
        raise PermissionDenied

    def screen(
        self,
        request: HttpRequest,
        name: str,
        *,
        status: int = 200,
        comments: Iterable[Comment] = (),
        **context: Any,
    ) -> HttpResponse:
        """The template ``name`` of the comments' desk; it names the articles of ``comments`` that may be known of."""
        shown = list(comments)
        known = known_articles(shown, staff(request)) if shown else {}
        base = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "known": known}
        return TemplateResponse(request, f"admin/comments/{name}.html", {**base, **context}, status=status)


def staff(request: HttpRequest) -> User:
    """Who acts: the person signed in. The door lets in nobody else."""
    return cast("User", request.user)


def page_asked(request: HttpRequest) -> int:
    """The page an address asks for, from 1; anything odd is the first."""
    raw = request.GET.get("p", "")
    return min(max(int(raw), 1), LAST_PAGE) if is_id(raw) else 1


def row_asked(raw: str) -> int:
    """The number of a row; 0, which no row has, for anything that is none."""
    return int(raw) if is_id(raw) else 0


def tell(form: Form, error: ValidationError) -> None:
    """Put a verb's objection beside the fields it is about."""
    for name, errors in error.error_dict.items() if hasattr(error, "error_dict") else [(None, error)]:
        form.add_error(name if name in form.fields else None, errors)
