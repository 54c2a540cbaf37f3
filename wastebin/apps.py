"""What was deleted, for as long as it can be brought back."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WastebinConfig(AppConfig):
    """A room every other may put things into."""

    name = "wastebin"
    verbose_name = _("Bin")

    def ready(self) -> None:
        """Have the job registered that empties it."""
        from wastebin import purging  # noqa: F401, PLC0415
