"""Which colleagues hear by mail of a step, and in which words."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.asking import desk_editors_of, reviewers_of
from articles.letters import tell_staff
from articles.models import Article, EditorialNote, Handover
from articles.state import WorkingState
from outbox.letters import absolute, one_line, quoted
from people.models import Author

MOST_ASKED = 20
"""Colleagues who are told that something waits, where no desk and nobody by name is asked."""


def review_wanted(row: Article, step: Handover) -> None:
    """To the colleague who is asked; else to the desk's editors; else to those who may publish it."""
    if step.to_id is not None:
        asked = {step.to_id}
        subject = _("%(who)s asks you to review “%(article)s”")
    else:
        asked = set(desk_editors_of(row).values_list("pk", flat=True))
        asked = asked or set(reviewers_of(row).values_list("pk", flat=True)[:MOST_ASKED])
        subject = _("“%(article)s” waits for review, from %(who)s")
    _tell(asked, subject, row, step)


def approved(row: Article, step: Handover) -> None:
    """To its writer."""
    _tell({row.created_by_id}, _("%(who)s approved “%(article)s”"), row, step)


def changes_wanted(row: Article, step: Handover) -> None:
    """To whoever is asked for them."""
    _tell({step.to_id}, _("%(who)s asks for changes in “%(article)s”"), row, step)


def killed(row: Article, step: Handover) -> None:
    """To all whose work it is, with the reason: those of them who may know it when the mail goes out."""
    asked = {row.created_by_id, *_named(row), *_hands(row)}
    asked |= set(desk_editors_of(row).values_list("pk", flat=True))
    _tell(asked, _("%(who)s killed “%(article)s”"), row, step, of_killed=True)


def _named(row: Article) -> Iterable[int]:
    """The accounts of those whose names stand above it, for readers or in the newest revision."""
    authors = {credit.author for credit in WorkingState.of(row).bylines}
    authors |= set(row.bylines.values_list("author", flat=True))
    return Author.objects.filter(pk__in=authors, user__isnull=False).values_list("user", flat=True)


def _hands(row: Article) -> Iterable[int]:
    """Whoever took a step with it, was asked to, or spoke of it in its notes."""
    steps, notes = Handover.objects.filter(article=row), EditorialNote.objects.filter(article=row)
    pairs = {*steps.order_by().values_list("made_by", "to"), *notes.order_by().values_list("made_by", "made_by")}
    return {pk for pair in pairs for pk in pair if pk is not None}


def _tell(asked: Iterable[int | None], subject: str, row: Article, step: Handover, *, of_killed: bool = False) -> None:
    """Nobody hears of their own step."""
    words = subject % {"who": one_line(str(step.made_by or _("The system"))), "article": one_line(str(row))}
    context = {
        "article": row,
        "opening": f"{words}.",
        "note": quoted(step.note) if step.note else "",
        "url": absolute(reverse("admin:articles_article_change", args=[row.pk])),
    }
    people = {pk for pk in asked if pk is not None} - {step.made_by_id}
    tell_staff(people, words, "admin/articles/mail/step.txt", context, f"step:{step.pk}", of_killed=of_killed)
