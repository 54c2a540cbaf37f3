"""Staff picks among the comments."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from comments.models import Comment, ModerationEntry, State
from comments.moderation.entries import Kind, Told, locked, note, touched
from comments.moderation.rights import Actor, require
from pagecache.writing import writing


def feature(comment: Comment, on: bool, *, actor: Actor) -> ModerationEntry | None:
    """Make ``comment`` a staff pick, or none any more; ``None`` where it is so already.

    Raises ``PermissionDenied``, or ``ValidationError`` for what readers cannot see.
    """
    require(actor)
    with writing() as keys:
        row = next(iter(locked([comment.pk])), None)
        if row is None or row.state != State.APPROVED:
            raise ValidationError(_("Approve this comment before you make it a staff pick."))
        if row.featured == on:
            return None
        row.featured = on
        row.save(update_fields=["featured"])
        afters = {row: State.APPROVED}
        kind = Kind.FEATURE if on else Kind.UNFEATURE
        [entry] = note(afters, Told(kind=kind), actor, "made a staff pick" if on else "made no staff pick")
        keys.update(touched(afters))
    return entry
