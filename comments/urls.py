"""Where comments are sent and receipts are read."""

from django.urls import URLPattern

app_name = "comments"

urlpatterns: list[URLPattern] = []
