"""A comment whose form is in order, on its way through the pipeline."""

from dataclasses import dataclass

from articles.models import Article
from comments.models import Comment


@dataclass(frozen=True)
class Draft:
    """What would be stored. ``comment`` is the stored one when its writer changes its words."""

    article: Article
    name: str
    email: str
    website: str
    text: str
    answers: Comment | None = None
    address_block: str = ""
    trapped: bool = False
    browser_key: str = ""
    """What the writer's browser showed to prove that the e-mail address is theirs; see the step of trust."""

    comment: Comment | None = None
