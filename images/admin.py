"""Admin screens of this room."""

from django.contrib import admin

from images.models import Image
from pagecache.admin import KeyedAdmin


@admin.register(Image)
class ImageAdmin(KeyedAdmin):
    """The picture library."""

    search_fields = ("title", "alt", "caption", "credit")
