"""How a comment comes in: checked in order, each refusal in words, then stored to wait for a moderator."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import Article
from comments import tokens
from comments.forms import TRAP, CommentForm
from comments.models import Comment, ModerationEntry, State
from comments.openness import is_open
from comments.pipeline.draft import Draft
from comments.pipeline.findings import Code, Finding, strongest
from comments.pipeline.steps import examine, state_after
from pagecache.writing import writing
from people.addresses import address_block

RATE_LIMIT = 10
RATE_WINDOW = timedelta(minutes=10)
"""Ten comments in ten minutes: more than anybody writes with care, fewer than a program would like."""

FASTEST = timedelta(seconds=3)
OLDEST = timedelta(days=1)


class RefusedError(Exception):
    """A comment that was not taken. ``str()`` says why, to its writer; ``status`` is the HTTP status."""

    status = 403
    words = gettext_lazy("Your comment could not be taken.")

    def __init__(self, words: str = "") -> None:
        super().__init__(words or str(self.words))


class ClosedError(RefusedError):
    """The article is not open for comments."""

    words = gettext_lazy("Comments on this article are closed.")


class ForeignOriginError(RefusedError):
    """The form was on somebody else's page."""

    words = gettext_lazy(
        "This comment was sent from another website, so we did not take it. Your text is still here: "
        "check it, and send it from this page."
    )


class InvalidError(RefusedError):
    """Something has to be changed first; ``form`` says what."""

    status = 422
    words = gettext_lazy("Please look at the marked fields. Your text is still here.")

    def __init__(self, form: CommentForm) -> None:
        super().__init__(" ".join(str(error) for error in form.non_field_errors()))
        self.form = form


class TooManyError(RefusedError):
    """Too many comments from one address block."""

    status = 429

    def __init__(self) -> None:
        minutes = int(RATE_WINDOW.total_seconds() // 60)
        words = ngettext(
            "Many comments came from your connection just now. Your text is still here: please send it in %d minute.",
            "Many comments came from your connection just now. Your text is still here: please send it in %d minutes.",
            minutes,
        )
        super().__init__(words % minutes)


class TokenError(RefusedError):
    """The token is spent or forged."""

    status = 409
    words = gettext_lazy(
        "This form was already sent once. If you pressed the button twice, your comment has arrived and there is "
        "nothing to do. If you want to send this as well, here it is again."
    )


def check(article: Article, data: Mapping[str, str], *, address: str = "") -> Draft:
    """What ``submit`` would store, without storing it. Raises a ``RefusedError``."""
    if not is_open(article):
        raise ClosedError
    form = CommentForm(data)
    answers = _answered(article, data, form)
    if not form.is_valid():
        raise InvalidError(form)
    block = hashed_block(address)
    if block and _recent_from(block) >= RATE_LIMIT:
        raise TooManyError
    return Draft(
        article=article,
        answers=answers,
        address_block=block,
        trapped=bool(data.get(TRAP, "").strip()),
        **{name: form.cleaned_data[name] for name in ("name", "email", "website", "text")},
    )


def submit(
    article: Article,
    data: Mapping[str, str],
    *,
    address: str = "",
    token: str | None = None,
    found: tuple[Finding, ...] = (),
) -> Comment:
    """Store a reader's comment; it waits for a moderator, whatever it says.

    ``data`` holds ``text``, ``name``, ``email``, ``website``, ``parent`` (the
    id of the answered comment) as they were typed. ``address`` is the
    client's; only a keyed hash of its block is kept. ``token`` is used up;
    ``None`` is for callers that are no web form (an import, a test). Raises a
    ``RefusedError``; then nothing was stored. A comment that walked into the
    trap is stored as spam, and its writer told the same as everybody.
    """
    draft = check(article, data, address=address)
    with writing():
        noticed = [*found, *_spend(token)] if token is not None else list(found)
        comment = _store(draft, examine(draft, noticed))
        if comment.state == State.SPAM:
            _put_aside(comment)
    return comment


def hashed_block(address: str) -> str:
    """A keyed hash of the block ``address`` lies in; empty for an address that is none (a Unix socket)."""
    try:
        block = address_block(address)
    except ValueError:
        return ""
    return salted_hmac("comments.address", block, algorithm="sha256").hexdigest()[:48]


def place_in_thread(answers: Comment | None) -> tuple[Comment | None, int]:
    """Where an answer hangs: below what it answers, or below the deepest ancestor that may have replies."""
    parent = answers
    while parent is not None and parent.depth >= settings.COMMENT_MAX_DEPTH:
        parent = parent.parent
    return (parent, parent.depth + 1) if parent else (None, 0)


def find_answered(article: Article, raw: str) -> Comment | None:
    """The comment a reader may answer: approved, under this article. ``None`` for anything else."""
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= 18):  # noqa: PLR2004 - every database's big integer
        return None
    return Comment.objects.approved().filter(article=article, pk=int(raw)).first()


def _answered(article: Article, data: Mapping[str, str], form: CommentForm) -> Comment | None:
    raw = data.get("parent", "")
    if not raw:
        return None
    found = find_answered(article, raw)
    if found is None:
        form.add_error(
            None,
            _(
                "The comment you are answering is no longer here. Your text is still here: "
                "you can send it as a comment of its own."
            ),
        )
    return found


def _recent_from(block: str) -> int:
    since = timezone.now() - RATE_WINDOW
    return Comment.objects.filter(address_block=block, created_at__gt=since).count()


def _spend(raw: str) -> list[Finding]:
    try:
        token = tokens.read(raw)
        tokens.spend(token)
    except tokens.TokenRefusedError as error:
        raise TokenError from error
    if token.origin is tokens.Origin.SCRIPT and token.age < FASTEST:
        return [Finding(Code.FAST)]  # a preview of one's own words is quickly read
    return [Finding(Code.OLD)] if token.age > OLDEST else []


def _store(draft: Draft, findings: list[Finding]) -> Comment:
    decisive = strongest(findings)
    parent, depth = place_in_thread(draft.answers)
    return Comment.objects.create(
        article=draft.article,
        parent=parent,
        answers=draft.answers,
        depth=depth,
        name=draft.name,
        email=draft.email,
        website=draft.website,
        text=draft.text,
        state=state_after(findings),
        address_block=draft.address_block,
        findings=[finding.stored() for finding in findings],
        why=str(decisive.code) if decisive else "",
    )


def _put_aside(comment: Comment) -> None:
    ModerationEntry.objects.create(
        comment=comment, by=None, before=State.PENDING, after=State.SPAM, reason=str(Code(comment.why).label)
    )
