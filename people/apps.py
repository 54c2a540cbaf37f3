"""Staff accounts and byline profiles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Who writes, and who signs in."""

    name = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        """Tell the pictures' room that portraits are public, the bin that profiles go there, and hear of sign-ins."""
        from images import publicity  # noqa: PLC0415 - needs loaded models
        from people import binned, invitations, letters, signs  # noqa: F401, PLC0415
        from people.models import Author  # noqa: PLC0415

        def portraits(image_ids: set[int]) -> set[int]:
            found = Author.objects.filter(portrait__in=image_ids).values_list("portrait", flat=True)
            return {pk for pk in found if pk is not None}

        publicity.public_uses.append(portraits)
        binned.register_all()
        signs.connect()
