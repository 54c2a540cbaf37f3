"""Addresses of what leaves the site."""

from django.urls import URLPattern, URLResolver

from syndication.newsletter.urls import urlpatterns as newsletter_urls

app_name = "syndication"

urlpatterns: list[URLPattern | URLResolver] = [*newsletter_urls]
