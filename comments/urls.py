"""Where comments are sent and receipts are read."""

from django.urls import path

from comments import views

app_name = "comments"

urlpatterns = [
    path("token/", views.token, name="token"),
    path("receipt/<slug:receipt>/", views.receipt, name="receipt"),
    path("<int:article_id>/", views.article_comments, name="article"),
]
