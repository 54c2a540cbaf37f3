"""A comment whose form is in order, on its way through the pipeline."""

from dataclasses import dataclass
from functools import cached_property

from articles.models import Article
from comments import likeness
from comments.kin import Kin, kin_of
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

    @cached_property
    def keys(self) -> frozenset[likeness.Key]:
        """By what it is like others; sites that the newsroom itself links tell nothing."""
        return likeness.keys_of(self.text, self.website, likeness.ignored_under(self.article))

    @cached_property
    def kin(self) -> list[Kin]:
        """Earlier comments like it, newest first: two queries, once."""
        return kin_of(self.keys, but=self.comment.pk if self.comment else None)

    @cached_property
    def is_telling(self) -> bool:
        """Whether its text is long enough for likeness to mean something."""
        return likeness.is_telling(likeness.letters(self.text))
