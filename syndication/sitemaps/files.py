"""``robots.txt``, ``security.txt`` and ``llms.txt``."""

from datetime import UTC

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from articles.models import Section
from pagecache.reading import depends_on
from syndication.addresses import absolute, feed_path
from syndication.text import plain

CLOSED = (
    "/admin/",
    "/go/",
    "/preview/",
    "/related/",
    "/health/",
    "/search/",
    "/feeds/search/",
    *(f"/comments/{part}/" for part in ("mail", "receipt", "token", "yours")),
    "/comments/*/report/",
)
"""Where no crawler finds a page: the desk, ways out of the site, one reader's own pages, endless lists."""


def robots() -> str:
    """The rules, and where the sitemaps are; a site that is closed tells nothing else."""
    if not settings.SEARCH_ENGINES:
        return "User-agent: *\nDisallow: /\n"
    rules = "".join(f"Disallow: {path}\n" for path in CLOSED)
    maps = (reverse("syndication:sitemap"), reverse("syndication:news_sitemap"))
    return f"User-agent: *\n{rules}\n" + "".join(f"Sitemap: {absolute(path)}\n" for path in maps)


def security() -> str:
    """The file, or nothing: without a contact, without a day on which it expires, and from that day on."""
    expires = settings.SECURITY_EXPIRES
    if not settings.SECURITY_CONTACT or expires is None or expires <= timezone.now():
        return ""
    named = [
        *(("Contact", contact) for contact in settings.SECURITY_CONTACT),
        ("Expires", expires.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("Encryption", settings.SECURITY_ENCRYPTION),
        ("Acknowledgments", settings.SECURITY_ACKNOWLEDGMENTS),
        ("Preferred-Languages", settings.LANGUAGE_CODE.partition("-")[0]),
        ("Canonical", absolute(reverse("syndication:security"))),
        ("Policy", settings.SECURITY_POLICY),
    ]
    return "".join(f"{name}: {value}\n" for name, value in named if value)


def llms() -> str:
    """The site in a few lines of Markdown."""
    depends_on("sections")
    sections = [
        _line(section.name, section.get_absolute_url(), section.description) for section in Section.objects.all()
    ]
    whole = [
        _line("Feed", feed_path("feed.json"), "the newest stories"),
        _line("Sitemap", reverse("syndication:sitemap"), "every story"),
        _line("Corrections", reverse("pages:corrections"), "what was wrong, and what is right"),
    ]
    head = f"# {plain(settings.SITE_NAME)}\n\n> {plain(settings.SITE_TAGLINE)}\n"
    return f"{head}\n## Sections\n\n{''.join(sections)}\n## For machines\n\n{''.join(whole)}"


def _line(name: str, path: str, about: str) -> str:
    linked = plain(name).replace("[", "(").replace("]", ")")
    return f"- [{linked}]({absolute(path)}){': ' + plain(about) if about else ''}\n"
