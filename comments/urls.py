"""Where comments are sent and reported, and the private pages of readers."""

from django.urls import path

from comments import thread_views, views
from comments.reader_views import mail, own, receipt, report

app_name = "comments"

urlpatterns = [
    path("token/", views.token, name="token"),
    path("receipt/<slug:receipt>/", receipt.receipt, name="receipt"),
    path("receipt/<slug:receipt>/words/", receipt.words, name="words"),
    path("receipt/<slug:receipt>/withdrawal/", receipt.withdrawal, name="withdrawal"),
    path("receipt/<slug:receipt>/appeal/", receipt.appeal, name="appeal"),
    path("receipt/<slug:receipt>/follow/", receipt.follow, name="follow"),
    path("mail/stopped/", mail.stopped, name="stopped"),
    path("mail/<slug:secret>/", mail.subscription, name="subscription"),
    path("mail/<slug:secret>/confirmation/", mail.confirmation, name="confirmation"),
    path("mail/<slug:secret>/stop/", mail.stop, name="stop"),
    path("mail/<slug:secret>/stop/all/", mail.stop_all, name="stop_all"),
    path("yours/", own.ask, name="ask_own"),
    path("yours/link/", own.request_link, name="request_own"),
    path("yours/erased/", own.erased, name="erased"),
    path("yours/<slug:secret>/", own.own, name="own"),
    path("yours/<slug:secret>/comments.json", own.download, name="own_file"),
    path("yours/<slug:secret>/erasure/", own.erase, name="erase"),
    path("<int:article_id>/", views.article_comments, name="article"),
    path("<int:comment_id>/report/", report.report, name="report"),
    path("at/<int:comment_id>/", thread_views.permalink, name="permalink"),
    path("<int:article_id>/thread/", thread_views.thread, name="thread"),
]
