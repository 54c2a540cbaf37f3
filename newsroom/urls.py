"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path, re_path

from newsroom import health
from newsroom.metrics.views import metrics

handler400 = "newsroom.errors.bad_request"
handler403 = "newsroom.errors.forbidden"
handler404 = "newsroom.errors.not_found"
handler500 = "newsroom.errors.server_error"

urlpatterns = [
    re_path(r"^health/live/?$", health.live, name="health_live"),
    re_path(r"^health/(?:ready/?)?$", health.ready, name="health"),
    path("metrics", metrics, name="metrics"),
    path("admin/account/", include("people.urls")),
    path("admin/", admin.site.urls),
    path("media/", include("images.urls")),
    path("comments/", include("comments.urls")),
    path("related/", include("curation.urls")),
    path("preview/", include("articles.previews.urls")),
    path("", include("products.urls")),
    path("", include("syndication.urls")),
    path("", include("pages.urls")),
]
