"""The desk's addresses, below ``/admin/comments/comment/``."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from comments.desk import views


def desk_urls(site: AdminSite) -> list[URLPattern]:
    """Every address of the desk, each behind the admin's own door."""
    door = site.admin_view
    return [
        path("", door(views.queue), name="comments_comment_changelist"),
        path("news/", door(views.news), name="comments_comment_news"),
        path("decisions/", door(views.decisions), name="comments_comment_decisions"),
        path("undo/", door(views.undo), name="comments_comment_undo"),
        path("<int:pk>/change/", door(views.comment), name="comments_comment_change"),
        path("<int:pk>/words/", door(views.words), name="comments_comment_words"),
        path("<int:pk>/pick/", door(views.pick), name="comments_comment_pick"),
        path("<int:pk>/reply/", door(views.reply), name="comments_comment_reply"),
    ]
