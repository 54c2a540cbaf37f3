"""What the writer of a comment does with it afterwards: change its words, take it back, appeal.

Whoever holds the receipt's secret is the writer; the views look the comment up
by it. Each verb uses up a form's token in its own transaction.
"""

import hashlib
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import consequences, likeness, tokens, urgency
from comments.models import Appeal, Comment, FormerWords, ModerationEntry, State
from comments.pipeline.draft import Draft
from comments.pipeline.findings import Code, Finding, Push, strongest
from comments.pipeline.steps import examine, state_after
from comments.refusals import RefusedError
from comments.standing import MAX_CHANGES, return_until, standing, withdrawal
from comments.submission import hashed_block
from comments.writer_forms import AppealForm, WordsForm
from pagecache.writing import writing

SLIP = 40
"""Characters in one place: so much of a published comment may change without a moderator reading it anew, however
often it is changed."""

CHANGED_WITH_WORDS = (
    "text",
    "edited_at",
    "findings",
    "why",
    "state",
    "cluster",
    "likeness",
    "waiting_since",
    "rank_at",
)


class TooLateError(RefusedError):
    """The window is over, or what is asked for makes no sense in the comment's present state."""

    status = 409
    words = gettext_lazy("This comment can no longer be changed. Your text is still here.")


class OtherWordsError(RefusedError):
    """The words changed since the form was opened."""

    status = 409
    words = gettext_lazy(
        "This comment was changed in the meantime, perhaps by you in another window. Above are the words that stand "
        "now; yours are still in the form. Send them again to let them replace the others."
    )


class UnfitError(RefusedError):
    """Something has to be changed first; ``form`` says what."""

    status = 422
    words = gettext_lazy("Please look at the marked field. Your text is still here.")

    def __init__(self, form: WordsForm | AppealForm) -> None:
        super().__init__()
        self.form = form


