"""Pictures that public pages show."""

from django.urls import URLPattern

app_name = "images"

urlpatterns: list[URLPattern] = []
