"""What can be done at the desk: each takes what was posted, calls one verb, and says in words what happened."""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments import moderation
from comments.desk.asked import Seen
from comments.models import Comment, ModerationEntry, State
from comments.plain_text import neutral
from pagecache.admin import is_id
from people.models import User

MOST_AT_ONCE = 5_000
"""Comments in one decision: more than a screen can hold, whatever is selected on it."""

MOST_NAMED = 3
"""How many of those who were faster are told one by one."""


class MalformedError(ValidationError):
    """Something no form of ours sends."""


@dataclass
class Done:
    """What happened, in words; ``changed`` are the comments that moved, ``left`` those that could not.

    Of these ``rewritten`` are to be read again: they stand where they stood, with other words.
    """

    said: str = ""
    batch: uuid.UUID | None = None
    notices: list[str] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    rewritten: list[int] = field(default_factory=list)


def decide(posted: QueryDict, actor: User) -> Done:
    """Decide about comments in the state, and with the words, in which a screen showed them."""
    seen = _seen(posted.getlist("comments"))
    state = _state(posted.get("state", ""))
    comments = list(seen.values())
    entries = moderation.decide(
        comments,
        state,
        actor=actor,
        code=posted.get("code", ""),
        reason=posted.get("reason", ""),
        warning="warning" in posted,
    )
    moved = [entry.comment_id for entry in entries]
    left = [pk for pk in seen if pk not in set(moved)]
    rewritten = _rewritten([seen[pk] for pk in left])
    notices = [*_overtaken(left, rewritten), *_joined(posted.getlist("cluster"), seen)]
    said = _said(state, len(moved), moved[0]) if moved else ""
    return Done(said, entries[0].batch if entries else None, notices, moved, left, rewritten)


def take_back(posted: QueryDict, actor: User) -> Done:
    """Undo what was done together as ``batch``, or what this moderator did last."""
    raw = posted.get("batch", "")
    batch = _batch(raw) if raw else moderation.last_batch(actor)
    if batch is None:
        return Done(notices=[_("There is nothing to take back.")])
    undone, overtaken = moderation.undo_batch(batch, actor)
    entries = ModerationEntry.objects.filter(batch=batch, undoes__isnull=True, undone_by__isnull=False)
    changed = list(entries.values_list("comment_id", flat=True)) if undone else []
    done = Done(changed=changed)
    if undone:
        done.said = ngettext("%d decision was taken back.", "%d decisions were taken back.", undone) % undone
    if overtaken:
        words = ngettext(
            "%d comment was changed anew in the meantime and stays as it is.",
            "%d comments were changed anew in the meantime and stay as they are.",
            overtaken,
        )
        done.notices.append(words % overtaken)
    if not undone and not overtaken:
        done.notices.append(_("There is nothing to take back."))
    return done


def edit(comment: Comment, posted: QueryDict, actor: User) -> Done:
    """Change a comment's words; ``seen`` is the mark of those that its form showed, or the words themselves."""
    seen = posted.get("seen", "")
    seen_text = comment.text if seen == mark_of(comment.text) else seen
    entry = moderation.edit(comment, posted.get("text", ""), actor=actor, seen_text=seen_text)
    return _changed(comment, entry, _("The comment by %(name)s is changed; its first words are kept."))


