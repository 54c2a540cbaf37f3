"""Pictures that public pages show."""

from django.urls import re_path

from images import views

app_name = "images"

urlpatterns = [
    re_path(r"^(?P<name>[0-9a-f]{2}/[0-9a-f]{32}\.(?:jpg|webp|avif))\Z", views.media, name="media"),
]
