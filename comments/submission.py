"""How a comment comes in: checked in order, each refusal in words, then stored to wait for a moderator."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from articles.models import Article
from comments import clusters, consequences, likeness, scoring, subscriptions, tokens, urgency
from comments.browser_keys import proves
from comments.forms import TRAP, CommentForm
from comments.models import Comment, ModerationEntry, State
from comments.openness import is_open
from comments.pipeline import rates
from comments.pipeline.draft import Draft
from comments.pipeline.findings import Code, Finding, strongest
from comments.pipeline.steps import examine, state_after
from comments.refusals import ClosedError, InvalidError, TokenError
from pagecache.writing import writing
from people.addresses import address_block

FASTEST = timedelta(seconds=3)
OLDEST = timedelta(days=1)

MAX_REASON = 200
"""Characters of what a ``ModerationEntry`` can say."""


def check(article: Article, data: Mapping[str, str], *, address: str = "") -> Draft:
    """What ``submit`` would store, without storing or counting it. Raises a ``RefusedError``."""
    draft = _read(article, data, address)
    rates.look(rates.sources_of(draft))
    return draft


def submit(
    article: Article,
    data: Mapping[str, str],
    *,
    address: str = "",
    token: str | None = None,
    found: tuple[Finding, ...] = (),
) -> Comment:
    """Store a reader's comment where the pipeline puts it: mostly to wait for a moderator.

    ``data`` holds ``text``, ``name``, ``email``, ``website``, ``parent`` (the
    id of the answered comment) and ``follow`` (the mail they want) as they were
    typed, and ``browser_key``. ``address`` is the client's; only a keyed hash
    of its block is kept.
    ``token`` is used up; ``None`` is for callers that are no web form (an
    import, a test). Raises a ``RefusedError``; then nothing was stored, and
    the token is as good as before. A comment that was put with the spam has a
    receipt like any other, and its writer is told the same as everybody.

    It costs fifteen statements, whatever came before: three for the rates (in a
    transaction of their own), one for the token, two for the same words, two
    for the kin, one each for bans, rules, the score, trust and clusters, two to
    store. Two more where others join its cluster.
    """
    draft = _read(article, data, address)
    rates.take(rates.sources_of(draft))
    with writing():
        noticed = [*found, *_spend(token)] if token is not None else list(found)
        comment = _store(draft, examine(draft, noticed))
        _ask_for_mail(comment, draft, data.get("follow", ""))
        consequences.arrive(comment)
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


def _read(article: Article, data: Mapping[str, str], address: str) -> Draft:
    if not is_open(article):
        raise ClosedError
    form = CommentForm(data)
    answers = _answered(article, data, form)
    if not form.is_valid():
        raise InvalidError(form)
    return Draft(
        article=article,
        answers=answers,
        address_block=hashed_block(address),
        trapped=bool(data.get(TRAP, "").strip()),
        browser_key=data.get("browser_key", ""),
        **{name: form.cleaned_data[name] for name in ("name", "email", "website", "text")},
    )


def _spend(raw: str) -> list[Finding]:
    try:
        token = tokens.use(raw)
    except tokens.TokenRefusedError as error:
        raise TokenError from error
    if token.origin is tokens.Origin.SCRIPT and token.age < FASTEST:
        return [Finding(Code.FAST)]  # a preview of one's own words is quickly read
    return [Finding(Code.OLD)] if token.age > OLDEST else []


def _store(draft: Draft, findings: list[Finding]) -> Comment:
    decisive, state = strongest(findings), state_after(findings)
    place = clusters.place_of(draft) if state == State.PENDING else clusters.Place()
    comment = _comment(draft, place)
    comment.state = state
    comment.findings = [finding.stored() for finding in findings]
    comment.why = str(decisive.code) if decisive else ""
    comment.score = scoring.given(findings)
    comment.rank_at = urgency.rank(comment)
    comment.save()
    likeness.keep(comment, draft.keys)
    clusters.join(place)
    if decisive and state != State.PENDING:
        _decided_by_itself(comment, decisive)
    return comment


def _comment(draft: Draft, place: clusters.Place) -> Comment:
    parent, depth = place_in_thread(draft.answers)
    now = timezone.now()
    return Comment(
        article=draft.article,
        parent=parent,
        answers=draft.answers,
        depth=depth,
        name=draft.name,
        email=draft.email,
        website=draft.website,
        text=draft.text,
        created_at=now,
        waiting_since=now,
        address_block=draft.address_block,
        cluster=place.first,
        likeness=place.likeness,
    )


def _decided_by_itself(comment: Comment, finding: Finding) -> None:
    """Write down that no person decided, and why; only what readers can see has consequences."""
    entry = ModerationEntry.objects.create(
        comment=comment,
        by=None,
        before=State.PENDING,
        after=comment.state,
        reason=finding.in_words()[:MAX_REASON],
        facts=finding.stored(),
    )
    if comment.state == State.APPROVED:
        consequences.follow([entry])


def _ask_for_mail(comment: Comment, draft: Draft, choice: str) -> None:
    scope, proved = subscriptions.scope_of(choice), proves(draft.email, draft.browser_key)
    subscriptions.ask(comment, scope, source=draft.address_block, proved=proved)
