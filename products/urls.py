"""Where the links in the boxes lead."""

from django.urls import path

from products.going import go

app_name = "products"

urlpatterns = [path("go/<str:number>/", go, name="go")]
