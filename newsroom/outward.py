"""How the settings of what the site tells machines are written: see ``newsroom.settings``."""

from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

WHOLE_ADDRESS = "Write a whole address, such as https://hub.example.org/."
CONTACTS = "Write mailto:security@example.org or an https:// address; several with commas."
DAY = "Write a day as 2027-05-31."


def web_address(raw: str) -> str:
    """A whole web address; ``ValueError`` for anything else."""
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not raw.isprintable() or " " in raw:
        raise ValueError(f"{raw!r} is no whole address")
    return raw


def contacts(raw: str) -> list[str]:
    """Addresses of people to write to, as RFC 9116 wants them; ``ValueError`` for anything else."""
    found = [word.strip() for word in raw.split(",") if word.strip()]
    for contact in found:
        if not contact.startswith(("mailto:", "tel:", "https://")) or not contact.isprintable() or " " in contact:
            raise ValueError(f"{contact!r} begins with none of mailto:, https://, tel:")
    return found


def end_of_day(raw: str) -> datetime | None:
    """The last second of a day, in UTC; ``ValueError`` for what is no day."""
    return datetime.combine(date.fromisoformat(raw), time(23, 59, 59), UTC)