def mark_of(words: str) -> str:
    """What stands for a comment's words in a form: no page holds them raw."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def feature(comment: Comment, posted: QueryDict, actor: User) -> Done:
    """Make a comment a staff pick, or none any more."""
    if posted.get("on") not in {"0", "1"}:
        raise MalformedError(_("A comment can be a staff pick or none."))
    on = posted["on"] == "1"
    entry = moderation.feature(comment, on, actor=actor)
    made, unmade = _("The comment by %(name)s is a staff pick."), _("The comment by %(name)s is no staff pick now.")
    return _changed(comment, entry, made if on else unmade)


def overtaken_words(names: dict[int, str], entries: dict[int, ModerationEntry]) -> dict[int, str]:
    """For each comment, by its id: who decided about it meanwhile, and what."""
    return {pk: _overtaken_by(name, entries.get(pk)) for pk, name in names.items()}


def _changed(comment: Comment, entry: ModerationEntry | None, said: str) -> Done:
    if entry is None:
        return Done(notices=[_("Nothing changed.")])
    return Done(said % {"name": neutral(comment.name)}, entry.batch, changed=[comment.pk])


def _seen(values: Sequence[str]) -> dict[int, Comment]:
    """The comments a form names as ``state:id,id``, each by its id as ``asked.Seen`` wrote what was shown."""
    seen: dict[int, Comment] = {}
    for value in values:
        state, _colon, ids = value.partition(":")
        shown = list(map(Seen.read, ids.split(",", MOST_AT_ONCE)))
        if state not in State.values or None in shown:
            raise MalformedError(_("Choose at least one comment, as the list shows it."))
        seen |= {one.pk: Comment(pk=one.pk, state=State(state), edited_at=one.edited) for one in shown if one}
    if not seen or len(seen) > MOST_AT_ONCE:
        raise MalformedError(_("Choose at least one comment, and at most %d.") % MOST_AT_ONCE)
    return seen


def _state(text: str) -> State:
    if text not in moderation.VERBS:
        raise MalformedError(_("That is no decision."))
    return State(text)


def _batch(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise MalformedError(_("That names no decision.")) from error


def _said(state: State, number: int, first: int) -> str:
    if number == 1:
        name = Comment.objects.filter(pk=first).values_list("name", flat=True).first() or ""
        words = {
            State.APPROVED: _("Approved: the comment by %(name)s."),
            State.REJECTED: _("Refused: the comment by %(name)s."),
            State.SPAM: _("Marked as spam: the comment by %(name)s."),
            State.PENDING: _("The comment by %(name)s waits again."),
        }
        return words[state] % {"name": neutral(name)}
    several = {
        State.APPROVED: ngettext("%d comment approved.", "%d comments approved.", number),
        State.REJECTED: ngettext("%d comment refused.", "%d comments refused.", number),
        State.SPAM: ngettext("%d comment marked as spam.", "%d comments marked as spam.", number),
        State.PENDING: ngettext("%d comment waits again.", "%d comments wait again.", number),
    }
    return several[state] % number


def _rewritten(shown: Sequence[Comment]) -> list[int]:
    """The ids of those whose words alone have changed since a screen showed them."""
    if not shown:
        return []
    rows = Comment.objects.filter(pk__in=[one.pk for one in shown]).values_list("pk", "state", "edited_at")
    now = {pk: (state, edited) for pk, state, edited in rows}
    same_state = [one for one in shown if one.pk in now and now[one.pk][0] == one.state]
    return [one.pk for one in same_state if now[one.pk][1] != one.edited_at]


def _overtaken(left: Sequence[int], rewritten: Sequence[int]) -> list[str]:
    """The first few by name, with who was faster; of the others how many."""
    if not left:
        return []
    names = dict(Comment.objects.filter(pk__in=left[:MOST_NAMED]).values_list("pk", "name"))
    entries = moderation.last_decisions([Comment(pk=pk) for pk in names])
    told = list(overtaken_words(names, {pk: entry for pk, entry in entries.items() if pk not in rewritten}).values())
    gone = len(left[:MOST_NAMED]) - len(names)
    if gone:
        told.append(ngettext("%d comment is no longer there.", "%d comments are no longer there.", gone) % gone)
    more = len(left) - MOST_NAMED
    if more > 0:
        words = ngettext("%d more was decided in the meantime.", "%d more were decided in the meantime.", more)
        told.append(words % more)
    return told


def _overtaken_by(name: str, entry: ModerationEntry | None) -> str:
    if entry is None:
        return _("The words of the comment by %(name)s changed in the meantime: please read it again.") % {
            "name": neutral(name)
        }
    return _("The comment by %(name)s was decided by %(who)s in the meantime: %(state)s. Nothing was changed.") % {
        "name": neutral(name),
        "who": entry.by or _("somebody else"),
        "state": entry.get_after_display(),
    }


def _joined(clusters: Sequence[str], seen: Iterable[int]) -> list[str]:
    """How many have joined the decided groups since the screen was drawn: they stay."""
    ids = [int(cluster) for cluster in clusters if is_id(cluster)]
    if not ids:
        return []
    rest = Comment.objects.filter(state=State.PENDING, cluster__in=ids).exclude(pk__in=list(seen))
    number = rest.values("pk")[:MOST_AT_ONCE].count()
    if not number:
        return []
    words = ngettext(
        "%d more like these waits: it was not among those you saw.",
        "%d more like these wait: they were not among those you saw.",
        number,
    )
    return [words % number]