def fingerprint(text: str) -> str:
    """Tells apart the words that a form was opened with from others."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def check_words(comment: Comment, text: str) -> str:
    """``text`` as it would be stored in place of the present words. Raises a ``RefusedError``."""
    form = WordsForm({"text": text})
    if not form.is_valid():
        raise UnfitError(form)
    if standing(comment).edit_until is None:
        raise TooLateError
    return str(form.cleaned_data["text"])


def edit(comment: Comment, text: str, *, seen: str, token: str, address: str = "") -> Comment:
    """Put ``text`` in place of a comment's words; returns the comment as it stands then.

    ``seen`` is the ``fingerprint`` of the words that the form was opened with.
    The pipeline looks at it as at a new comment. The former words are kept.
    Raises a ``RefusedError``, or ``TokenRefusedError``; then nothing changed.
    """
    with writing() as keys:
        row = _locked(comment)
        words = check_words(row, text)
        if fingerprint(row.text) != seen and words != row.text:
            raise OtherWordsError
        tokens.use(token)
        if words == row.text:
            return row
        if row.former_words.filter(by=None).count() >= MAX_CHANGES:
            raise TooLateError(_("You changed this comment %d times, which is as often as one can.") % MAX_CHANGES)
        before = State(row.state)
        entry = _replace(row, words, address)
        if State.APPROVED in {before, row.state}:
            keys.add(f"comments:{row.article_id}")
        consequences.follow([entry])
    return row


def withdraw(comment: Comment, *, token: str) -> Comment:
    """Take a comment back; answers of others stay. Raises ``TooLateError`` or ``TokenRefusedError``."""
    with writing() as keys:
        row = _locked(comment)
        if row.state == State.WITHDRAWN:
            raise TooLateError(_("You have taken this comment back already."))
        tokens.use(token)
        facts: dict[str, object] = {
            "open_reports": row.open_reports,
            "appealed_at": row.appealed_at and row.appealed_at.isoformat(),
        }
        _move(row, State.WITHDRAWN, facts, keys, open_reports=0, appealed_at=None)
    return row


def give_back(comment: Comment, *, token: str) -> Comment:
    """Undo ``withdraw`` while that is possible. Raises ``TooLateError`` or ``TokenRefusedError``."""
    with writing() as keys:
        row = _locked(comment)
        entry = withdrawal(row)
        if entry is None or return_until(row) is None:
            raise TooLateError(_("This can no longer be undone."))
        tokens.use(token)
        appealed = entry.facts.get("appealed_at")
        _move(
            row,
            State(entry.before),
            {},
            keys,
            open_reports=entry.facts.get("open_reports", 0),
            appealed_at=datetime.fromisoformat(appealed) if appealed else None,
        )
    return row


def appeal(comment: Comment, text: str, *, token: str) -> Appeal:
    """Ask once that a refusal be looked at again. Raises a ``RefusedError`` or ``TokenRefusedError``."""
    form = AppealForm({"text": text})
    with writing():
        row = _locked(comment)
        if not standing(row).may_appeal:
            raise TooLateError(_("There is nothing to appeal against, or you did so already."))
        if not form.is_valid():
            raise UnfitError(form)
        tokens.use(token)
        made = Appeal.objects.create(comment=row, text=form.cleaned_data["text"])
        Comment.objects.filter(pk=row.pk).update(appealed_at=made.at)
    return made


def _locked(comment: Comment) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).filter(pk=comment.pk, receipt=comment.receipt)
    row = rows.select_related("article", "answers").first()
    if row is None:
        raise TooLateError
    return row


def _replace(row: Comment, words: str, address: str) -> ModerationEntry:
    """Store ``words`` and where they lead, and return the entry that says so."""
    draft = _draft(row, words, address)
    findings = examine(draft, _noticed(row, words))
    before, row.state = State(row.state), _state_of_changed(row, findings)
    former = FormerWords.objects.create(comment=row, text=row.text)
    row.text, row.edited_at = words, former.until
    row.findings = [finding.stored() for finding in findings]
    decisive = strongest(findings)
    row.why = str(decisive.code) if decisive else ""
    row.cluster, row.likeness = None, ""  # whoever decides about others must not decide about words they did not see
    if row.state == State.PENDING != before:
        row.waiting_since = former.until
    row.rank_at = urgency.rank(row)
    row.save(update_fields=CHANGED_WITH_WORDS)
    likeness.renew(row, draft.keys)
    return _note(row, before, ModerationEntry.Kind.EDIT, {"former_words": former.pk})


def _draft(row: Comment, words: str, address: str) -> Draft:
    return Draft(
        article=row.article,
        name=row.name,
        email=row.email,
        website=row.website,
        text=words,
        answers=row.answers,
        address_block=hashed_block(address) or row.address_block,
        comment=row,
    )


def _noticed(row: Comment, words: str) -> list[Finding]:
    """That it was changed; held for a moderator where readers see it and the change is more than a slip."""
    holds = row.state == State.APPROVED and not is_slip(_words_let_through(row), words)
    return [Finding(Code.CHANGED, push=Push.HOLD if holds else None)]


def is_slip(old: str, new: str) -> bool:
    """Whether a change is small and in one place, as when a slip of the pen is mended, and names no further site.

    At least half of the old words stay.
    """
    shorter = min(len(old), len(new))
    start = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    rest = shorter - start
    end = next((back for back in range(rest) if old[-1 - back] != new[-1 - back]), rest)
    taken, put = old[start : len(old) - end], new[start : len(new) - end]
    is_small = max(len(taken), len(put)) <= SLIP and 2 * len(taken) <= len(old)
    return is_small and new.count("://") <= old.count("://") and set(likeness.sites(new)) <= set(likeness.sites(old))


def _words_let_through(row: Comment) -> str:
    """The words with which a published comment was last let through, or changed by a colleague: slips add up."""
    entries = row.decisions.filter(undoes=None).order_by("-pk")
    by_staff = Q(kind=ModerationEntry.Kind.EDIT, by__isnull=False)
    last = entries.filter(by_staff | Q(kind=ModerationEntry.Kind.DECIDE, after=State.APPROVED)).first()
    own = row.decisions.filter(kind=ModerationEntry.Kind.EDIT, by=None, pk__gt=last.pk if last else 0)
    first = own.order_by("pk").first()
    former = row.former_words.filter(pk=first.facts.get("former_words")).first() if first else None
    return former.text if former else row.text


def _state_of_changed(row: Comment, findings: list[Finding]) -> State:
    """Where changed words stand.

    What a moderator or readers sent to the queue stays there, and spam stays
    spam: nobody gets out by rewriting.
    """
    before = State(row.state)
    decisive = strongest(findings)
    if before == State.SPAM or (before == State.APPROVED and decisive is None):
        return before
    after = state_after(findings)
    was_decided = row.open_reports or row.decisions.filter(kind=ModerationEntry.Kind.DECIDE).exists()
    return State.PENDING if after == State.APPROVED != before and was_decided else after


def _move(row: Comment, state: State, facts: dict[str, object], keys: set[str], **fields: object) -> None:
    before = State(row.state)
    row.state = state
    Comment.objects.filter(pk=row.pk).update(state=state, **fields)
    if State.APPROVED in {before, state}:
        keys.add(f"comments:{row.article_id}")
    consequences.follow([_note(row, before, ModerationEntry.Kind.DECIDE, facts)])


def _note(row: Comment, before: State, kind: ModerationEntry.Kind, facts: dict[str, object]) -> ModerationEntry:
    return ModerationEntry.objects.create(
        comment=row, kind=kind, by=None, before=before, after=row.state, facts=facts, at=timezone.now()
    )
