"""A colleague answers under an article."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from comments import consequences
from comments.forms import ReplyForm
from comments.models import Comment, State
from comments.moderation.entries import locked
from comments.moderation.rights import require
from comments.submission import place_in_thread
from outbox import audit
from pagecache.writing import writing
from people.models import User


def reply_as_staff(comment: Comment, text: str, actor: User) -> Comment:
    """Answer an approved comment under one's own name, at once and with the staff badge.

    The same answer sent twice stands once. Raises ``PermissionDenied``, or ``ValidationError`` with what to change.
    """
    require(actor)
    form = ReplyForm({"text": text})
    if not form.is_valid():
        raise ValidationError(form.errors["text"].as_data())
    with writing():
        row = next(iter(locked([comment.pk])), None)
        if row is None or row.state != State.APPROVED:
            raise ValidationError(_("Approve this comment before you answer it."))
        text = form.cleaned_data["text"]
        twin = Comment.objects.approved().filter(answers=row, staff=actor, text=text).first()
        if twin is not None:
            return twin
        parent, depth = place_in_thread(row)
        answer: Comment = Comment.objects.create(
            article_id=row.article_id,
            parent=parent,
            answers=row,
            depth=depth,
            name=str(actor)[:80],
            email=actor.email.lower(),
            text=text,
            state=State.APPROVED,
            staff=actor,
        )
        audit.record(actor, "answered", row, reply=answer.pk)
        consequences.arrive(answer)
    return answer
