"""Addresses of what leaves the site."""

from django.urls import URLPattern, URLResolver

app_name = "syndication"

urlpatterns: list[URLPattern | URLResolver] = []
