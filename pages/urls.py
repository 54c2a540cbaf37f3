"""Addresses readers use."""

from django.urls import path, re_path

from pages import finding, series, views
from pages.answering import elsewhere
from pages.corrections import corrections

app_name = "pages"

urlpatterns = [
    path("", views.front, name="front"),
    path("archive/", finding.archive, name="archive"),
    path("search/", finding.search, name="search"),
    path("corrections/", corrections, name="corrections"),
    path("tag/<str:slug>/", views.tag, name="tag"),
    path("series/<slug:slug>/", series.series_page, name="series"),
    path("author/<slug:slug>/", views.author, name="author"),
    re_path(r"^(?P<section>[-\w]+)/(?P<slug>[-\w]*)-(?P<pk>[0-9]{1,18})/$", views.article, name="article"),
    path("<slug:slug>/", views.first_level, name="first_level"),
    re_path(r"^(?P<path>.+)$", elsewhere, name="elsewhere"),
]
