"""Readers report a published comment; enough of them take it off the page until a moderator has looked.

Each network reports a comment once. A comment that a moderator approved after
reports stays, however many more come; so does a colleague's answer, which the
desk shows as reported all the same.
"""

from datetime import timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy

from articles.models import Article
from comments import moderation, rationing, tokens
from comments.models import Comment, Report, State
from comments.pipeline.findings import Code
from comments.refusals import RefusedError
from comments.submission import hashed_block
from comments.writer_forms import ReportForm
from pagecache.writing import writing

AN_HOUR = 10
"""Reports from one network in an hour."""

THANKS = gettext_lazy("Thank you. A moderator reads your report and looks at the comment.")


class TooManyReportsError(RefusedError):
    """One network reports very much."""

    status = 429
    words = gettext_lazy(
        "Many reports came from your connection within an hour. Your text is still here: please send it later."
    )


class GoneError(RefusedError):
    """The comment is not shown any more."""

    status = 404
    words = gettext_lazy("This comment is not shown any more, so there is nothing left to report. Thank you.")


class UnfitReportError(RefusedError):
    """Something has to be changed first; ``form`` says what."""

    status = 422
    words = gettext_lazy("Please look at the marked fields. Your text is still here.")

    def __init__(self, form: ReportForm) -> None:
        super().__init__()
        self.form = form


def find(comment_id: int) -> Comment | None:
    """The comment a reader may report: one they can see."""
    if comment_id >= 2**63:
        return None
    rows = Comment.objects.approved().filter(pk=comment_id, article__in=Article.objects.public())
    return rows.select_related("article__section").first()


def report(comment: Comment, complaint: str, text: str, *, token: str, address: str = "") -> None:
    """Note a report; a second one from the same network changes nothing and is thanked alike.

    Raises a ``RefusedError`` or ``TokenRefusedError``; then nothing was stored.
    """
    form = ReportForm({"complaint": complaint, "text": text})
    if not form.is_valid():
        raise UnfitReportError(form)
    block = hashed_block(address)
    with writing():
        row = Comment.objects.select_for_update(no_key=True).filter(pk=comment.pk, state=State.APPROVED).first()
        if row is None:
            raise GoneError
        tokens.use(token)
        if block and not rationing.take("report", block, limit=AN_HOUR, window=timedelta(hours=1)):
            raise TooManyReportsError
        if _note(row, form.cleaned_data, block):
            _count(row)


def _note(row: Comment, said: dict[str, str], block: str) -> bool:
    """Whether it is the first report of this comment from there. Who sits at a socket without address counts never."""
    if not block:
        Report.objects.create(comment=row, **said)
        return True
    source = salted_hmac("comments.report", block, algorithm="sha256").hexdigest()[:48]
    _report, is_first = Report.objects.get_or_create(comment=row, source=source, defaults=said)
    return is_first


def _count(row: Comment) -> None:
    waiting = Report.objects.filter(comment=row, judged_at__isnull=True)
    Comment.objects.filter(pk=row.pk).update(open_reports=waiting.count())
    number = waiting.exclude(source="").count()
    if number >= settings.COMMENT_REPORTS_TO_HOLD and not row.vouched and row.staff_id is None:
        moderation.hold(row, Code.REPORTED, facts={"number": number})
