"""One post of the export as an article that can move in, with its comments, its old addresses and what was lost."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from urllib.parse import unquote

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.body import BodyRefused
from articles.models import BylineRole
from articles.publishing.arriving import Arrival, Release
from articles.state import Credit, WorkingState
from comments.models import State
from syndication.text import shortened
from syndication.wordpress.mapping import Places, fit_tags
from syndication.wordpress.outline import Outline, meta_of, number_in, number_of, path_of
from syndication.wordpress.pictures import Library
from syndication.wordpress.reading import Node
from syndication.wordpress.standing import moment_of, standing_of
from syndication.wordpress.story import Around, Story, story_of
from syndication.wordpress.words import lines, plain

MAX_HEADLINE, MAX_STANDFIRST = 160, 1000
META = (
    "_thumbnail_id",
    "_wp_old_slug",
    "_yoast_wpseo_title",
    "_yoast_wpseo_metadesc",
    "_yoast_wpseo_primary_category",
    "_yoast_wpseo_meta-robots-noindex",
    "rank_math_title",
    "rank_math_description",
    "rank_math_primary_category",
    "footnotes",
)
STATES = {"1": State.APPROVED, "approved": State.APPROVED, "spam": State.SPAM}
REFUSED = frozenset({"trash", "post-trashed"})

_VARIABLE = re.compile(r"%%?\w+%%?")


@dataclass(frozen=True)
class Reply:
    """A comment of a post as the export has it, ready to be written once its article is there.

    ``stamp`` tells it from another that carries its number: its name and its time.
    """

    source: str
    stamp: str
    name: str
    email: str
    website: str
    text: str
    state: State
    at: datetime
    answers: str

    @property
    def other_name(self) -> str:
        """What it is known by where another comment has its number."""
        return f"{self.source}~{self.stamp[:12]}"


@dataclass
class Post:
    """One item on its way; ``notes`` and ``gone`` go into the report."""

    number: str
    title: str
    stamp: str
    twin: str = ""
    """The same for this very item only; ``stamp`` stays the same when a title is changed there."""

    arrival: Arrival | None = None
    replies: list[Reply] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    closed: bool = False
    """Whether it takes no more comments."""

    notes: list[str] = field(default_factory=list)
    gone: Counter[str] = field(default_factory=Counter)
    refused: str = ""


@dataclass
class Preparing:
    """Makes posts of items, with all they refer to at hand."""

    outline: Outline
    library: Library
    places: Places
    now: datetime = field(default_factory=timezone.now)

    def start(self, item: Node) -> Post:
        """What is known of an item without looking into its text."""
        title = plain(item.get("title"))
        stamp = stamp_of(item.get("guid") or item.get("link"), item.get("wp:post_date"))
        twin = stamp_of(stamp, title, item.get("wp:post_type"))
        return Post(number_of(item), title, stamp, twin)

    def comments(self, post: Post, item: Node) -> None:
        """Read the item's comments."""
        fallback = moment_of(item) or self.now
        nodes = enumerate(item.all("wp:comment"), start=1)
        post.replies = [_reply(node, f"{post.number} {place}", fallback, self.now) for place, node in nodes]

    def article(self, post: Post, item: Node) -> None:
        """Read the item itself; a text that cannot be taken leaves the post ``refused``."""
        self.library.problems.clear()
        try:
            self._article(post, item)
        except BodyRefused as refusal:
            post.refused = str(refusal)

    def _article(self, post: Post, item: Node) -> None:
        if any(child.too_long for child in item.children):
            post.refused = _("It holds a text of more than four million characters.")
            return
        told = meta_of(item, META)
        story = self._story(item, told.get("footnotes", ""), post.number)
        post.gone = story.gone
        stands = standing_of(item, self.now, page=item.get("wp:post_type") == "page")
        if not item.get("wp:post_type"):
            post.notes.append(_("The file does not say what kind of item it is: it was taken as a post."))
        if stands.why:
            post.notes.append(stands.why)
        public = stands.release is Release.LIVE
        state = self._state(post, item, story, told, public=public).with_(publish_at=stands.publish_at)
        if stands.release is Release.DRAFT and stands.publish_at is not None:
            state = state.with_(publish_at=min(stands.publish_at, self.now))
        post.arrival = Arrival(state, stands.release)
        post.paths = _paths(item)
        post.closed = item.get("wp:comment_status") == "closed"
        post.notes += [f"{url}: {why}" for url, why in self.library.problems.items()]

    def _story(self, item: Node, footnotes: str, number: str) -> Story:
        def attached() -> list[int]:
            return [int(one) for one in self.outline.attached_to(number) if one.isascii() and one.isdigit()]

        around = Around(self.library, _Links(self.outline), self.outline.block, attached)
        return story_of(item.raw("content:encoded"), around, footnotes)

    def _state(self, post: Post, item: Node, story: Story, told: dict[str, str], *, public: bool) -> WorkingState:
        headline, body = _headline(post, story)
        standfirst, body = _standfirst(item, body)
        section, categories = self.places.place(_terms(item, "category"), _primary(told), public=public)
        if section is None:
            post.notes.append(_("No published post shares its category, so no section was made of it: choose one."))
        tags, left = fit_tags([name for _slug, name in (*_terms(item, "post_tag", "tag"),)] + categories)
        if left:
            post.notes.append(_("Tags left out: %(tags)s") % {"tags": ", ".join(left)[:500]})
        title = told.get("_yoast_wpseo_title") or told.get("rank_math_title") or ""
        about = told.get("_yoast_wpseo_metadesc") or told.get("rank_math_description") or ""
        return WorkingState(
            headline=headline,
            slug=slugify(unquote(item.get("wp:post_name")))[:80].strip("-"),
            standfirst=standfirst,
            section=section,
            lead_picture=self._lead(post, told.get("_thumbnail_id", "")),
            body=body,
            tags=tuple(tags),
            bylines=self._bylines(item),
            search_title="" if _VARIABLE.search(title) else shortened(plain(title), 120),
            search_description="" if _VARIABLE.search(about) else shortened(plain(about), 300),
            noindex=told.get("_yoast_wpseo_meta-robots-noindex", "").strip() == "1",
        )

    def _lead(self, post: Post, number: str) -> int | None:
        number = number.strip()
        if not (number.isascii() and number.isdigit() and len(number) < 19) or number == "0":  # noqa: PLR2004
            return None
        found = self.library.by_number(int(number))
        if found is None:
            post.gone[f"lead picture, number {number}"] += 1
        return None if self.library.rehearsal else found

    def _bylines(self, item: Node) -> tuple[Credit, ...]:
        """The co-authors where there are some, else whoever wrote it in WordPress."""
        writers = [(slug.removeprefix("cap-"), name) for slug, name in _terms(item, "author")]
        writers = writers or [(item.get("dc:creator"), "")]
        found = []
        for login, name in writers:
            known = self.outline.authors.get(login) or self.outline.guests.get(login)
            if (author := self.places.author(login, known or name or login)) is not None:
                found.append(Credit(author, BylineRole.WORDS.value))
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class _Links:
    """The export's own addresses become paths, which lead on to the articles."""

    outline: Outline

    def own(self, url: str) -> str:
        site = self.outline.site.partition("/")[0]
        host = url.partition("://")[2].partition("/")[0].lower().removeprefix("www.")
        if not site or host != site:
            return url
        page, mark, place = url.partition("#")
        path = path_of(page)
        if path:
            return f"{path}{mark}{place}" if self.outline.post_at(path) else url
        number = number_in(page)
        return f"/?p={number}{mark}{place}" if number and self.outline.has_post(number) else url


