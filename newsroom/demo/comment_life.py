"""The demo's readers and moderators: every comment goes through the pipeline, every decision through its verb.

They happen now, one after another, and are dated back at once; so the score, the figures and the groups learn from
them in the order in which they were written.
"""

import tomllib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from django.utils.text import slugify

from articles.models import Article
from comments import figures, lessons, moderation, receipts, reports, rules, submission, tokens, urgency, writers
from comments.models import Appeal, Comment, FormerWords, ModerationEntry, Report, Rule, SecondLook, State
from comments.rules import Wanted
from newsroom.demo import files
from newsroom.demo.made import Demo
from people.models import User
from people.roles import CHIEF_EDITOR, EDITOR, MODERATOR

WAITS = (35, 80, 20, 150, 65, 210, 45, 110, 70, 25)
"""Minutes until a comment was decided, in turn."""

TAUGHT_AT_ONCE = 20
CHIEF_EVERY = 4
"""Every fourth decision is the chief editor's, so that each has some of the other's for a second look."""

LOOKED_AGAIN = 26
DISAGREED_EVERY = 13


@dataclass(frozen=True)
class Sent:
    """A comment of a story's file: when it was sent, and its place in the file."""

    at: datetime
    story: str
    number: int
    row: dict[str, Any]


def make(demo: Demo, stories: Iterable[files.Story]) -> None:
    """All that was written and decided, up to the present."""
    _Past(demo).make(stories)
    told = tomllib.loads((files.HERE / "comment_life.toml").read_text(encoding="utf-8"))
    _make_rules(demo, told["rule"])
    lately = _Lately(demo)
    rows = sorted(told["comment"], key=lambda row: -float(row["hours_ago"]))
    for _together, group in groupby(rows, key=lambda row: row.get("together", row["text"])):
        lately.make(list(group))
    _look_again(demo)
    figures.count_days()
    figures.renew_promise()


class _Past:
    """The comments in the stories' files."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.made: dict[tuple[str, int], Comment] = {}

    def make(self, stories: Iterable[files.Story]) -> None:
        """Send and decide them in the order of their writing; the score learns every few."""
        sent = sorted(self._sent(stories), key=lambda one: (one.at, one.story, one.number))
        numbered = iter(enumerate(sent))
        while part := list(islice(numbered, TAUGHT_AT_ONCE)):
            lessons.teach([self._make(one, number).pk for number, one in part])

    def _sent(self, stories: Iterable[files.Story]) -> Iterator[Sent]:
        for story in stories:
            appeared = self.demo.articles[story.key].publish_at or self.demo.now
            for number, row in enumerate(story.head.get("comment", ())):
                yield Sent(appeared + timedelta(hours=float(row["hours_after"])), story.key, number, row)

    def _make(self, sent: Sent, number: int) -> Comment:
        article, row = self.demo.articles[sent.story], sent.row
        answers = self.made[sent.story, row["reply_to"]] if "reply_to" in row else None
        if row.get("staff"):
            comment = _answer_as_staff(self.demo, article, answers, row, sent.at)
        else:
            comment = _send(article, row, answers)
            _date_back(comment, sent.at)
            _decide(self.demo, [comment], row, sent.at, number)
        self.made[sent.story, sent.number] = comment
        return comment


class _Lately:
    """The comments that something more happened to."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.moderator = demo.staff[MODERATOR]

    def make(self, rows: list[dict[str, Any]]) -> None:
        """Send what belongs together, decide it as one, and let happen what the rows say."""
        made = []
        for row in rows:
            at = self.demo.at(float(row["hours_ago"]) / 24)
            comment = _send(self.demo.articles[row["story"]], row, None)
            if "edited" in row:
                comment = self._edit(comment, row["edited"])
            _date_back(comment, at)
            made.append(comment)
        _decide(self.demo, made, rows[0], at, 0)
        lessons.teach([comment.pk for comment in made])
        for comment, row in zip(made, rows, strict=True):
            self._follow(comment, row)

    def _edit(self, comment: Comment, text: str) -> Comment:
        token = tokens.issue(tokens.Origin.SCRIPT)
        return receipts.edit(comment, text, seen=receipts.fingerprint(comment.text), token=token)

    def _follow(self, comment: Comment, row: dict[str, Any]) -> None:
        comment.refresh_from_db()
        if "trimmed" in row:
            moderation.edit(comment, row["trimmed"], actor=self.moderator, seen_text=comment.text)
        if row.get("featured"):
            moderation.feature(comment, True, actor=self.moderator)
        if "note" in row:
            writers.add_note(comment, row["note"], actor=self.moderator)
        for number, (complaint, text) in enumerate(row.get("reports", ())):
            token = tokens.issue(tokens.Origin.SCRIPT)
            reports.report(comment, complaint, text, token=token, address=f"2001:db8:ff:{number}::1")
        if "appeal" in row:
            receipts.appeal(comment, row["appeal"], token=tokens.issue(tokens.Origin.SCRIPT))
        self._date_back_what_readers_said(comment, row)

    def _date_back_what_readers_said(self, comment: Comment, row: dict[str, Any]) -> None:
        at = self.demo.at(float(row["hours_ago"]) / 48)
        Report.objects.filter(comment=comment).update(at=at)
        if Appeal.objects.filter(comment=comment).update(at=at):
            Comment.objects.filter(pk=comment.pk).update(appealed_at=at)


