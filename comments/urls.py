"""Where comments are sent and receipts are read."""

from django.urls import path

from comments import thread_views, views

app_name = "comments"

urlpatterns = [
    path("token/", views.token, name="token"),
    path("receipt/<slug:receipt>/", views.receipt, name="receipt"),
    path("at/<int:comment_id>/", thread_views.permalink, name="permalink"),
    path("<int:article_id>/", views.article_comments, name="article"),
    path("<int:article_id>/thread/", thread_views.thread, name="thread"),
]
