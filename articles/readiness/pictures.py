"""Lines about pictures: they exist, may be used, and are told to those who cannot see them."""

import re
from collections.abc import Iterator

from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.readiness.facts import Facts, clipped, first_of
from articles.registries import PUBLISHERS, Finding
from images.models import Image

_FILE_NAME = re.compile(
    r"^\S+\.(?:jpe?g|png|webp|gif|avif|heic|tiff?)$|^(?:img|dsc|dscn|dscf|pict|image)[\W_]*\d+", re.IGNORECASE
)
_IMAGE_OF = re.compile(r"^(?:a |an |the )?(?:image|picture|photo|photograph|graphic) of\b", re.IGNORECASE)


def lead(facts: Facts) -> Iterator[Finding]:
    """There is a lead picture, with everything it needs."""
    if facts.state.lead_picture is None:
        yield Finding(_("The article has no lead picture."), field="lead_picture", code="lead-missing")
        return
    picture = facts.lead
    if picture is None:
        message = _("The lead picture is no longer in the library.")
        yield Finding(message, required=True, field="lead_picture", code="lead-gone")
        return
    yield from _lead_words(facts, picture)
    yield from _lead_licence(facts, picture)


def sharing(facts: Facts) -> Iterator[Finding]:
    """The picture for sharing is there."""
    wanted = facts.state.social_picture
    if wanted is not None and wanted not in facts.pictures:
        message = _("The picture for sharing is no longer in the library.")
        yield Finding(message, required=True, field="social_picture", code="social-gone")


def in_the_story(facts: Facts) -> list[Finding]:
    """The pictures between the paragraphs."""
    return first_of(_in_the_story(facts))


def _in_the_story(facts: Facts) -> Iterator[Finding]:
    for pk, caption in facts.story.captions.items():
        picture = facts.pictures.get(pk)
        if picture is None:
            message = _("A picture in the story is no longer in the library; it is left out.")
            yield Finding(message, field="body", code=f"body-picture-gone:{pk}")
        elif not picture.alt.strip():
            message = _("“%(title)s” in the story has no alternative text. Open the picture and say what it shows.")
            yield _alt_missing(message % {"title": clipped(picture.title)}, "body", f"body-alt:{pk}", picture)
        elif reason := _poor_alt(picture, caption):
            message = _("“%(title)s” in the story: %(reason)s")
            told = message % {"title": clipped(picture.title), "reason": reason}
            yield Finding(told, field="body", code=f"body-alt-poor:{pk}", url=_page_of(picture))
        if picture is not None and not picture.is_usable():
            message = _("The licence of “%(title)s” in the story has ended; it is left out.")
            told = message % {"title": clipped(picture.title)}
            yield Finding(told, field="body", code=f"body-licence:{pk}", url=_page_of(picture))


def _lead_words(facts: Facts, picture: Image) -> Iterator[Finding]:
    if not picture.alt.strip():
        message = _("The lead picture has no alternative text. Open the picture and say what it shows.")
        yield _alt_missing(message, "lead_picture", "lead-alt", picture)
    elif reason := _poor_alt(picture, facts.state.lead_caption):
        message = _("The lead picture: %(reason)s") % {"reason": reason}
        yield Finding(message, field="lead_picture", code="lead-alt-poor", url=_page_of(picture))
    if not picture.credit.strip():
        message = _("The lead picture carries no credit.")
        yield Finding(message, field="lead_picture", code="lead-credit", url=_page_of(picture))


def _lead_licence(facts: Facts, picture: Image) -> Iterator[Finding]:
    ends = picture.usable_until
    if ends is None:
        return
    if ends <= facts.now:
        message = _("The licence of the lead picture has ended.")
        yield Finding(message, required=True, field="lead_picture", code="lead-licence", url=_page_of(picture))
    elif ends <= facts.starts:
        message = _("The licence of the lead picture ends before the story goes out.")
        yield Finding(message, required=True, field="lead_picture", code="lead-licence", url=_page_of(picture))
    elif facts.state.expire_at is None or ends < facts.state.expire_at:
        message = _("The licence of the lead picture ends on %(when)s; from then on the story has none.")
        told = message % {"when": format_date(timezone.localtime(ends), "l j F Y")}
        yield Finding(told, field="lead_picture", code="lead-licence-ends", url=_page_of(picture))


def _alt_missing(message: str, field: str, code: str, picture: Image) -> Finding:
    return Finding(message, required=True, field=field, code=code, waivable_by=PUBLISHERS, url=_page_of(picture))


def _poor_alt(picture: Image, caption: str) -> str:
    """Why the alternative text tells a blind reader nothing; empty when it does tell something."""
    alt = " ".join(picture.alt.split()).casefold().rstrip(".")
    if _FILE_NAME.match(alt):
        return _("its alternative text is a file’s name. Say what the picture shows.")
    if alt in {" ".join(text.split()).casefold().rstrip(".") for text in (caption, picture.caption) if text.strip()}:
        return _("its alternative text only repeats the caption. Say what the picture shows.")
    if alt == picture.title.strip().casefold() and len(alt.split()) < 3:  # noqa: PLR2004 - a title, no description
        return _("its alternative text is only its title. Say what the picture shows.")
    if _IMAGE_OF.match(alt):
        return _("its alternative text need not say that it is a picture: screen readers do.")
    return ""


def _page_of(picture: Image) -> str:
    return reverse("admin:images_image_change", args=[picture.pk])