def stamp_of(*parts: str) -> str:
    """A short digest of several texts."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _headline(post: Post, story: Story) -> tuple[str, str]:
    """A headline that fits, and the body with what did not; a post without a title takes its first words."""
    if not post.title:
        words = shortened(plain(story.body.replace("<", " <")), 80)
        if words:
            post.notes.append(_("It had no title: its first words are the headline."))
        return words or _("Untitled"), story.body
    if len(post.title) <= MAX_HEADLINE:
        return post.title, story.body
    post.notes.append(_("Its title is too long for a headline: the whole of it stands as the first paragraph."))
    return shortened(post.title, MAX_HEADLINE), f"<p><strong>{escape(post.title)}</strong></p>{story.body}"


def _standfirst(item: Node, body: str) -> tuple[str, str]:
    excerpt = plain(item.get("excerpt:encoded"))
    if len(excerpt) <= MAX_STANDFIRST:
        return excerpt, body
    return shortened(excerpt, MAX_STANDFIRST), f"<p>{escape(excerpt)}</p>{body}"


def _terms(item: Node, *domains: str) -> list[tuple[str, str]]:
    """Address part and name of the item's terms of these kinds, each once; old exports name some twice."""
    found: dict[str, str] = {}
    for node in item.all("category"):
        slug = node.attributes.get("nicename", "")
        if node.attributes.get("domain") in domains and (slug or node.text.strip()):
            name = plain(node.text)
            found.setdefault(slug or slugify(name) or name, name or slug)
    return list(found.items())


def _primary(told: dict[str, str]) -> str:
    return (told.get("_yoast_wpseo_primary_category") or told.get("rank_math_primary_category") or "").strip()


def _paths(item: Node) -> list[str]:
    """The item's old path, and those it had before under other names."""
    path, slug = path_of(item.get("link")), item.get("wp:post_name")
    if not path:
        return []
    rows = ((row.get("wp:meta_key"), row.get("wp:meta_value")) for row in item.all("wp:postmeta"))
    former = [value for key, value in rows if key == "_wp_old_slug" and value]
    head, found, tail = path.rpartition(unquote(slug)) if slug else ("", "", "")
    return [path, *(f"{head}{unquote(old)}{tail}" for old in former if found)]


def _reply(node: Node, place: str, fallback: datetime, now: datetime) -> Reply:
    said = node.get("wp:comment_approved").casefold()
    state = State.REJECTED if said in REFUSED else STATES.get(said, State.PENDING)
    at = moment_of(node, "wp:comment_date") or fallback
    answers = node.get("wp:comment_parent")
    name = plain(node.get("wp:comment_author"))
    return Reply(
        stamp=stamp_of(name, node.get("wp:comment_date_gmt") or node.get("wp:comment_date")),
        source=(node.get("wp:comment_id") or place)[:60],
        name=name,
        email=node.get("wp:comment_author_email"),
        website=node.get("wp:comment_author_url"),
        text=lines(node.raw("wp:comment_content")),
        state=state,
        at=min(at, now),
        answers="" if answers == "0" else answers[:60],
    )
