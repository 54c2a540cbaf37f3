"""The admin site: sign-in through allauth, and a start page for each role."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _


class NewsroomAdminSite(AdminSite):
    """Django's admin under our own name."""

    site_header = _("Newsroom")
    site_title = _("Newsroom")
    index_title = _("Today")
    enable_nav_sidebar = True

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Hand over to allauth, which knows rate limits and second factors."""
        target = request.GET.get("next") or request.get_full_path()
        return redirect_to_login(target, resolve_url(settings.LOGIN_URL))
