"""How the owner of an address gets to all that belongs to it: by a link that is mailed there.

Whoever asks learns nothing: the answer is the same, and the same work, for an
address that never commented, as everything else happens in the worker.
"""

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from comments import letters, mails, rationing, tokens
from comments.erasure import also_kept, comments_of
from comments.models import ConfirmedAddress, OwnLink, Subscription
from comments.models.readers import secret
from comments.refusals import RefusedError
from comments.submission import hashed_block
from comments.writer_forms import OwnForm
from outbox import effects
from outbox.models import Effect
from outbox.periodic import every

GOOD_FOR = timedelta(hours=24)

A_DAY = 2
"""Such mails to one address in a day, so that nobody is flooded by strangers."""

ASKED_AN_HOUR = 10
"""Addresses asked about from one network in an hour."""


class TooManyAskedError(RefusedError):
    """One network asks about many addresses."""

    status = 429
    words = gettext_lazy("Many links were asked for from your connection within an hour. Please try again later.")


class UnfitAddressError(RefusedError):
    """What was typed is no address; ``form`` says so."""

    status = 422
    words = gettext_lazy("Please look at the marked field.")

    def __init__(self, form: OwnForm) -> None:
        super().__init__()
        self.form = form


def ask(email: str, *, token: str, address: str = "") -> None:
    """Have a link mailed to ``email`` if anything belongs to it. Raises a ``RefusedError`` or ``TokenRefusedError``."""
    form = OwnForm({"email": email})
    if not form.is_valid():
        raise UnfitAddressError(form)
    block = hashed_block(address)
    with transaction.atomic():
        tokens.use(token)
        if block and not rationing.take("own-from", block, limit=ASKED_AN_HOUR, window=timedelta(hours=1)):
            raise TooManyAskedError
        key = f"comments.own_link:{uuid.uuid4()}"
        effects.enqueue("comments.own_link", {"email": form.cleaned_data["email"]}, key=key)


def links(raw: str) -> QuerySet[OwnLink]:
    """The row of a mailed link that is still good, or none; the same work for every answer."""
    digest = hashlib.sha256(raw[:100].encode()).hexdigest()
    return OwnLink.objects.filter(digest=digest, at__gt=timezone.now() - GOOD_FOR)


@effects.handler("comments.own_link", outside=True)
def mail_link(payload: dict[str, Any], key: str) -> None:
    """Mail the link where anything belongs to the address, and forget in either case that somebody asked."""
    email, effect = payload.get("email", ""), Effect.objects.filter(key=key)
    granted = payload.get("granted") or (
        bool(email) and _has_anything(email) and rationing.take("own", email, limit=A_DAY, window=timedelta(days=1))
    )
    if granted:
        effect.update(payload={"email": email, "granted": True})
        raw = secret()
        OwnLink.objects.create(digest=hashlib.sha256(raw.encode()).hexdigest(), email=email)
        mails.send(email, letters.own(raw), key=key)
    effect.update(payload={})


@every(timedelta(hours=1))
def forget_links() -> None:
    """Forget links that are no longer good."""
    OwnLink.objects.filter(at__lte=timezone.now() - GOOD_FOR).delete()


def _has_anything(email: str) -> bool:
    return (
        comments_of(email).exists()
        or Subscription.objects.filter(email=email).exists()
        or ConfirmedAddress.objects.filter(email=email).exists()
        or any(room.kept(email) for room in also_kept)
    )
