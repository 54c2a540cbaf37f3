"""How a mail is put together and sent: plain text, and nobody's words in any header but subject and ``To``."""

import hashlib
import textwrap
from dataclasses import dataclass
from email.headerregistry import Address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from outbox.inert import neutral

QUOTED = 600
"""Characters of somebody else's words in a mail; a link leads to the rest."""

WIDTH = 72


@dataclass(frozen=True)
class Letter:
    """A mail before it is addressed. ``stop`` is the path of its one-click stop, of mails that come again."""

    subject: str
    paragraphs: tuple[str, ...]
    stop: str = ""


def send(to: str, letter: Letter, *, key: str, html: str = "") -> None:
    """Mail ``letter`` to ``to``; ``key`` is the effect's, so that a mail sent twice is recognised as one.

    ``html`` is the same once more for programs that show it.
    """
    mail = EmailMultiAlternatives(letter.subject, body_of(letter), to=[to], headers=headers_of(letter, key))
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()


def absolute(path: str) -> str:
    """The whole address of a page of ours."""
    return f"{settings.BASE_URL}{path}"


def quoted(text: str) -> str:
    """Somebody's words, inert, shortened and marked as quoted."""
    words = neutral(text.replace("\r\n", "\n").replace("\r", "\n"))
    shown = words if len(words) <= QUOTED else words[:QUOTED].rstrip() + " […]"
    return "\n".join(f"> {line}" for line in shown.split("\n"))


def one_line(text: str) -> str:
    """A name or headline, inert and on one line."""
    return " ".join(neutral(text).split())


def message_id(key: str) -> str:
    """A Message-ID that is the same whenever the same effect is tried again."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{key}".encode()).hexdigest()[:40]
    return f"<{Address(username=digest, domain=host).addr_spec}>"


def headers_of(letter: Letter, key: str) -> dict[str, str]:
    """Its own Message-ID, that a machine wrote it, and the one-click stop where it has one."""
    headers = {"Message-ID": message_id(key), "Auto-Submitted": "auto-generated"}
    if letter.stop:
        headers["List-Unsubscribe"] = f"<{absolute(letter.stop)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def body_of(letter: Letter) -> str:
    """The paragraphs in lines that fit, and who sent it."""
    parts = [*map(_wrapped, letter.paragraphs), f"-- \n{settings.SITE_NAME}\n{settings.BASE_URL}/"]
    if letter.stop:
        parts.insert(-1, _("No more of these mails:") + "\n" + absolute(letter.stop))
    return "\n\n".join(parts) + "\n"


def _wrapped(paragraph: str) -> str:
    """Lines of a width that every mail program shows well; addresses stay whole, quoted lines as they are."""
    return "\n".join(
        line if line.startswith("> ") else textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in paragraph.split("\n")
    )
