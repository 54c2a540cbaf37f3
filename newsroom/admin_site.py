"""The admin site: sign-in through allauth, a start page for each role, and the rooms in our own words."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, get_script_prefix, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from newsroom import start_page
from newsroom.audited import audited
from newsroom.edit_link import edit_link
from people.desk_mail import set_desk_mail

ROOMS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        gettext_lazy("Articles"),
        (
            "articles.Article",
            "articles.Calendar",
            "articles.Series",
            "articles.Section",
            "articles.Tag",
            "articles.Source",
        ),
    ),
    (gettext_lazy("Wires"), ("syndication.WireItem", "syndication.Feed", "syndication.WireRule")),
    (
        gettext_lazy("Curation"),
        ("curation.Pick", "curation.Campaign", "curation.Exclusion", "curation.KeptApart", "curation.*"),
    ),
    (gettext_lazy("Products"), ("products.Product", "products.Merchant", "products.*")),
    (
        gettext_lazy("Comments"),
        (
            *("comments.Comment", "comments.Rule", "comments.Ban", "comments.ModerationEntry", "comments.SecondLook"),
            *("comments.DeskDay", "comments.Learner", "comments.*"),
        ),
    ),
    (gettext_lazy("Pictures"), ("images.Image", "images.*")),
    (gettext_lazy("People"), ("people.Author", "people.User", "people.Invitation", "auth.Group")),
    (gettext_lazy("Site"), ("pages.*", "syndication.*", "articles.Redirect", "wastebin.Binned", "outbox.*", "*")),
)
"""The admin's parts in the order of a newsroom's day; ``app.*`` is the rest of an app, ``*`` whatever is left."""

NAMES: dict[str, Any] = {
    "articles.Article": gettext_lazy("All articles"),
    "curation.Pick": gettext_lazy("Desk health"),
    "products.Product": gettext_lazy("All products"),
    "syndication.WireItem": gettext_lazy("Wire desk"),
    "syndication.Feed": gettext_lazy("Wire feeds"),
    "syndication.WireRule": gettext_lazy("Wire rules"),
    "comments.Comment": gettext_lazy("Moderation"),
    "comments.ModerationEntry": gettext_lazy("My decisions"),
    "comments.SecondLook": gettext_lazy("Second look"),
    "comments.DeskDay": gettext_lazy("Figures"),
    "comments.Learner": gettext_lazy("What the score has learnt"),
    "images.Image": gettext_lazy("Picture library"),
    "people.User": gettext_lazy("Accounts"),
    "people.Invitation": gettext_lazy("Invitations"),
    "auth.Group": gettext_lazy("Roles"),
    "outbox.AuditEntry": gettext_lazy("History"),
    "pages.StaticPage": gettext_lazy("Pages"),
    "pages.MenuItem": gettext_lazy("Menus"),
}
"""What a list is called in the admin's navigation, where the model's own name would say it badly."""

NEVER_USED = {"account", "taggit", "mfa", "usersessions"}
"""Apps that bring admin screens nobody here has a use for, some of which would show secrets."""

_ROOMS = "_newsroom_rooms"


class NewsroomAdminSite(AdminSite):
    """Django's admin under our own name."""

    site_header = gettext_lazy("Newsroom")
    site_title = gettext_lazy("Newsroom")
    index_title = gettext_lazy("Today")
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register a screen with a trail of what is done on it; screens nobody has a use for are not registered."""
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        wanted = [model for model in models if model._meta.app_label not in NEVER_USED]
        if wanted:
            super().register(wanted, audited(admin_class or ModelAdmin), **options)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Hand over to allauth, which knows rate limits and second factors."""
        if self.has_permission(request):
            return HttpResponseRedirect(self._safe_next(request))
        if request.user.is_authenticated:
            return TemplateResponse(request, "account/no_desk.html", status=403)
        return redirect_to_login(self._safe_next(request), resolve_url(settings.LOGIN_URL))

    def _safe_next(self, request: HttpRequest) -> str:
        """Where they wanted to go, if that is a page of ours; else the start page."""
        wanted = request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
            return wanted
        return reverse("admin:index")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One form for it: allauth's, which also ends the sessions elsewhere."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Ours before Django's catch-all."""
        on_site = path("r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.on_site))
        mail = path("desk-mail/", self.admin_view(require_POST(self.desk_mail)), name="desk_mail")
        return [path("edit-link/", edit_link, name="edit_link"), on_site, mail, *super().get_urls()]

    def desk_mail(self, request: HttpRequest) -> HttpResponse:
        """POST ``wanted`` (``1``, or empty): switch one's own mail from colleagues on or off."""
        wanted = request.POST.get("wanted") == "1"
        set_desk_mail(request.user, wanted=wanted)  # type: ignore[arg-type]
        words = _("Colleagues reach you by mail again.") if wanted else _("No more mail; this page still tells you.")
        messages.success(request, words)
        return HttpResponseRedirect(reverse("admin:index"))

    def on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """Django's way from a screen to the site, for what this person may see at the desk; else 404."""
        kind = ContentType.objects.filter(pk=content_type_id).first() if _is_id(content_type_id) else None
        model = kind.model_class() if kind else None
        desk = self._registry.get(model) if model else None
        shown = desk.get_object(request, object_id) if desk and desk.has_view_permission(request) else None
        address = getattr(shown, "get_absolute_url", str)()
        if not address:
            raise Http404
        return HttpResponseRedirect(address)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The rooms with what this person may open; an app's own page keeps Django's list.

        A page may ask more than once, as the start page does: what it was told first stays true.
        """
        if app_label is not None:
            return super().get_app_list(request, app_label)
        if not hasattr(request, _ROOMS):
            setattr(request, _ROOMS, self._rooms(request))
        return getattr(request, _ROOMS)  # type: ignore[no-any-return]

    def _rooms(self, request: HttpRequest) -> list[Any]:
        screens = self._screens(request)
        _add_calendar(screens)
        _mark_current(screens.values(), request.path)
        return [room for name, wanted in ROOMS if (room := _room(name, _taken(screens, wanted)))]

    def _screens(self, request: HttpRequest) -> dict[str, dict[str, Any]]:
        """What this person may open, by the model's label: app by app, in the order of the models' own names."""
        apps: dict[str, list[dict[str, Any]]] = {}
        for model, desk in self._registry.items():
            perms = desk.get_model_perms(request) if desk.has_module_permission(request) else {}
            if any(perms.values()):
                apps.setdefault(model._meta.app_label, []).append(_screen(model, perms))
        ordered = [screen for app in apps.values() for screen in sorted(app, key=lambda screen: str(screen["name"]))]
        return {screen["model"]._meta.label: _renamed(screen) for screen in ordered}

    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The day's work of whoever looks."""
        desk = start_page.desk_of(request.user)  # type: ignore[arg-type]
        return super().index(request, {"desk": desk, "subtitle": None, "title": _("Today"), **(extra_context or {})})


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10  # noqa: PLR2004 - what every database calls a number


