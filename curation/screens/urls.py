"""Addresses of the screens about many lists, below ``/admin/curation/pick/``."""

from collections.abc import Callable
from functools import partial

from django.contrib.admin import AdminSite
from django.http import HttpResponse
from django.urls import URLPattern, path

from curation.screens.inward import inward_view
from curation.screens.record import record_view


def screen_urls(site: AdminSite) -> list[URLPattern]:
    """Every address, each behind the admin's own door."""

    def behind_door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return site.admin_view(partial(view, site=site))

    return [
        path("article/<int:pk>/inward/", behind_door(inward_view), name="curation_inward"),
        path("article/<int:pk>/record/", behind_door(record_view), name="curation_record"),
    ]
