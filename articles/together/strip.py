"""The strip above the form: who else is here, whether a newer version exists, and unsaved words to take back."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.urls import reverse

from articles.known import knows_newest
from articles.models import Article, Revision, WorkingCopy
from articles.permissions import may_edit, may_write
from articles.state import WorkingState
from articles.together import copies, presence
from articles.together.posting import BASE, unsaved_state
from articles.together.windows import posted_window
from pagecache.admin import is_id

MOST_OFFERS = 5
RESTORING = "copy"
"""In the address: the number of the unsaved copy that the form is filled from."""


@dataclass(frozen=True)
class Strip:
    """What the template shows, and what the module in the browser needs to go on."""

    article: Article | None
    user_id: int
    window: UUID
    base: int | None
    writes: bool
    here: str
    newer: Revision | None
    offers: list[WorkingCopy]
    restored: WorkingCopy | None

    @property
    def beat_url(self) -> str:
        """Where the window says that it is open."""
        return reverse("admin:articles_article_present", args=[self.article.pk]) if self.article else ""

    @property
    def keep_url(self) -> str:
        """Where typed words are kept; empty for whoever may only look."""
        if not self.writes:
            return ""
        if self.article is None:
            return reverse("admin:articles_article_keep_new")
        return reverse("admin:articles_article_keep", args=[self.article.pk])


def strip(request: HttpRequest, article: Article | None) -> Strip:
    """The strip for this form: three queries, whatever stands in the article."""
    restored = restoring(request, article)
    window = posted_window(request) or (restored.window if restored else uuid4())
    base = _base(request, article, restored)
    newest = article.latest if article and knows_newest(request.user, article) else None
    writes = may_edit(request.user, article) if article else may_write(request.user)
    return Strip(
        article=article,
        user_id=request.user.pk or 0,
        window=window,
        base=base,
        writes=writes,
        here=who_is_here(request, article) if article else "",
        newer=newest if newest and writes and base != newest.number else None,
        offers=_offers(request, article, window) if writes and restored is None else [],
        restored=restored,
    )


def who_is_here(request: HttpRequest, article: Article) -> str:
    """The others, in one sentence."""
    sessions = presence.present().filter(article=article)
    return presence.in_words(presence.colleagues(sessions, request.user))


def restoring(request: HttpRequest, article: Article | None) -> WorkingCopy | None:
    """The reader's own copy that the address asks to fill the form from."""
    text = request.GET.get(RESTORING, "")
    if request.method != "GET" or not is_id(text):
        return None
    if not hasattr(request, "_restoring"):
        request._restoring = copies.of(request.user).filter(pk=int(text), article=article).first()  # type: ignore[attr-defined]
    found: WorkingCopy | None = request._restoring  # type: ignore[attr-defined]
    return found


def _base(request: HttpRequest, article: Article | None, restored: WorkingCopy | None) -> int | None:
    """The revision that the form on this page began from."""
    if request.method == "POST":
        text = request.POST.get(BASE, "")
        return int(text) if is_id(text) else None
    if restored is not None:
        return restored.base
    return article.latest.number if article and article.latest else None


def _offers(request: HttpRequest, article: Article | None, window: UUID) -> list[WorkingCopy]:
    found = copies.of(request.user).filter(article=article).exclude(window=window).order_by("-kept_at")
    return [copy for copy in found[:MOST_OFFERS] if says_more(copy, article)]


def says_more(copy: WorkingCopy, article: Article | None) -> bool:
    """Whether anything in ``copy`` differs from what the form shows without it."""
    known = WorkingState.of(article) if article else WorkingState()
    return unsaved_state(copy.fields, known).digest() != known.digest()