def _screen(model: type[Model], perms: dict[str, bool]) -> dict[str, Any]:
    """A line of the navigation: by the model's own name, and an address for whoever may look."""
    shown = perms.get("view") or perms.get("change")
    return {
        "model": model,
        "name": capfirst(model._meta.verbose_name_plural),
        "object_name": model._meta.object_name,
        "admin_url": _list_of(model, get_script_prefix()) if shown else None,
    }


def _renamed(screen: dict[str, Any]) -> dict[str, Any]:
    return screen | {"name": NAMES.get(screen["model"]._meta.label, screen["name"])}


@cache
def _list_of(model: type[Model], _prefix: str) -> str:
    """Where a model's list is; to work out half a hundred took a tenth of the time of every page of the desk."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def _add_calendar(models: dict[str, Any]) -> None:
    """The calendar beside the list, as it is no list of Django's, for whoever may open the articles."""
    articles = models.get("articles.Article")
    if articles:
        address = reverse("admin:articles_article_calendar")
        models["articles.Calendar"] = articles | {"name": _("Calendar"), "admin_url": address}


def _mark_current(models: Iterable[dict[str, Any]], path: str) -> None:
    """Say of the one screen that lies nearest above ``path`` how ``aria-current`` names it: ``page`` or ``true``."""
    above = [model for model in models if model["admin_url"] and path.startswith(model["admin_url"])]
    nearest = max(above, key=lambda model: len(model["admin_url"]), default=None)
    if nearest:
        nearest["current"] = "page" if nearest["admin_url"] == path else "true"


def _taken(models: dict[str, Any], wanted: tuple[str, ...]) -> list[Any]:
    """Take out of ``models`` what ``wanted`` names, in that order."""
    taken = []
    for pattern in wanted:
        prefix = pattern.removesuffix("*")
        names = [name for name in models if name == pattern or (pattern.endswith("*") and name.startswith(prefix))]
        taken += [models.pop(name) for name in names]
    return taken


def _room(name: Any, models: list[Any]) -> dict[str, Any] | None:
    if not models:
        return None
    first = models[0]["model"]._meta.app_label
    return {
        "name": name,
        "app_label": first,
        "app_url": reverse("admin:app_list", args=[first]),
        "has_module_perms": True,
        "models": models,
    }
