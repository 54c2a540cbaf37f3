"""The page cache as the settings want it, before Django's own application."""

import hashlib
import importlib
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.http.request import split_domain_port, validate_host

from articles.short_addresses import led_once
from newsroom.lending import Lending
from newsroom.metrics.counting import count_page, is_on
from newsroom.proxies import FORWARDED, settle
from newsroom.security import ADMIN_PREFIX
from newsroom.shared_cache import impatient, seal_for
from pagecache.front_door import Application, Environ, FrontDoor, untold
from pagecache.store import InRedis, Pages
from pagecache.validity import validity

MEGABYTE = 1_000_000

NEVER_STORED = (ADMIN_PREFIX, "/health/", "/metrics")
"""Not pages; and whoever watches waits for nobody who renders one."""

_FORWARDED = frozenset(FORWARDED)

SECRETS = {
    *("SECRET_KEY", "DATABASES", "DATABASE_PATIENCE", "STORAGES", "REDIS_URL", "CACHES", "AKISMET_KEY"),
    *("METRICS_TOKEN", "METRICS_NETWORKS", "BACKUP_DIR", "SMTP_PORT", "DATABASE_POOLER"),
}
"""Settings that no page is made with."""


def before(application: Application) -> Application:
    """``application`` behind the page cache, or without it where it is off.

    Both ask on lent connections where the database is a server; a file is opened by each thread.
    """
    lending = Lending() if connection.vendor == "postgresql" else None
    behind = lending.around(application) if lending else application
    if not settings.PAGE_CACHE:
        return behind
    pages = Pages(settings.PAGE_CACHE_MB * MEGABYTE, _shared())
    return FrontDoor(behind, pages, validity(lending), Admission(lending), count_page if is_on() else untold)


class Admission:
    """Whether a request is a reader's that Django would answer with a page.

    Its path is not the desk's or the watchers', its host one of ours, its scheme the right one,
    and it is no story's short address, which leads on from a page that is stored.
    """

    def __init__(self, lending: Lending | None = None) -> None:
        self.lent = lending.lent if lending else nullcontext
        self.hosts: set[str] = set()
        self.only_https = settings.SECURE_SSL_REDIRECT

    def __call__(self, environ: Environ) -> bool:
        """Whether the request may be answered from what is stored."""
        if environ.get("SCRIPT_NAME") or environ["PATH_INFO"].startswith(NEVER_STORED):
            return False
        told = environ
        if not _FORWARDED.isdisjoint(environ):
            told = dict(environ)
            settle(told)
        if self.only_https and told.get("wsgi.url_scheme") != "https":
            return False
        host = told.get("HTTP_HOST", "")
        return (host in self.hosts or self._is_ours(host)) and not self._leads_on(environ)

    def _is_ours(self, host: str) -> bool:
        domain, _port = split_domain_port(host)
        if not (domain and validate_host(domain, settings.ALLOWED_HOSTS)):
            return False
        if len(self.hosts) < 100:  # noqa: PLR2004 - a wildcard may allow any number
            self.hosts.add(host)
        return True

    def _leads_on(self, environ: Environ) -> bool:
        """Whether it is a story's short address; a connection that died is opened anew, once."""
        if not environ.get("QUERY_STRING") or environ["PATH_INFO"] != "/":
            return False
        with self.lent():
            for _attempt in range(2):
                try:
                    return led_once(environ) is not None
                except Error:
                    close_old_connections()
        return False  # a page that is stored may be answered even now


def _shared() -> InRedis | None:
    if not settings.REDIS_URL:
        return None
    library: Any = importlib.import_module("redis")
    client = library.Redis.from_url(settings.REDIS_URL, **impatient())
    return InRedis(client, release(), seal_for("pages"))


def release() -> str:
    """Names what pages are made with: code, templates, static files and settings; other ones make other pages."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(_sources()):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    for name in sorted(name for name in dir(settings) if name.isupper() and name not in SECRETS):
        digest.update(f"{name}={getattr(settings, name)!r}".encode())
    return digest.hexdigest()


def _sources() -> list[Path]:
    apps = [name for name in settings.INSTALLED_APPS if (settings.BASE_DIR / name).is_dir()]
    found = [path for name in [*apps, "newsroom"] for path in (settings.BASE_DIR / name).rglob("*.py")]
    found += [path for folder in ("templates", "locale") for path in (settings.BASE_DIR / folder).rglob("*.*")]
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return [*found, manifest] if manifest.exists() else found
