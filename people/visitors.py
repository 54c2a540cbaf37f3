"""Whose visits count: those of people who did not ask to be left out."""

import re

from django.http import HttpRequest

_MACHINES = re.compile(
    r"(?<!cu)bot\b|bot_|crawl|spider|slurp|headless|phantomjs|selenium|puppeteer|playwright|lighthouse|pagespeed"
    r"|facebookexternalhit|embedly|preview|monitor|uptime|pingdom|scrap|fetch|archiver|validator"
    r"|curl|wget|python|java/|okhttp|go-http-client|libwww|perl|ruby|axios|node",
    re.IGNORECASE,
)
"""Words in the names of programs that read pages for somebody else. A Cubot is a telephone."""

_EARLY = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")
"""Headers that tell of a page loaded before anybody asked for it."""


def counts(request: HttpRequest) -> bool:
    """Whether this is a person's browser, showing the page, that did not object.

    Global Privacy Control and Do Not Track are objections.
    """
    headers = request.headers
    if headers.get("Sec-GPC") == "1" or headers.get("DNT") == "1":
        return False
    if any("pre" in headers.get(name, "").lower() for name in _EARLY):
        return False
    name = headers.get("User-Agent", "")
    return bool(name) and not _MACHINES.search(name)
