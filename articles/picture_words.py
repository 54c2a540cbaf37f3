"""What the module that puts a lead picture in needs to know: where to, which files, and its words."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from images.admin_forms import ACCEPT
from images.models import Image
from images.reading import MAX_BYTES


def upload_settings() -> dict[str, Any]:
    """As JSON in the field's ``data-upload``."""
    return {
        "address": reverse("admin:images_image_take_in"),
        "accept": ACCEPT,
        "mostBytes": MAX_BYTES,
        "mostAlt": Image._meta.get_field("alt").max_length,
        "mostCredit": Image._meta.get_field("credit").max_length,
        "words": {
            "upload": _("Upload a picture…"),
            "drop": _("or drop one here"),
            "title": _("Upload the lead picture"),
            "alt": _("What it shows"),
            "altHelp": _("For people who cannot see it. Needed before the story is published."),
            "credit": _("Credit"),
            "creditHelp": _("Photographer or agency."),
            "send": _("Upload and use it"),
            "sending": _("Uploading…"),
            "cancel": _("Cancel"),
            "done": _("“%name” is in the library and is the lead picture."),
            "known": _("The library has this picture already, as “%name”; it is the lead picture now."),
            "large": _("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 1024 // 1024},
            "failed": _("The server did not answer. What you typed is still here; try again."),
        },
    }
