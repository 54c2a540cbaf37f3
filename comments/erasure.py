"""All that belongs to an e-mail address: shown to its owner, and erased at their word.

What is erased: every comment's name, address, website and words (its empty
place stays, so that the answers of others stay where they are), former words,
reasons and facts of decisions about them, the labels of the audit trail that
quote them, appeals, what reports say of them, notes on the writer, everything
the address follows, links asked for and not mailed yet, what the audit trail
calls bans on them, and that the address was ever confirmed. What stays: a ban
on the address or name until it ends, as it would end with it otherwise; and
what colleagues wrote in the newsroom's name. Rooms above that keep addresses
register in ``also_kept``, and are asked with it.
"""

from collections.abc import Iterator
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import tokens
from comments.mails import absolute
from comments.models import (
    Appeal,
    Ban,
    Comment,
    ConfirmedAddress,
    FormerWords,
    Mark,
    ModerationEntry,
    OwnLink,
    Report,
    State,
    Subscription,
    WriterNote,
    receipt_token,
)
from comments.pipeline.bans import fold_address
from comments.plain_text import neutral
from outbox.models import AuditEntry, Effect
from pagecache.writing import writing

AT_ONCE = 500
"""Comments erased by one statement."""

LOOKED_AT = ("pk", "state", "article", "name", "address_block")


class AlsoKept(Protocol):
    """What another room keeps of an address."""

    def kept(self, email: str) -> list[str]:
        """A sentence for each thing, for the owner of the address."""

    def forget(self, email: str) -> None:
        """Erase it, in the transaction that erases everything else."""


also_kept: list[AlsoKept] = []
"""The rooms above that keep addresses; each registers in its ``ready()``."""

EMPTY: dict[str, Any] = {
    "name": "",
    "email": "",
    "website": "",
    "text": "",
    "state": State.WITHDRAWN,
    "notify": False,
    "address_block": "",
    "featured": False,
    "findings": [],
    "why": "",
    "score": None,
    "open_reports": 0,
    "appealed_at": None,
}


def comments_of(email: str) -> QuerySet[Comment]:
    """What readers wrote with this address, oldest first."""
    return Comment.objects.filter(email=email, staff=None).exclude(email="").order_by("created_at", "pk")


def everything(email: str) -> dict[str, Any]:
    """All that belongs to ``email``, as JSON can hold it."""
    rows = comments_of(email).select_related("article__section", "appeal").prefetch_related("former_words", "decisions")
    confirmed = ConfirmedAddress.objects.filter(email=email).first()
    return {
        "address": email,
        "taken": timezone.now().isoformat(),
        "confirmed": confirmed.at.isoformat() if confirmed else None,
        "comments": [_comment(row) for row in rows],
        "follows": [_subscription(row) for row in _follows(email)],
        "also": [sentence for room in also_kept for sentence in room.kept(email)],
        "notes": [{"at": note.at.isoformat(), "text": note.text} for note in WriterNote.objects.filter(email=email)],
        "bans": [
            {"at": ban.at.isoformat(), "until": ban.until and ban.until.isoformat(), "reason": ban.reason}
            for ban in Ban.objects.filter(kind=Ban.Kind.EMAIL, value=fold_address(email))
        ],
    }


def erase(email: str, *, token: str) -> int:
    """Erase all that belongs to ``email``; returns how many comments. Raises ``TokenRefusedError``.

    One transaction: all of it, or nothing.
    """
    with writing() as keys:
        tokens.use(token)
        Subscription.objects.filter(email=email).delete()
        WriterNote.objects.filter(email=email).delete()
        ConfirmedAddress.objects.filter(email=email).delete()
        OwnLink.objects.filter(email=email).delete()
        for room in also_kept:
            room.forget(email)
        _forget_effects(email)
        _forget_bans({email, fold_address(email)})
        number = 0
        for rows in _batches(email):
            _forget_bans({neutral(row.name) for row in rows}, {row.address_block for row in rows} - {""})
            keys.update(f"comments:{row.article_id}" for row in rows if row.state == State.APPROVED)
            _empty(rows)
            number += len(rows)
    return number


