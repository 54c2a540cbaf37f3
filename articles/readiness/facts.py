"""What the checklist's lines look at, fetched once: a query for each kind of thing, however many there are."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import ngettext

from articles.body.links import article_ids_in
from articles.models import Article, LinkAnswer, Redirect, Section, Source, Tag, tag_key
from articles.readiness.story import Story, read
from articles.registries import Finding
from articles.state import WorkingState
from images.models import Image
from people.models import Author

MOST_LINKS = 500
"""Different links that are looked up; the rest of a story's are looked at for their words only."""

MOST_OF_A_KIND = 20
"""Lines of one kind that are named one by one; nobody mends more at a time."""

LIKE_LETTERS = 3
"""Letters a tag's name shares with one it resembles; so many rows at most are compared."""

MOST_LIKE = 1_000
CLIPPED = 60


@dataclass(frozen=True)
class Facts:
    """An article's working state, and what it names as it stands in the database now."""

    article: Article
    state: WorkingState
    story: Story
    now: datetime
    section: Section | None
    source: Source | None
    authors: frozenset[int]
    pictures: dict[int, Image]
    hrefs: Sequence[str]
    linked: dict[int, Article]
    redirects: frozenset[str]
    answers: dict[str, LinkAnswer]
    tags: dict[str, str]
    """Names by key: those the article carries, and those that begin like one of them."""

    @property
    def lead(self) -> Image | None:
        """The lead picture, if it is still in the library."""
        return self.pictures.get(self.state.lead_picture or 0)

    @property
    def starts(self) -> datetime:
        """When readers would see it, published now."""
        return max(filter(None, (self.state.publish_at, self.state.embargo_until, self.now)))


def gather(article: Article, state: WorkingState) -> Facts:
    """Everything the lines ask for: at most nine queries."""
    story = read(state.body)
    hrefs = list(dict.fromkeys(link.href for link in story.links if link.href))[:MOST_LINKS]
    own = [href for href in hrefs if href.startswith("/")]
    others = {digest_of(href): href for href in hrefs if href.startswith("http")}
    wanted = {state.lead_picture, state.social_picture, *story.captions} - {None}
    linked = Article.objects.filter(pk__in=article_ids_in(own)).select_related("section")
    writers = {credit.author for credit in state.bylines}
    return Facts(
        article=article,
        state=state,
        story=story,
        now=timezone.now(),
        section=Section.objects.filter(pk=state.section).first() if state.section else None,
        source=Source.objects.filter(pk=state.source).first() if state.source else None,
        authors=frozenset(Author.objects.filter(pk__in=writers).values_list("pk", flat=True)),
        pictures=Image.objects.in_bulk(wanted) if wanted else {},
        hrefs=hrefs,
        linked={row.pk: row for row in linked.defer("body", "body_html", "body_text")},
        redirects=frozenset(
            Redirect.objects.filter(path__in=[path_of(href) for href in own]).values_list("path", flat=True)
        ),
        answers={
            others[row.digest]: row for row in LinkAnswer.objects.filter(digest__in=others) if row.digest in others
        },
        tags=_tags_like(state.tags),
    )


def digest_of(url: str) -> str:
    """By what an address is looked up, and a line about it named."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def path_of(href: str) -> str:
    """The path of one of our own addresses."""
    return href.partition("#")[0].partition("?")[0]


def clipped(text: str) -> str:
    """The beginning of ``text``, long enough to find it by."""
    words = " ".join(text.split())
    return words if len(words) <= CLIPPED else words[: CLIPPED - 1].rstrip() + "…"


def first_of(findings: Iterable[Finding]) -> list[Finding]:
    """The first ``MOST_OF_A_KIND`` lines of one kind, and one that counts the others; nobody waives uncounted ones."""
    every = list(findings)
    if len(every) <= MOST_OF_A_KIND:
        return every
    more, last = every[MOST_OF_A_KIND:], every[MOST_OF_A_KIND]
    message = ngettext("And %(count)d more like this.", "And %(count)d more like these.", len(more))
    required = any(finding.required for finding in more)
    code = f"{last.code.partition(':')[0]}-more"
    rest = Finding(message % {"count": len(more)}, required=required, field=last.field, code=code)
    return [*every[:MOST_OF_A_KIND], rest]


def _tags_like(names: Sequence[str]) -> dict[str, str]:
    keys = {tag_key(name) for name in names} - {""}
    if not keys:
        return {}
    alike = Q()
    for beginning in {key[:LIKE_LETTERS] for key in keys}:
        alike |= Q(key__startswith=beginning)
    carried = dict(Tag.objects.filter(key__in=keys).values_list("key", "name"))
    return dict(Tag.objects.filter(alike).values_list("key", "name")[:MOST_LIKE]) | carried
