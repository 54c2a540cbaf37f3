"""Addresses of the newsletters."""

from django.urls import path

from syndication.newsletter import pages

urlpatterns = [
    path("newsletters/", pages.newsletters, name="newsletters"),
    path("newsletters/subscribe/", pages.subscribe, name="subscribe"),
    path("newsletters/stopped/", pages.stopped, name="newsletter_stopped"),
    path("newsletters/<slug:secret>/", pages.subscription, name="subscription"),
    path("newsletters/<slug:secret>/confirmation/", pages.confirmation, name="confirmation"),
    path("newsletters/<slug:secret>/stop/", pages.stop, name="newsletter_stop"),
]
