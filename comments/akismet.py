"""Akismet's opinion, for newsrooms that have a key: one finding among others, asked for after a comment is stored.

Nobody waits for it. Name, website, text and the article's address are sent;
never the e-mail or network address, of which the latter is not even kept. A
slow or broken service is asked again as the outbox does with every effect. Its
word may put aside what waits, and take back what appeared by trust, as long as
no person has decided.
"""

from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from comments import moderation
from comments.models import Comment, ModerationEntry, State
from comments.pipeline.findings import Code, Finding
from outbox import effects
from pagecache.writing import writing

ASK = "comments.akismet"

TIME_OUT = 10
"""Seconds; well under the lease of an effect that works outside."""

MAX_ANSWER = 100
"""Bytes: the answers are “true”, “false” and “invalid”."""

UNKNOWN_ADDRESS = "127.0.0.1"
"""Akismet wants an address; ours says nothing."""


class AkismetError(Exception):
    """The service did not answer, or not in its own words; the outbox tries again."""


class _StaysHere(HTTPRedirectHandler):
    """What readers wrote is sent to the service that was named, and to nobody it points to."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow nothing; the answer then counts as an error."""


def ask_later(comment: Comment) -> None:
    """Enqueue the question about a new comment, where there is a key; what is spam already needs no opinion."""
    if settings.AKISMET_KEY and comment.state != State.SPAM:
        effects.enqueue(ASK, {"comment": comment.pk}, key=f"{ASK}:{comment.pk}")


@effects.handler(ASK, outside=True)
def ask(payload: dict[str, Any], key: str) -> None:
    """Ask about one comment and write down the answer; does nothing the second time. Raises ``AkismetError``."""
    comment = Comment.objects.select_related("article__section").filter(pk=payload["comment"]).first()
    if comment is None or not settings.AKISMET_KEY or _is_answered(comment):
        return
    if _is_spam(comment):
        _put_aside(comment)


def _is_spam(comment: Comment) -> bool:
    body = urlencode(
        {
            "api_key": settings.AKISMET_KEY,
            "blog": settings.BASE_URL,
            "user_ip": UNKNOWN_ADDRESS,
            "permalink": settings.BASE_URL + comment.article.get_absolute_url(),
            "comment_type": "reply" if comment.answers_id else "comment",
            "comment_author": comment.name,
            "comment_author_url": comment.website,
            "comment_content": comment.text,
            "comment_date_gmt": comment.created_at.isoformat(),
            "blog_charset": "UTF-8",
        }
    )
    request = Request(settings.AKISMET_URL, body.encode(), {"User-Agent": "Newsroom | Akismet/1.1"})  # noqa: S310
    try:
        with build_opener(_StaysHere).open(request, timeout=TIME_OUT) as response:
            answer = response.read(MAX_ANSWER).decode("ascii", "replace").strip()
    except (URLError, OSError, ValueError) as error:
        raise AkismetError(str(error)) from error
    if answer not in {"true", "false"}:
        raise AkismetError(f"unexpected answer {answer[:20]!r}")
    return bool(answer == "true")


def _put_aside(asked: Comment) -> None:
    """Add the finding, and let it act where no person has decided yet."""
    finding = Finding(Code.AKISMET)
    with writing():
        comment = Comment.objects.select_for_update(of=("self",)).filter(pk=asked.pk).first()
        if comment is None or _is_answered(comment):
            return
        comment.findings = [*comment.findings, finding.stored()]
        comment.save(update_fields=["findings"])
        if comment.text != asked.text or _decided_by_person(comment):
            return
        after = {State.PENDING: State.SPAM, State.APPROVED: State.PENDING}.get(State(comment.state))
        if after is None:
            return
        comment.why = str(finding.code)
        comment.save(update_fields=["why"])
        moderation.decide([comment], after, actor=None, reason=finding.in_words())


def _is_answered(comment: Comment) -> bool:
    return any(row.get("code") == Code.AKISMET for row in comment.findings)


def _decided_by_person(comment: Comment) -> bool:
    return ModerationEntry.objects.filter(comment=comment, kind=ModerationEntry.Kind.DECIDE, by__isnull=False).exists()
