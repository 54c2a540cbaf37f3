"""Addresses of what leaves the site."""

from django.urls import URLPattern, URLResolver, include, path

from syndication.newsletter.urls import urlpatterns as newsletter_urls

app_name = "syndication"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("syndication.published.urls")),
    path("", include("syndication.sitemaps.urls")),
    *newsletter_urls,
    path("api/v1/", include("syndication.api.urls")),
]
