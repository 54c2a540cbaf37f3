"""Notes between colleagues on an article: written, answered, resolved; readers never see one."""

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.known import knows_newest
from articles.letters import tell_staff
from articles.models import Article, EditorialNote
from articles.permissions import Actor, require
from articles.publishing.row import locked
from articles.publishing.steps import written
from outbox import audit
from outbox.letters import absolute, one_line, quoted
from pagecache.writing import writing
from people.models import User

NOTE_LENGTH = 4000
QUOTE_LENGTH = 500
MOST_NOTES = 500
"""Notes and answers on one article: what a page can show at once."""


def may_note(actor: Actor, article: Article) -> bool:
    """Read and write its notes: everybody who works on articles and may know its newest words."""
    return actor is None or (actor.has_perm("articles.change_article") and knows_newest(actor, article))


def talks_on(article: Article) -> QuerySet[EditorialNote]:
    """The remarks that began a talk, each with its answers: open ones first, two queries."""
    answers = Prefetch("replies", EditorialNote.objects.select_related("made_by").order_by("made_at", "id"))
    begun = EditorialNote.objects.filter(article=article, answers=None).select_related("made_by", "resolved_by")
    return begun.prefetch_related(answers).order_by("resolved_at", "made_at", "id")


def write_note(
    article: Article, *, actor: Actor, text: str, quote: str = "", answers: EditorialNote | None = None
) -> EditorialNote:
    """Leave a note, or answer one, which opens it again if it was resolved; colleagues of the talk get a mail.

    ``quote`` holds the words of the story it is about. Raises
    ``PermissionDenied``, or ``ValidationError``: no words, unfit ones, too many
    notes, or an answer to what is no remark on this article.
    """
    text = written(text, most=NOTE_LENGTH, needed=_("Write the note first."))
    quote = written(" ".join(quote.split()), most=QUOTE_LENGTH)
    with writing():
        row = locked(article)
        require(may_note(actor, row), _("write notes on this article"))
        _check(row, answers)
        note = EditorialNote.objects.create(
            article=row, text=text, quote="" if answers else quote, answers=answers, made_by=_person(actor)
        )
        if answers is not None:
            EditorialNote.objects.filter(pk=answers.pk).update(resolved_at=None, resolved_by=None)
        audit.record(actor, "answered a note" if answers else "noted", row, note=note.pk)
        _tell(row, note)
    return note


def resolve(note: EditorialNote, *, actor: Actor) -> None:
    """Settle a talk; one that is settled stays as it was. Raises ``PermissionDenied``."""
    _settle(note, actor, settled=True)


def reopen(note: EditorialNote, *, actor: Actor) -> None:
    """Take up a settled talk again. Raises ``PermissionDenied``."""
    _settle(note, actor, settled=False)


def _settle(note: EditorialNote, actor: Actor, *, settled: bool) -> None:
    with writing():
        row = locked(note.article)
        require(may_note(actor, row), _("settle notes on this article"))
        waiting = EditorialNote.objects.filter(pk=note.pk, answers=None, resolved_at__isnull=settled)
        values = {"resolved_at": timezone.now(), "resolved_by": _person(actor)}
        changed = waiting.update(**(values if settled else dict.fromkeys(values)))
        if changed:
            audit.record(actor, "resolved a note" if settled else "reopened a note", row, note=note.pk)


def _check(row: Article, answers: EditorialNote | None) -> None:
    if answers is not None and (answers.article_id != row.pk or answers.answers_id is not None):
        raise ValidationError(_("The note you answer is not there any more."))
    if row.notes.count() >= MOST_NOTES:
        raise ValidationError(_("There are %(most)d notes on this article already.") % {"most": MOST_NOTES})


def _person(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None


def _tell(row: Article, note: EditorialNote) -> None:
    """To whoever began the article, and whoever spoke in the talk before; never to its own writer."""
    asked: set[int | None] = {row.created_by_id}
    if note.answers is not None:
        asked |= {note.answers.made_by_id, *note.answers.replies.values_list("made_by", flat=True)}
    people = {pk for pk in asked if pk is not None} - {note.made_by_id}
    subject = _("%(who)s answered a note on “%(article)s”")
    if note.answers is None:
        subject = _("%(who)s left a note on “%(article)s”")
    words = subject % {"who": one_line(str(note.made_by or _("The system"))), "article": one_line(str(row))}
    tell_staff(people, words, "admin/articles/mail/note.txt", _words(row, note, words), f"note:{note.pk}")


def _words(row: Article, note: EditorialNote, opening: str) -> dict[str, object]:
    address = reverse("admin:articles_article_notes", args=[row.pk])
    return {
        "article": row,
        "opening": f"{opening}.",
        "about": one_line(note.quote),
        "note": quoted(note.text),
        "url": f"{absolute(address)}#note-{note.answers_id or note.pk}",
    }
