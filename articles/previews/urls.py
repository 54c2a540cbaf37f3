"""What people outside reach with a link; an address without a good secret is like any that never was."""

from django.urls import path, re_path

from articles.previews import outside

app_name = "previews"

urlpatterns = [
    path("<str:token>/", outside.page, name="page"),
    re_path(
        r"^(?P<token>[^/]{1,100})/picture/(?P<name>[0-9a-f]{2}/[0-9a-f]{32}\.(?:jpg|webp|avif))\Z",
        outside.picture,
        name="picture",
    ),
]