def _comment(row: Comment) -> dict[str, Any]:
    appeal = getattr(row, "appeal", None)
    public = row.article.is_public()
    return {
        "article": absolute(row.article.get_absolute_url()) if public else None,
        "written": row.created_at.isoformat(),
        "edited": row.edited_at and row.edited_at.isoformat(),
        "state": row.state,
        "name": row.name,
        "website": row.website,
        "text": row.text,
        "former_words": [{"until": former.until.isoformat(), "text": former.text} for former in row.former_words.all()],
        "decisions": [
            {"at": entry.at.isoformat(), "after": entry.after, "code": entry.code, "reason": entry.reason}
            for entry in row.decisions.all()
        ],
        "appeal": appeal and {"at": appeal.at.isoformat(), "text": appeal.text},
    }


def _follows(email: str) -> QuerySet[Subscription]:
    return Subscription.objects.filter(email=email).select_related("article__section").order_by("asked_at")


def _subscription(row: Subscription) -> dict[str, Any]:
    return {
        "article": absolute(row.article.get_absolute_url()) if row.article.is_public() else None,
        "scope": row.scope,
        "asked": row.asked_at.isoformat(),
        "confirmed": row.confirmed_at and row.confirmed_at.isoformat(),
    }


def _batches(email: str) -> Iterator[list[Comment]]:
    """The rows locked in one order; each batch is emptied before the next is asked for."""
    rows = comments_of(email).select_for_update(of=("self",), no_key=True).order_by("pk").only(*LOOKED_AT)
    while batch := list(rows[:AT_ONCE]):
        yield batch


def _empty(rows: list[Comment]) -> None:
    ids = [row.pk for row in rows]
    for model in (FormerWords, Mark):
        model.objects.filter(comment__in=ids).delete()
    Report.objects.filter(comment__in=ids).update(text="")
    Appeal.objects.filter(comment__in=ids).update(text="")
    ModerationEntry.objects.filter(comment__in=ids).update(reason="", facts={})
    _forget_labels(ids)
    ModerationEntry.objects.bulk_create(
        ModerationEntry(comment=row, before=row.state, after=State.WITHDRAWN, facts={"erased": True}) for row in rows
    )
    for row in rows:
        row.receipt = receipt_token()
    Comment.objects.bulk_update(rows, ["receipt"])
    Comment.objects.filter(pk__in=ids).update(**EMPTY)


def _forget_labels(ids: list[int]) -> None:
    """Empty what the audit trail quotes of these comments; who decided what, and when, stays."""
    about = AuditEntry.objects.filter(object_type=Comment._meta.label_lower, object_id__in=[str(pk) for pk in ids])
    about.update(object_label="", details={})


def _forget_effects(email: str) -> None:
    """A link that was asked for and is not mailed yet is not mailed; no failed mail names the address any more."""
    Effect.objects.filter(key__startswith="comments.own_link:", payload__email=email).update(payload={})
    Effect.objects.filter(kind__startswith="comments.", last_error__icontains=email).update(last_error="")


def _forget_bans(called: set[str], blocks: set[str] | None = None) -> None:
    """What the audit trail calls a ban of theirs, and the name by which a ban on their network is listed."""
    of_network = Ban.objects.filter(kind=Ban.Kind.ADDRESS, value__in=blocks or ())
    labels = called | {_("the network of “%(name)s”") % {"name": name} for name in called}
    pks = [str(pk) for pk in of_network.filter(shown__in=labels).values_list("pk", flat=True)]
    of_network.filter(pk__in=pks).update(shown="")
    about = AuditEntry.objects.filter(object_type=Ban._meta.label_lower)
    about.filter(Q(object_label__in=labels) | Q(object_id__in=pks)).update(object_label="", details={})
