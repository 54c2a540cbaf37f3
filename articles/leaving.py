"""What a colleague who leaves has on the desk, and how it goes to another one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.known import known_to, knows_all
from articles.models import Article, ArticleQuerySet, EditorialNote, Status, Waiver
from articles.models.article import in_status
from articles.permissions import require
from articles.readiness.waivers import waived_key
from outbox import audit
from pagecache.writing import writing
from people.leaving import SHOWN, Remains
from people.models import User

UNFINISHED = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED)


def unfinished(user: User) -> ArticleQuerySet:
    """What ``user`` began and readers do not see yet."""
    return _begun(user, *UNFINISHED)


def _begun(user: User, *statuses: Status) -> ArticleQuerySet:
    return Article.objects.filter(in_status(*statuses), created_by=user)


def remains(user: User, told: User) -> list[Remains]:
    """Drafts, articles in review and open notes of ``user``; titles only of what ``told`` may know."""
    drafts, waiting = _begun(user, Status.DRAFT), _begun(user, Status.IN_REVIEW, Status.APPROVED)
    return [
        _articles(gettext_lazy("drafts"), drafts, told),
        _articles(gettext_lazy("articles in review"), waiting, told),
        _notes(EditorialNote.objects.filter(made_by=user, answers=None, resolved_at=None), told),
        _answers(answered_by(user), told),
    ]


def give(giver: User, taker: User, *, actor: User) -> int:
    """Make ``taker`` the writer of what ``giver`` has not finished; how many articles that is.

    Whoever may not read these articles cannot hand them to anybody either.
    Raises ``PermissionDenied``, or ``ValidationError`` when ``taker`` writes none.
    """
    with writing():
        rows = list(unfinished(giver).select_for_update(of=("self",), no_key=True).order_by("pk"))
        if not rows:
            return 0
        require(knows_all(actor), _("hand over articles"))
        if not taker.has_perm("articles.add_article"):
            raise ValidationError({"to": _("%(name)s writes no articles.") % {"name": taker}})
        Article.objects.filter(pk__in=[row.pk for row in rows]).update(created_by=taker)
        told = {"changes": {"created_by": [str(giver), str(taker)]}}
        audit.record_all(actor, "handed over", [(row, told) for row in rows])
    return len(rows)


def answered_by(user: User) -> "QuerySet[Waiver]":
    """The lines of checklists that ``user`` answers for by name."""
    return Waiver.objects.filter(made_by=user, withdrawn_at__isnull=True)


def answer_no_more(leaver: User, *, actor: User) -> None:
    """What ``leaver`` answered for by name, nobody answers for now: those lines count again."""
    with writing() as keys:
        rows = list(answered_by(leaver).select_for_update(of=("self",)).select_related("article").order_by("pk"))
        Waiver.objects.filter(pk__in=[row.pk for row in rows]).update(withdrawn_at=timezone.now())
        keys.update(waived_key(row.article) for row in rows)
        told = [(row.article, {"code": row.code, "answered": str(leaver)}) for row in rows]
        audit.record_all(actor, "withdrew waiver", told)


def _answers(rows: "QuerySet[Waiver]", told: User) -> Remains:
    named = _named(rows.values_list("article", flat=True), told)
    return Remains(gettext_lazy("lines of checklists they answer for, which count again"), rows.count(), named)


def _articles(words: Any, rows: ArticleQuerySet, told: User) -> Remains:
    return Remains(words, rows.count(), _named(rows.values("pk"), told), goes_over=True)


def _notes(rows: "QuerySet[EditorialNote]", told: User) -> Remains:
    named = _named(rows.values_list("article", flat=True), told)
    return Remains(gettext_lazy("open notes"), rows.count(), named)


def _named(numbers: Any, told: User) -> list[tuple[str, str]]:
    known = known_to(told).filter(pk__in=numbers).order_by("-pk")[:SHOWN]
    return [(str(row), reverse("admin:articles_article_change", args=[row.pk])) for row in known]
