"""``{% picture image ratio="3:2" sizes="…" css="…" eager=True %}``."""

from django import template
from django.utils.safestring import SafeString

from images.markup import image_markup
from images.models import Image

register = template.Library()


@register.simple_tag(name="picture")
def picture(  # noqa: PLR0917 - the attributes of one element
    image: Image | None,
    ratio: str = "full",
    sizes: str = "100vw",
    css: str = "",
    eager: bool = False,
    alt: str | None = None,
    **more: str,
) -> SafeString:
    """A ``<picture>``, or nothing when there is no picture; ``class`` is another name for ``css``."""
    unknown = set(more) - {"class"}
    if unknown:
        raise template.TemplateSyntaxError(f"{{% picture %}} knows no {', '.join(sorted(unknown))}.")
    return image_markup(
        image or None,
        ratio=ratio or "full",
        sizes=sizes or "100vw",
        css=css or more.get("class", ""),
        eager=bool(eager),
        alt=alt,
    )
