"""Where readers' pages tell what was seen."""

from django.urls import path

from curation.seen import seen

app_name = "curation"

urlpatterns = [path("seen/", seen, name="seen")]
