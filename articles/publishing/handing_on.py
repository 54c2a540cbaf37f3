"""From hand to hand at the desk: no verb here changes what readers see."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.models import Article, Handover, Status
from articles.models.article import LIVE_STATUSES
from articles.permissions import Actor, may_draft, may_edit, may_kill, may_publish, require
from articles.publishing import steps, telling
from articles.publishing.approval import require_second_reader
from articles.publishing.row import locked
from articles.readiness import expect_ready
from pagecache.writing import writing
from people.models import User

UNDER_REVIEW = (Status.IN_REVIEW, Status.APPROVED)


def submit_for_review(article: Article, *, actor: Actor, to: User | None = None, note: str = "") -> Handover:
    """Hand a draft to the desk, or to one colleague; a live article's changes can be handed on as well.

    Tells whoever is asked by mail. Raises ``PermissionDenied``,
    ``NotReadyError`` without headline or story, or ``ValidationError`` for a
    colleague who may not publish it, an unfit note, or another state.
    """
    note = steps.written(note)
    with writing():
        row = locked(article)
        require(may_edit(actor, row), _("submit this article"))
        expect_ready(row)
        if to is not None and not (to.is_active and may_publish(to, row)):
            raise ValidationError(_("%(colleague)s does not review articles of this section.") % {"colleague": to})
        step = _move(row, steps.SUBMITTED, actor, Status.IN_REVIEW, allowed=(Status.DRAFT,), note=note, to=to)
        telling.review_wanted(row, step)
    article.status = row.status
    return step


def approve(article: Article, *, actor: Actor, note: str = "") -> Handover:
    """Say that the newest revision may go out as it stands; tells the writer.

    Raises ``PermissionDenied``, or ``ValidationError``: an unfit note, another
    state, or, where reviews are required, words of nobody else.
    """
    note = steps.written(note)
    with writing():
        row = locked(article)
        require(may_publish(actor, row), _("approve this article"))
        require_second_reader(row, actor)
        step = _move(row, steps.APPROVED, actor, Status.APPROVED, allowed=(Status.IN_REVIEW,), note=note)
        telling.approved(row, step)
    article.status = row.status
    return step


def ask_for_changes(article: Article, *, actor: Actor, note: str, to: User | None = None) -> Handover:
    """Back to draft with a note, to its writer or to the colleague named; tells them.

    Raises ``PermissionDenied``, or ``ValidationError``: no note or an unfit
    one, somebody who may not write on it, or another state.
    """
    note = steps.written(note, needed=_("Say what should change."))
    with writing():
        row = locked(article)
        require(may_publish(actor, row), _("ask for changes in this article"))
        asked = _writer(row, to)
        step = steps.take_step(
            row, steps.CHANGES_ASKED, actor, to_status=Status.DRAFT, allowed=UNDER_REVIEW, note=note, to=asked
        )
        telling.changes_wanted(row, step)
    article.status = row.status
    return step


def send_back(article: Article, *, actor: Actor, note: str = "") -> Handover:
    """Back to draft, where there is nothing to say; tells nobody."""
    note = steps.written(note)
    with writing():
        row = locked(article)
        require(may_publish(actor, row), _("send this article back"))
        step = steps.take_step(row, steps.SENT_BACK, actor, to_status=Status.DRAFT, allowed=UNDER_REVIEW, note=note)
    article.status = row.status
    return step


def reopen(article: Article, *, actor: Actor, note: str = "") -> Handover:
    """Back from the archive to draft, to be worked on and published again; a killed one by those who may kill."""
    note = steps.written(note)
    with writing():
        row = locked(article)
        killed = row.status == Status.KILLED
        require(may_kill(actor, row) if killed else may_publish(actor, row), _("reopen this article"))
        allowed = (Status.ARCHIVED, Status.KILLED)
        step = steps.take_step(row, steps.REOPENED, actor, to_status=Status.DRAFT, allowed=allowed, note=note)
    article.status = row.status
    return step


def _writer(row: Article, named: User | None) -> User | None:
    """Who is asked: the colleague named, else who began it, if they may write on the draft it becomes."""
    asked = named or row.created_by
    if asked is None or (asked.is_active and may_draft(asked, row)):
        return asked
    if named is None:
        return None
    raise ValidationError(_("%(colleague)s may not write on this article.") % {"colleague": asked})


def _move(
    row: Article,
    verb: str,
    actor: Actor,
    status: Status,
    *,
    allowed: tuple[Status, ...],
    note: str,
    to: User | None = None,
) -> Handover:
    """A live article keeps its status: what is handed on are the changes readers do not see yet."""
    if row.status in LIVE_STATUSES and verb in {steps.SUBMITTED, steps.APPROVED} and row.latest_id != row.live_id:
        return steps.note_step(row, verb, actor, before=row.status, note=note, to=to)
    return steps.take_step(row, verb, actor, to_status=status, allowed=allowed, note=note, to=to)
