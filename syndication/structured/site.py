"""The paper itself, an author, and the way from the front page to where a page stands."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static

from pagecache.addresses import address
from people.models import Author
from syndication.addresses import absolute
from syndication.json import filled
from syndication.text import plain


def publisher() -> dict[str, Any]:
    """The paper as an organisation."""
    return {
        "@type": "NewsMediaOrganization",
        "@id": f"{settings.BASE_URL}/#paper",
        "name": plain(settings.SITE_NAME),
        "url": absolute(address("pages:front")),
        "logo": {"@type": "ImageObject", "url": absolute(static("site/icon.svg"))},
    }


def website() -> dict[str, Any]:
    """The site, with its search."""
    target = absolute(address("pages:search")) + "?q={search_term_string}"
    return {
        "@type": "WebSite",
        "@id": f"{settings.BASE_URL}/#site",
        "name": plain(settings.SITE_NAME),
        "url": absolute(address("pages:front")),
        "description": plain(settings.SITE_TAGLINE),
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": publisher(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": target},
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumbs(*steps: tuple[str, str]) -> dict[str, Any]:
    """From the front page through ``steps``, each a name and a path."""
    whole = ((settings.SITE_NAME, address("pages:front")), *steps)
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": plain(name), "item": absolute(path)}
            for place, (name, path) in enumerate(whole, start=1)
        ],
    }


def person(author: Author, images: list[dict[str, Any]]) -> dict[str, Any]:
    """An author's own page: whose it is."""
    page = absolute(author.get_absolute_url())
    about = filled(
        **{"@type": "Person", "@id": f"{page}#person"},
        name=plain(author.name),
        url=page,
        jobTitle=plain(author.title),
        description=plain(author.bio),
        image=images,
        worksFor=publisher(),
    )
    return {"@type": "ProfilePage", "url": page, "mainEntity": about}
