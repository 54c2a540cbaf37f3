"""Addresses that search engines and other machines know by heart."""

from django.urls import path, re_path

from syndication.sitemaps import views

urlpatterns = [
    path("sitemap.xml", views.index, name="sitemap"),
    path("sitemaps/pages.xml", views.pages, name="sitemap_pages"),
    path("sitemaps/news.xml", views.news, name="news_sitemap"),
    re_path(
        r"^sitemaps/(?P<kind>stories|topics|authors)-(?P<number>[0-9]{1,9})\.xml$", views.part, name="sitemap_part"
    ),
    path("robots.txt", views.robots, name="robots"),
    path("llms.txt", views.llms, name="llms"),
    path(".well-known/security.txt", views.security, name="security"),
    path("security.txt", views.moved_security, name="old_security"),
    re_path(r"^(?:wp-sitemap|sitemap_index|sitemap-index)\.xml$", views.moved_sitemap, name="old_sitemap"),
]
