"""Words that the demo's editor typed and did not save, to be found when the story is opened."""

from uuid import UUID

from articles.models import Article
from articles.state import WorkingState
from articles.together import copies
from people.models import User

WINDOW = UUID("00000000-0000-4000-8000-000000000001")


def leave_unsaved_words(article: Article, editor: User) -> None:
    """A better headline and one more paragraph."""
    state = WorkingState.of(article)
    fields = {
        "headline": "Who will pay for the footbridge at Tenter Court?",
        "standfirst": state.standfirst,
        "body": f"{state.body}\n<p>The deed is in the harbour office, second cabinet, and names neither.</p>",
        "section": str(state.section or ""),
    }
    base = article.latest.number if article.latest else None
    copies.keep(article, fields.items(), actor=editor, window=WINDOW, base=base)