def _send(article: Article, row: dict[str, Any], answers: Comment | None) -> Comment:
    name = str(row["name"])
    written = {
        "name": name,
        "email": f"{slugify(name) or 'reader'}@example.org",
        "website": row.get("website", ""),
        "text": row["text"],
        "parent": str(answers.pk) if answers else "",
    }
    return submission.submit(article, written, address=_network_of(name))


def _network_of(name: str) -> str:
    """A network for each name, as good as their own."""
    number = sum(place * ord(letter) for place, letter in enumerate(name, 1)) % 0xFFFF
    return f"2001:db8:{number:x}::1"


def _answer_as_staff(
    demo: Demo, article: Article, answers: Comment | None, row: dict[str, Any], at: datetime
) -> Comment:
    parent, depth = submission.place_in_thread(answers)
    comment = Comment(
        article=article,
        parent=parent,
        answers=answers,
        depth=depth,
        name=str(row["name"]),
        email=f"{slugify(row['name'])}@example.org",
        text=row["text"],
        state=State.APPROVED,
        staff=demo.staff[EDITOR],
        created_at=at,
        waiting_since=at,
        rank_at=at,
    )
    comment.save()
    return comment


def _date_back(comment: Comment, at: datetime) -> None:
    comment.created_at = comment.waiting_since = at
    comment.rank_at = urgency.rank(comment)
    if comment.edited_at:
        comment.edited_at = at + timedelta(minutes=3)
        FormerWords.objects.filter(comment=comment).update(until=comment.edited_at)
    comment.save(update_fields=["created_at", "waiting_since", "rank_at", "edited_at"])
    ModerationEntry.objects.filter(comment=comment).update(at=comment.edited_at or at)


def _decide(demo: Demo, comments: list[Comment], row: dict[str, Any], sent: datetime, number: int) -> None:
    """Decide as ``row`` says, some minutes after it was sent; ``pending`` and what the system decided stay."""
    if row["state"] not in {State.APPROVED, State.REJECTED, State.SPAM}:
        return
    entries = moderation.decide(
        comments,
        State(row["state"]),
        actor=_decider(demo, number),
        code=row.get("code", ""),
        reason=row.get("reason", ""),
        warning=row.get("warning", False),
        batch=uuid.uuid4(),
    )
    wait = min(timedelta(minutes=WAITS[number % len(WAITS)]), (demo.now - sent) / 2)
    ModerationEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(at=sent + wait)


def _decider(demo: Demo, number: int) -> User:
    return demo.staff[CHIEF_EDITOR if number % CHIEF_EVERY == CHIEF_EVERY - 1 else MODERATOR]


def _make_rules(demo: Demo, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        active = row.pop("active", True)
        rule = rules.add(Wanted(**row), actor=demo.staff[CHIEF_EDITOR])
        if not active:
            rules.switch(rule, False, actor=demo.staff[CHIEF_EDITOR])
    Rule.objects.update(at=demo.at(9))


def _look_again(demo: Demo) -> None:
    """Second looks of the past weeks. Which are offered is a secret of each installation, so these are only noted."""
    entries = ModerationEntry.objects.filter(kind=ModerationEntry.Kind.DECIDE, by__isnull=False).order_by("-at", "-pk")
    looks = []
    for number, entry in enumerate(entries[10 : 10 + LOOKED_AGAIN]):
        other = demo.staff[CHIEF_EDITOR if entry.by_id == demo.staff[MODERATOR].pk else MODERATOR]
        differs = number % DISAGREED_EVERY == DISAGREED_EVERY - 1
        verdict = State.REJECTED if differs else entry.after
        looks.append(
            SecondLook(
                comment_id=entry.comment_id, entry=entry, by=other, verdict=verdict, at=demo.at(1.2 + number / 8)
            )
        )
    SecondLook.objects.bulk_create(looks)
