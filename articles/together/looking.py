"""What the form's panels look at: the words that stand in it, be they saved or not."""

from dataclasses import dataclass

from django.http import HttpRequest

from articles.models import Article, WorkingCopy
from articles.state import WorkingState
from articles.together import copies
from articles.together.posting import unsaved_state
from articles.together.strip import restoring
from articles.together.windows import FIELD, window_of


@dataclass(frozen=True)
class Looked:
    """A working state, and whether its words are typed and not saved."""

    state: WorkingState
    unsaved: bool


def looked_at(request: HttpRequest, article: Article) -> Looked:
    """One's own unsaved words, of the window the address names or that fill the form; else the newest revision.

    What the form would refuse is looked at as it is saved; so are rows of picks
    and products. Found once in a request, which is about one article.
    """
    if not hasattr(request, "_looked"):
        request._looked = _look(request, article)  # type: ignore[attr-defined]
    found: Looked = request._looked  # type: ignore[attr-defined]
    return found


def _look(request: HttpRequest, article: Article) -> Looked:
    known = WorkingState.of(article)
    copy = restoring(request, article) or _of_window(request, article)
    state = unsaved_state(copy.fields, known) if copy else known
    return Looked(state, state.digest() != known.digest())


def _of_window(request: HttpRequest, article: Article) -> WorkingCopy | None:
    window = window_of(request.GET.get(FIELD, ""))
    return copies.of(request.user).filter(article=article, window=window).first() if window else None
