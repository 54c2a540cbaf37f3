"""Whether a comment comes from somebody whose comments are not taken.

A banned writer is told so, and until when: a comment that vanished without a
word would teach nothing, and everybody whom a ban hits by mistake (a shared
network, a common name) could never find out. All kinds of ban say the same,
so that nobody learns by trying which of name, address and network it was.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.models import Ban
from comments.pipeline.draft import Draft
from comments.pipeline.findings import Finding
from comments.pipeline.folding import fold_name
from comments.refusals import RefusedError

DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
"""Where dots in front of the @ do not count, and the one name of each."""


class BannedError(RefusedError):
    """Its writer is banned."""

    def __init__(self, until: datetime | None) -> None:
        if until is None:
            words = _(
                "Comments from you are not taken here. If you think that this is a mistake, write to the newsroom."
            )
        else:
            when = format_date(timezone.localtime(until), "j F Y, H:i")
            words = _("Comments from you are not taken here until %(when)s. Your text is still here.") % {"when": when}
        super().__init__(words)


def step(draft: Draft, found: Sequence[Finding]) -> list[Finding]:
    """Nothing; raises ``BannedError`` for a banned writer, with the end of the ban that lasts longest."""
    ends = list(bans_on(draft.name, draft.email, draft.address_block).values_list("until", flat=True))
    if ends:
        raise BannedError(None if None in ends else max(end for end in ends if end is not None))
    return []


def bans_on(name: str, email: str, address_block: str) -> QuerySet[Ban]:
    """The bans in force that hit a writer."""
    hit = Q(kind=Ban.Kind.NAME, value=fold_name(name)) | Q(kind=Ban.Kind.EMAIL, value=fold_address(email))
    if address_block:
        hit |= Q(kind=Ban.Kind.ADDRESS, value=address_block)
    return Ban.objects.filter(hit & (Q(until__isnull=True) | Q(until__gt=timezone.now())))


def fold_address(email: str) -> str:
    """An e-mail address so that the usual second spellings of one mailbox are the same."""
    local, _at, domain = email.lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in DOTLESS:
        local, domain = local.replace(".", ""), DOTLESS[domain]
    return f"{local}@{domain}"
