"""Addresses of what leaves the site."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "syndication"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("syndication.api.urls")),
]
