"""What readers get for a reference: picture, gallery or embed card, as HTML and as text for the search."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.body.links import rel_for
from articles.body.references import EmbedReference, GalleryReference, PictureReference, Reference
from articles.embeds import embed_for
from images.models import Image

PictureMarkup = Callable[[Image, str, str], str]
"""A ``<picture>`` for an image, a ratio (``"full"`` or a crop) and the ``sizes`` it is shown at."""

SIZES = "(min-width: 48rem) 42rem, 100vw"
SIZES_WIDE = "(min-width: 72rem) 66rem, 100vw"
SIZES_GALLERY = "(min-width: 48rem) 21rem, 50vw"


@dataclass(slots=True)
class Figures:
    """Expands references with pictures read beforehand; notes what it showed and until when that holds."""

    pictures: Mapping[int, Image]
    markup: PictureMarkup
    now: datetime = field(default_factory=timezone.now)
    until: datetime | None = None

    def expand(self, reference: Reference) -> tuple[str, str]:
        """HTML and plain text; both empty where nothing may be shown, so that no hole is left."""
        match reference:
            case PictureReference():
                return self._picture(reference)
            case GalleryReference():
                return self._gallery(reference)
            case EmbedReference():
                return _embed(reference)

    def _usable(self, ids: Iterable[int]) -> list[Image]:
        """The pictures of ``ids`` that exist and whose licence has not run out."""
        found = []
        for image_id in ids:
            image = self.pictures.get(image_id)
            if image is None or (image.usable_until is not None and image.usable_until <= self.now):
                continue
            if image.usable_until is not None:
                self.until = min(self.until or image.usable_until, image.usable_until)
            found.append(image)
        return found

    def _picture(self, reference: PictureReference) -> tuple[str, str]:
        for image in self._usable([reference.image_id]):
            caption = reference.caption or image.caption
            html = self.markup(image, "full", SIZES_WIDE if reference.wide else SIZES)
            if html:
                css = "picture picture--wide" if reference.wide else "picture"
                shown = html + _caption(caption, reference.credit or image.credit)
                return f'<figure class="{css}">{shown}</figure>', caption
        return "", ""

    def _gallery(self, reference: GalleryReference) -> tuple[str, str]:
        shown = [(image, self.markup(image, "3:2", SIZES_GALLERY)) for image in self._usable(reference.image_ids)]
        items = [
            f"<li><figure>{html}{_caption(image.caption, image.credit)}</figure></li>" for image, html in shown if html
        ]
        if not items:
            return "", ""
        label = escape(reference.caption or _("Picture gallery"))
        caption = f"<figcaption>{escape(reference.caption)}</figcaption>" if reference.caption else ""
        text = "\n".join(part for part in (reference.caption, *(image.caption for image, _html in shown)) if part)
        return (
            f'<figure class="gallery" aria-label="{label}"><ul class="gallery-items">{"".join(items)}</ul>'
            f"{caption}</figure>"
        ), text


def _caption(caption: str, credit: str) -> str:
    if not caption and not credit:
        return ""
    words = f'<span class="picture-caption">{escape(caption)}</span>' if caption else ""
    source = f'<span class="picture-credit">{escape(credit)}</span>' if credit else ""
    return f"<figcaption>{' '.join(part for part in (words, source) if part)}</figcaption>"


def _embed(reference: EmbedReference) -> tuple[str, str]:
    """A card that links to the page; what a script needs to open a frame in it stands in ``data-`` attributes."""
    embed = embed_for(reference.url)
    title = reference.title or _("Watch or read it at %(provider)s") % {"provider": embed.name}
    frame = ""
    if embed.frame:
        play = _("Show here. This loads %(provider)s, which then sees your visit.") % {"provider": embed.name}
        frame = f' data-embed-src="{escape(embed.frame)}" data-embed-play="{escape(play)}"'
    return (
        f'<figure class="embed embed--{embed.shape}" data-embed-provider="{embed.provider}"{frame}>'
        f'<a class="embed-link" href="{escape(embed.url)}" rel="{rel_for(embed.url)}">'
        f'<span class="embed-title">{escape(title)}</span> '
        f'<span class="embed-provider">{escape(embed.name)}</span></a></figure>'
    ), reference.title
