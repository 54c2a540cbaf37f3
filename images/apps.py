"""Pictures, their renditions, and which of them are public."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImagesConfig(AppConfig):
    """The picture library."""

    name = "images"
    verbose_name = _("Pictures")

    def ready(self) -> None:
        """Register what runs after a commit, and that pictures go into the bin."""
        from images import deletion, files, publicity, variants  # noqa: F401, PLC0415

        deletion.register_kind()
