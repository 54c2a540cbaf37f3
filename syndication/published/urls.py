"""Addresses of feeds and ninjs: all of ours under ``/feeds/``, where no section and no page can stand."""

from django.urls import path, re_path

from syndication.published import views
from syndication.published.old_addresses import old_feed

FORM = r"(?P<form>rss\.xml|atom\.xml|feed\.json|ninjs\.json)"
FEED_FORM = r"(?P<form>rss\.xml|atom\.xml|feed\.json)"

urlpatterns = [
    path("feeds/", views.feeds, name="feeds"),
    path("feeds/search/ninjs.json", views.search, name="search"),
    re_path(rf"^feeds/{FORM}$", views.feed, name="site_feed"),
    re_path(rf"^feeds/(?P<kind>section|tag|author)/(?P<slug>[^/]+)/{FORM}$", views.feed, name="feed"),
    re_path(r"^feeds/article/(?P<pk>[0-9]{1,18})/ninjs\.json$", views.story, name="story"),
    re_path(rf"^feeds/article/(?P<pk>[0-9]{{1,18}})/comments/{FEED_FORM}$", views.comments, name="comments"),
    re_path(r"^feed/(?:(?P<form>rss|rss2|rdf|atom)/)?$", old_feed, name="old_site_feed"),
    re_path(r"^(?P<path>[^\x00]{1,400}?)/feed/(?:(?P<form>rss|rss2|rdf|atom)/)?$", old_feed, name="old_feed"),
]
