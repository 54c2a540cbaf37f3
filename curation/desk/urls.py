"""The desk's addresses, below ``/admin/curation/pick/``."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from curation.desk import views
from curation.desk.acting import ACTIONS
from curation.desk.addresses import ARTICLE, FRONT_PAGE, SECTION

_PREFIXES = {ARTICLE: "article/<int:pk>/", SECTION: "section/<int:pk>/", FRONT_PAGE: "front/"}


def desk_urls(site: AdminSite) -> list[URLPattern]:
    """Every address of the desk, each behind the admin's own door."""
    return [pattern for kind, prefix in _PREFIXES.items() for pattern in _of_one(site, kind, prefix)]


def _of_one(site: AdminSite, kind: str, prefix: str) -> list[URLPattern]:
    name, known = f"curation_desk_{kind}", {"kind": kind}
    act = site.admin_view(views.act)
    return [
        path(prefix, site.admin_view(views.desk), known, name=name),
        path(f"{prefix}found/", site.admin_view(views.found), known, name=f"{name}_found"),
        *(path(f"{prefix}{noun}/", act, known | {"noun": noun}, name=f"{name}_{noun}") for noun in ACTIONS),
    ]
