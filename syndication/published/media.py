"""A picture in a feed: Media RSS, with whose it is."""

from xml.etree.ElementTree import Element

from syndication.published.stories import Picture
from syndication.text import plain
from syndication.xml import add


def add_picture(parent: Element, picture: Picture | None) -> None:
    """``media:content`` with description, credit and rights, where there is a picture."""
    if picture is None:
        return
    made, image = picture.made, picture.image
    content = add(
        parent,
        "media:content",
        url=picture.url,
        type="image/jpeg",
        medium="image",
        width=str(made["width"]),
        height=str(made["height"]),
        fileSize=str(made["bytes"]),
    )
    words = picture.caption or plain(image.alt)
    if words:
        add(content, "media:description", words, type="plain")
    if image.credit:
        add(content, "media:credit", plain(image.credit))
        add(content, "media:copyright", plain(image.credit))
    add(content, "media:rights", status="official")
