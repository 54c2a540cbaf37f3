"""WordPress exports for tests: items, comments and whole files, written as WordPress writes them."""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>The Old Paper</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://old.example</wp:base_site_url><wp:base_blog_url>https://old.example</wp:base_blog_url>
"""
TAIL = "</channel></rss>\n"


def cdata(text: str) -> str:
    """The text as WordPress puts it into a CDATA section."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def author(login: str, name: str) -> str:
    """A writer with an account."""
    return (
        f"<wp:author><wp:author_login>{login}</wp:author_login>"
        f"<wp:author_display_name>{cdata(name)}</wp:author_display_name></wp:author>"
    )


def category(slug: str, name: str, parent: str = "", number: int = 1) -> str:
    """A category of the site."""
    return (
        f"<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{slug}</wp:category_nicename>"
        f"<wp:category_parent>{parent}</wp:category_parent><wp:cat_name>{cdata(name)}</wp:cat_name></wp:category>"
    )


def term(domain: str, slug: str, name: str) -> str:
    """A term on an item."""
    return f'<category domain="{domain}" nicename="{slug}">{cdata(name)}</category>'


def comment(number: int | str, text: str, **more: Any) -> str:
    """A comment under an item."""
    told = {"approved": 1, "parent": 0, "author": "A reader", "author_email": "reader@old.example", **more}
    told = {"date_gmt": "2020-02-01 10:00:00", **told}
    fields = "".join(f"<wp:comment_{name}>{cdata(str(value))}</wp:comment_{name}>" for name, value in told.items())
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id>{fields}"
        f"<wp:comment_content>{cdata(text)}</wp:comment_content></wp:comment>"
    )


def item(
    number: int | str, body: str = "It ran late.", inside: str = "", meta: Mapping[str, str] | None = None, **more: Any
) -> str:
    """One item; ``more`` are fields of WordPress without their prefix."""
    title = more.pop("title", f"Story number {number}")
    told = {
        "post_id": number,
        "post_date": "2020-01-02 10:00:00",
        "post_date_gmt": "2020-01-02 09:00:00",
        "post_name": f"story-{number}",
        "status": "publish",
        "post_type": "post",
        **more,
    }
    link = told.pop("link", f"https://old.example/2020/01/{told['post_name']}/")
    excerpt, creator = told.pop("excerpt", ""), told.pop("creator", "ada")
    fields = "".join(f"<wp:{name}>{escape(str(value))}</wp:{name}>" for name, value in told.items())
    rows = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
        for key, value in (meta or {}).items()
    )
    return (
        f"<item><title>{cdata(title)}</title><link>{escape(link)}</link><guid>https://old.example/?p={number}</guid>"
        f"<dc:creator>{creator}</dc:creator><content:encoded>{cdata(body)}</content:encoded>"
        f"<excerpt:encoded>{cdata(excerpt)}</excerpt:encoded>{fields}{inside}{rows}</item>\n"
    )


def attachment(number: int, url: str, **more: Any) -> str:
    """A picture of the site."""
    told = {"post_type": "attachment", "status": "inherit", "attachment_url": url, **more}
    return item(number, "", link=f"https://old.example/?attachment_id={number}", **told)


def export(*parts: str) -> str:
    """A whole file."""
    return HEAD + author("ada", "Ada Fenwick") + "".join(parts) + TAIL


def many(numbers: Iterable[int]) -> str:
    """A file of posts, each with a tag, a section, two comments and an old address."""
    terms = term("category", "city", "City") + term("post_tag", "trams", "Trams")
    return export(
        category("city", "City"),
        *(
            item(
                number,
                f"First of {number}.\n\nSecond.",
                terms + comment(number * 10, "Right.") + comment(number * 10 + 1, "Wrong.", parent=number * 10),
            )
            for number in numbers
        ),
    )
