"""The numbers that posts had in WordPress: readers still come with them, as ``/?p=7``."""

from urllib.parse import urlsplit

from django.conf import settings

from syndication.models import Imported

MOST_SITES = 20
"""Sites that moved in and are looked at for one number."""


def article_of(number: int) -> int | None:
    """The article that post ``number`` became: of several sites, that of the one whose address is ours comes first."""
    rows = Imported.objects.filter(kind=Imported.Kind.POST, source=str(number)).order_by("pk")
    found = list(rows.values_list("site", "object_id")[:MOST_SITES])
    here = urlsplit(settings.BASE_URL).netloc.lower().removeprefix("www.")
    ours = (pk for site, pk in found if site.partition("/")[0] == here)
    return next(ours, found[0][1] if found else None)
