"""Typed settings from environment variables, whose mistakes are collected rather than raised.

A wrong value never stops Django from starting: the default is used and the
problem is kept, so that ``manage.py check`` can report every one of them at
once, each with a hint (see ``newsroom.checks``).
"""

import ipaddress
import zoneinfo
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import dj_database_url
import environs

T = TypeVar("T")

DATABASE_ENGINES = ("django.db.backends.postgresql", "django.db.backends.sqlite3")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Problem:
    """One environment variable that could not be used as it stands."""

    name: str
    message: str
    hint: str


class Environment:
    """Reads variables through environs and remembers what was wrong with them."""

    def __init__(self) -> None:
        self._env = environs.Env()
        self.problems: list[Problem] = []

    def read(self, name: str, parse: Callable[[str], T], default: T, hint: str) -> T:
        """The parsed value of ``name``, or ``default`` when it is unset, empty or wrong."""
        raw = self._env.str(name, "")
        if not raw:
            return default
        try:
            return parse(raw)
        except (ValueError, TypeError, environs.EnvError) as error:
            self.problems.append(Problem(name, str(error), hint))
            return default

    def text(self, name: str, default: str = "") -> str:
        """A plain string; an empty one counts as unset."""
        return self._env.str(name, "") or default

    def directory(self, name: str, default: Path) -> Path:
        """A directory, made when it is missing."""
        path = Path(self.text(name) or default).resolve()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            hint = "Name a directory that this user may write to."
            self.problems.append(Problem(name, f"{path} cannot be made ({error.strerror})", hint))
        return path

    def flag(self, name: str, default: bool) -> bool:
        """A yes-or-no value."""
        return self.read(name, _parse_flag, default, "Write true or false.")

    def number(self, name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
        """A whole number between ``least`` and ``most``, both included."""

        def parse(raw: str) -> int:
            value = int(raw)
            if not least <= value <= most:
                raise ValueError(f"{value} is not between {least} and {most}")
            return value

        return self.read(name, parse, default, f"Write a whole number from {least} to {most}.")

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        """One of ``choices``."""

        def parse(raw: str) -> str:
            if raw not in choices:
                raise ValueError(f"{raw!r} is not one of {', '.join(choices)}")
            return raw

        return self.read(name, parse, default, f"Write one of: {', '.join(choices)}.")

    def words(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """A comma-separated list; set but empty, it is the empty list. Blanks around the commas do not count."""
        raw = self._env.str(name, None)
        if raw is None:
            return list(default)
        return [word.strip() for word in raw.split(",") if word.strip()]

    def base_url(self, name: str, default: str) -> str:
        """The public address of the site: scheme and host, no path, no trailing slash."""
        return self.read(name, _parse_base_url, default, "Write it as https://www.example.org, with nothing behind.")

    def networks(self, name: str) -> list[Network]:
        """A comma-separated list of IPv4 or IPv6 networks or addresses."""
        hint = "Write networks as 10.0.0.0/8,192.168.1.4,2001:db8::/32."
        return self.read(name, _parse_networks, [], hint)

    def time_zone(self, name: str, default: str) -> str:
        """The name of a time zone of the IANA database."""
        return self.read(name, _parse_zone, default, "Write a name such as Europe/Vienna.")

    def other_database(self, name: str) -> dict[str, Any]:
        """A further database as Django's DATABASES wants it; empty where none is named."""
        hint = "Write it as postgres://user:password@host:5432/name."
        return self.read(name, _parse_database, {}, hint)

    def database(self, name: str, default: str) -> dict[str, Any]:
        """A database URL as Django's DATABASES wants it."""
        hint = "Write it as postgres://user:password@host:5432/name or sqlite:///path/to/file."
        return self.read(name, _parse_database, _parse_database(default), hint)


def _parse_flag(raw: str) -> bool:
    answers = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    try:
        return answers[raw.lower()]
    except KeyError:
        raise ValueError(f"{raw!r} is neither true nor false") from None


def _parse_database(url: str) -> dict[str, Any]:
    parsed: dict[str, Any] = dict(dj_database_url.parse(url))
    if parsed["ENGINE"] not in DATABASE_ENGINES:
        raise ValueError("it names neither PostgreSQL nor SQLite")
    return parsed


def _parse_base_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{raw!r} has no scheme and host")
    if parts.port == 0 or parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"{raw!r} holds more than scheme and host")
    return f"{parts.scheme}://{parts.netloc}"


def _parse_networks(raw: str) -> list[Network]:
    return [ipaddress.ip_network(word.strip()) for word in raw.split(",") if word.strip()]


def _parse_zone(raw: str) -> str:
    try:
        zoneinfo.ZoneInfo(raw)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{raw!r} is not a time zone this machine knows") from None
    return raw
