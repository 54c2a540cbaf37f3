"""Writing some posts with all that belongs to them, and afterwards the lists that editors chose by hand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles import redirects
from articles.models import Article
from articles.publishing import arriving as articles_arriving
from articles.publishing.arriving import Arrival
from comments import arriving as comments_arriving
from comments.models import Comment
from curation import picks
from outbox.new_rows import store
from pagecache.writing import writing
from syndication.models import Imported
from syndication.wordpress.posts import Post, Reply
from syndication.wordpress.report import Report

Kind = Imported.Kind


def _empty() -> dict[str, Counter[str]]:
    return {"comments": Counter(), "others": Counter()}


@dataclass
class Writer:
    """Writes inside of the caller's transaction, and counts what it wrote until that is kept or taken back."""

    site: str
    report: Report
    tally: dict[str, Counter[str]] = field(default_factory=_empty)

    def begin(self) -> None:
        """Forget what was counted and may not have been kept."""
        self.tally = _empty()

    def keep(self) -> None:
        """What was counted stands."""
        self.report.comments += self.tally["comments"]
        self.report.others += self.tally["others"]
        self.begin()

    def marks(self, kind: str, sources: Sequence[str]) -> list[Imported]:
        """What of these has moved in."""
        return list(Imported.objects.filter(site=self.site, kind=kind, source__in=sources))

    def write(self, posts: Sequence[Post], known: dict[str, Imported]) -> None:
        """Write what is new of the posts; those in ``known`` have moved in, and only their new comments follow."""
        new = [post for post in posts if post.arrival is not None and not post.refused]
        articles_arriving.bring_in([_arrival(post) for post in new], actor=None)
        for post in new:
            post.refused = post.refused or _arrival(post).refused
            if held := " ".join(_arrival(post).held):
                post.notes.append(_("It was published, and is a draft: %(why)s") % {"why": held})
        taken = {post.number: article for post in new if (article := _arrival(post).article) is not None}
        stamps = {post.number: post.stamp for post in new}
        marks = [
            Imported(site=self.site, kind=Kind.POST, source=number, object_id=article.pk, stamp=stamps[number])
            for number, article in taken.items()
        ]
        store(marks)
        self._lead_on(new, taken)
        comments_arriving.close(
            (taken[post.number] for post in new if post.closed and post.number in taken), actor=None
        )
        self._write_comments(posts, taken, known)

    def _lead_on(self, posts: Sequence[Post], taken: dict[str, Article]) -> None:
        paths = {path: taken[post.number] for post in posts if post.number in taken for path in post.paths}
        refused = redirects.lead_many(paths, actor=None)
        self.tally["others"]["redirects"] += len(paths) - len(refused)
        self.tally["others"]["old addresses that lead nowhere"] += sum(
            not (post.paths or post.number.isdecimal()) for post in posts
        )
        for post in posts:
            post.notes += [refused[path] for path in post.paths if path in refused]

    def _write_comments(self, posts: Sequence[Post], taken: dict[str, Article], known: dict[str, Imported]) -> None:
        there = Article.objects.in_bulk([row.object_id for row in known.values()]) if known else {}
        articles = taken | {number: there[row.object_id] for number, row in known.items() if row.object_id in there}
        wanted = [
            (articles[post.number], reply)
            for post in posts
            if post.number in articles and not post.refused
            for reply in post.replies
        ]
        names = {name for _article, reply in wanted for name in (reply.source, reply.other_name)}
        marks = {row.source: row for row in self.marks(Kind.COMMENT, sorted(names))} if names else {}
        there_before = Comment.objects.in_bulk([row.object_id for row in marks.values()]) if marks else {}
        before = {row.source: there_before[row.object_id] for row in marks.values() if row.object_id in there_before}
        arrivals = list(self._new_comments(wanted, marks))
        comments_arriving.bring_in([one for one, _stamp in arrivals], before, actor=None)
        self._mark_comments(arrivals)

    def _new_comments(
        self, wanted: Sequence[tuple[Article, Reply]], marks: dict[str, Imported]
    ) -> Iterator[tuple[comments_arriving.Arrival, str]]:
        """The comments that did not move in yet, each with its stamp; where a number clashes, under the other name."""
        stamps = {source: row.stamp for source, row in marks.items()}
        for article, reply in wanted:
            name = reply.source if stamps.get(reply.source, reply.stamp) == reply.stamp else reply.other_name
            if name in stamps:
                self.tally["comments"]["known" if name in marks else "left out"] += 1
                continue
            stamps[name] = reply.stamp
            told = vars(reply) | {"source": name}
            del told["stamp"]
            yield comments_arriving.Arrival(article=article, **told), reply.stamp

    def _mark_comments(self, arrivals: Sequence[tuple[comments_arriving.Arrival, str]]) -> None:
        marks = [
            Imported(site=self.site, kind=Kind.COMMENT, source=one.source, object_id=one.comment.pk, stamp=stamp)
            for one, stamp in arrivals
            if one.comment is not None
        ]
        store(marks)
        for one, _stamp in arrivals:
            self.tally["comments"]["left out" if one.comment is None else str(one.comment.state)] += 1
            if one.problems:
                self.report.warn(f"comment {one.source}: {' '.join(one.problems)}")

    def pick_related(self, chosen: Iterable[tuple[str, list[str]]]) -> None:
        """Hand-picked lists, once every post is there."""
        for number, targets in chosen:
            with writing():
                if Imported.objects.filter(site=self.site, kind=Kind.RELATED, source=number).exists():
                    continue
                self._pick(number, targets)

    def _pick(self, number: str, targets: Sequence[str]) -> None:
        rows = {row.source: row.object_id for row in self.marks(Kind.POST, [number, *targets])}
        found = Article.objects.in_bulk(rows.values())
        place = found.get(rows.get(number, 0))
        if place is None:
            return
        for target in (found.get(rows.get(one, 0)) for one in targets):
            if target is not None:
                try:
                    picks.pick(place, target, actor=None)
                    self.report.others["picks"] += 1
                except ValidationError as refusal:
                    self.report.warn(f"{number}: {' '.join(refusal.messages)}")
        Imported.objects.create(site=self.site, kind=Kind.RELATED, source=number, object_id=place.pk)


def _arrival(post: Post) -> Arrival:
    if post.arrival is None:  # pragma: no cover - callers choose posts that have one
        raise ValueError(post.number)
    return post.arrival
