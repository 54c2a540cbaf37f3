"""What merging a tag into another would change, for the page that asks."""

from dataclasses import dataclass

from django.db.models import F

from articles.known import known_to
from articles.models import Article, Tag, TaggedArticle, tag_key
from articles.permissions import Actor
from articles.registries import tag_followers

NAMED = 10
"""Articles named one by one; a person reads no more."""

MOST_DRAFTS = 2_000
"""Unpublished versions that are looked through, the newest of them."""


@dataclass(frozen=True)
class Preview:
    """Figures and sentences about a merge that has not happened."""

    gone: Tag
    kept: Tag
    articles: int
    both: int
    public: int
    drafts: int
    named: list[Article]
    """The newest articles that carry ``gone`` and that the asker may know of."""

    names: list[str]
    """What leads to ``kept`` from then on."""

    takes: list[str]
    """``description`` and ``picture``, where ``kept`` has none."""

    follows: list[str]
    """What the rooms above move along, in words."""

    @property
    def unnamed(self) -> int:
        """Articles that are not named."""
        return max(self.articles - len(self.named), 0)


def preview(gone: Tag, kept: Tag, *, actor: Actor) -> Preview:
    """Look, and change nothing: some nine queries whatever the number of articles."""
    rows = TaggedArticle.objects.filter(tag=gone)
    others = list(gone.synonyms.values_list("name", flat=True))
    carrying = Article.objects.public().filter(tagged__tag=gone)
    return Preview(
        gone=gone,
        kept=kept,
        articles=rows.count(),
        both=rows.filter(content_object__tagged__tag=kept).count(),
        public=carrying.count(),
        drafts=_drafts([gone.name, *others]),
        named=list(known_to(actor).filter(tagged__tag=gone).order_by("-publish_at", "-id")[:NAMED]),
        names=[gone.name, *others],
        takes=[name for name in ("description", "picture") if getattr(gone, name) and not getattr(kept, name)],
        follows=[words for room in tag_followers for words in room.foretell(gone, kept)],
    )


def _drafts(names: list[str]) -> int:
    """Newest versions that readers do not see yet and that name the tag."""
    keys = {tag_key(name) for name in names}
    waiting = Article.objects.exclude(latest=F("live")).order_by("-latest")
    states = waiting.values_list("latest__state__tags", flat=True)[:MOST_DRAFTS]
    return sum(1 for tags in states if keys & {tag_key(name) for name in tags or ()})
