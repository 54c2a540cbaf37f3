"""Mails to colleagues about their accounts, through the outbox."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from outbox import effects
from outbox.letters import Letter, absolute, one_line, send

KIND = "people.letter"


def write(to: str, letter: str, *, key: str, **context: Any) -> None:
    """Have ``letter`` (a key of ``LETTERS``) sent to ``to``; ``context``, what that one takes, must be JSON.

    ``key`` is the letter's identity for good, and makes its Message-ID.
    """
    effects.enqueue(KIND, {"to": to, "letter": letter, "context": context}, key=f"{KIND}:{key}")


@effects.handler(KIND, outside=True)
def _send(payload: dict[str, Any], key: str) -> None:
    send(payload["to"], LETTERS[payload["letter"]](**payload["context"]), key=key)


def changed(*, verb: str, at: str, factor: str = "", browser: str = "", address: str = "") -> Letter:
    """Somebody's password or second factor is another one: ``verb`` says what was done."""
    site = {"site": settings.SITE_NAME}
    done = _("On %(at)s somebody signed in as you %(verb)s") % {"at": at, "verb": verb}
    what = f" ({factor})" if factor else ""
    how = _(", with %(browser)s, from %(address)s") % {"browser": browser, "address": address} if browser else ""
    alarm = _("If it was not you, set a new password now and tell an administrator:")
    return Letter(
        _("Your account at %(site)s was changed") % site,
        (
            f"{done}{what}{how}.",
            _("If that was you, there is nothing to do."),
            f"{alarm}\n{absolute(reverse('account_reset_password'))}",
        ),
    )


def factor_reset(*, who: str) -> Letter:
    """An administrator forgave a lost device."""
    words = _("%(who)s reset the second factor of your account and ended all your sessions, as after a lost device.")
    way = _("Sign in with your password and set up a new one:")
    return Letter(
        _("Your second factor at %(site)s was reset") % {"site": settings.SITE_NAME},
        (
            words % {"who": one_line(who)},
            f"{way}\n{absolute(reverse('account_secure'))}",
            _("If you did not ask for this, speak to an administrator at once."),
        ),
    )


def invitation(*, who: str, name: str, path: str, until: str) -> Letter:
    """Somebody is asked to join; ``path`` leads to where they choose a password."""
    said = {"who": one_line(who), "name": one_line(name), "site": settings.SITE_NAME, "until": until}
    way = _("Open this page, choose a password, and you are in:")
    return Letter(
        _("%(who)s invites you to %(site)s") % said,
        (
            _("Dear %(name)s,") % said,
            _("%(who)s has prepared an account for you at the desk of %(site)s.") % said,
            f"{way}\n{absolute(path)}",
            _("The link is yours alone, works once, and ends on %(until)s.") % said,
        ),
    )


LETTERS: dict[str, Callable[..., Letter]] = {"changed": changed, "factor_reset": factor_reset}
