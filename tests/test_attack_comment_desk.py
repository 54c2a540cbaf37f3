"""Somebody attacks the moderators' desk: hidden headlines, stale rows, floods, and two who act at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.models import Article
from comments import bans, figures, moderation, own_decisions, rules
from comments.desk.counts import Counted
from comments.models import Ban, Comment, ModerationEntry, Rule, SecondLook, State, WriterNote
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, make_comment

ROOT = "/admin/comments/"
SECRET = "Harbourgate"


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, address: str, **query: Any) -> str:
    response = client.get(f"{ROOT}{address}", query)
    assert response.status_code == 200
    return str(response.content.decode())


# Headlines of what readers cannot see


@pytest.fixture
def under(cast: Cast, settings: Any, db: None) -> dict[str, Comment]:
    """A comment under a story that readers see, and one under a story that was taken down."""
    settings.COMMENTS_SECOND_LOOK_SHARE = 100
    found = {}
    for name, story in (("seen", make_article("The tram is late")), ("hidden", make_article(SECRET))):
        comment = make_comment(story, f"Casinos, {name}", email=f"{name}@example.org", state=State.PENDING)
        [entry] = moderation.decide([comment], State.APPROVED, actor=cast.moderator)
        [his] = moderation.decide([make_comment(story, state=State.PENDING)], State.APPROVED, actor=cast.chief)
        SecondLook.objects.create(comment=comment, entry=entry, by=cast.chief, verdict=State.SPAM)
        ModerationEntry.objects.filter(pk=his.pk).update(at=timezone.now() - timedelta(days=1))
        found[name] = comment
    publishing.take_down(found["hidden"].article, actor=None)
    return found


def where_comments_are_shown(comment: Comment) -> list[str]:
    return [
        "comment/?state=approved",
        f"comment/{comment.pk}/change/",
        f"writernote/{comment.pk}/",
        "moderationentry/",
        "secondlook/agreement/",
        "rule/add/?kind=word&pattern=casino*&action=hold",
    ]


@pytest.mark.parametrize("place", range(6))
def test_no_screen_names_a_story_that_readers_cannot_see(under: dict[str, Comment], cast: Cast, place: int) -> None:
    moderator, chief = as_user(cast.moderator), as_user(cast.chief)
    hidden = where_comments_are_shown(under["hidden"])[place]

    assert SECRET not in page(moderator, hidden)
    assert "A story that readers cannot see now" in page(moderator, hidden)
    assert "The tram is late" in page(moderator, where_comments_are_shown(under["seen"])[place])
    if place != 3:  # the list of one's own decisions
        assert SECRET in page(chief, hidden)


def test_the_second_look_names_no_story_that_readers_cannot_see(under: dict[str, Comment], cast: Cast) -> None:
    ModerationEntry.objects.exclude(comment__article=under["hidden"].article).delete()

    shown = page(as_user(cast.moderator), "secondlook/")

    assert "data-look" in shown
    assert "A story that readers cannot see now" in shown
    assert SECRET not in shown


# Taking back


def listed(person: User) -> dict[str, list[bool]]:
    """What one's own list offers to take back, by kind, the newest first."""
    rows, _more = own_decisions.page_of(own_decisions.of(person), 1)
    found: dict[str, list[bool]] = {}
    for row in rows:
        found.setdefault(row.entry.kind, []).append(row.can_be_undone)
    return found


def test_my_list_offers_to_take_back_words_and_picks_whatever_was_decided_besides(article: Article, cast: Cast) -> None:
    comment = make_comment(article, "First", state=State.PENDING)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    moderation.edit(comment, "Second", actor=cast.moderator, seen_text="First")
    moderation.edit(comment, "Third", actor=cast.moderator, seen_text="Second")
    moderation.feature(comment, True, actor=cast.moderator)
    shown = page(as_user(cast.moderator), "moderationentry/")

    assert listed(cast.moderator) == {"feature": [True], "edit": [True, False], "decide": [True]}
    assert shown.count('name="one"') == 3
    assert "Decided anew" not in shown

    moderation.feature(Comment.objects.get(pk=comment.pk), False, actor=cast.chief)
    assert listed(cast.moderator) == {"feature": [False], "edit": [True, False], "decide": [True]}
    assert "Changed anew by Chiara Chief" in page(as_user(cast.moderator), "moderationentry/")


def test_what_a_ban_cleaned_up_comes_back_in_as_many_statements_however_much_it_was(
    article: Article, cast: Cast
) -> None:
    client = as_user(cast.moderator)

    def cost(number: int) -> int:
        comments = [make_comment(article, email="a@example.org", state=State.PENDING) for _ in range(number)]
        _ban, [first, *_rest] = bans.ban("email", "a@example.org", actor=cast.moderator, clean_up=State.SPAM)
        with CaptureQueriesContext(connection) as queries:
            client.post(f"{ROOT}moderationentry/undo/", {"batch": str(first.batch)})
        waiting = Comment.objects.filter(pk__in=[comment.pk for comment in comments], state=State.PENDING)
        assert waiting.count() == number
        moderation.decide(waiting, State.SPAM, actor=None)
        return len(queries)

    cost(2)
    assert cost(3) == cost(30)


def test_nobody_takes_back_what_others_did_together_through_their_own_list(article: Article, cast: Cast) -> None:
    comment = make_comment(article, state=State.PENDING)
    [entry] = moderation.decide([comment], State.SPAM, actor=cast.chief)

    as_user(cast.moderator).post(f"{ROOT}moderationentry/undo/", {"batch": str(entry.batch)})
    assert Comment.objects.get().state == State.SPAM

    as_user(cast.chief).post(f"{ROOT}moderationentry/undo/", {"batch": str(entry.batch)})
    assert Comment.objects.get().state == State.PENDING


# The way from one screen to another


def test_every_screen_is_reached_from_the_queue_by_those_who_may_open_it(article: Article, cast: Cast) -> None:
    comment = make_comment(article, state=State.PENDING)
    names = ("rule", "ban", "moderationentry", "secondlook", "deskday")

    for address in ("comment/", f"comment/{comment.pk}/change/"):
        shown = page(as_user(cast.moderator), address).partition('class="desk-tabs"')[2].partition("</nav>")[0]
        assert [name for name in names if f'href="{ROOT}{name}/"' in shown] == list(names)
        shown = page(as_user(cast.editor), address).partition('class="desk-tabs"')[2].partition("</nav>")[0]
        assert [name for name in names if name in shown] == []


def test_a_row_leads_to_its_writer_and_to_how_comments_on_its_article_are_taken(
    under: dict[str, Comment], cast: Cast
) -> None:
    make_comment(under["seen"].article, "From us", name="Carla", staff=cast.chief, state=State.PENDING)

    def links(person: User, comment: Comment) -> list[bool]:
        shown = page(as_user(person), "comment/", state="approved", q=comment.text)
        ways = (f"{ROOT}writernote/{comment.pk}/", f"{ROOT}articlecomments/{comment.article_id}/")
        return [way in shown for way in ways]

    assert links(cast.moderator, under["seen"]) == [True, True]
    assert links(cast.moderator, under["hidden"]) == [True, False]
    assert links(cast.editor, under["seen"]) == [False, False]
    assert "writernote" not in page(as_user(cast.moderator), "comment/", q="From us")


# Rules


@pytest.mark.parametrize("pattern", ["cafe", "CAFÉ", "cafe\u0301", "ｃａｆｅ", " Café "])
def test_a_rule_that_finds_the_same_in_another_spelling_is_refused(db: None, pattern: str) -> None:
    rules.add(rules.Wanted("word", "Café"), actor=None)

    with pytest.raises(ValidationError, match="looks for “Café” already"):
        rules.add(rules.Wanted("word", pattern), actor=None)


@pytest.mark.parametrize("pattern", ["cafes", "cafe*", "café bar"])
def test_a_rule_that_finds_something_else_is_taken(db: None, pattern: str) -> None:
    rule = rules.add(rules.Wanted("word", "Café"), actor=None)

    rules.add(rules.Wanted("word", pattern), actor=None)
    rules.change(rule, rules.Wanted("word", "cafe"), actor=None)

    assert Rule.objects.count() == 2


def test_who_is_a_blink_later_with_the_same_rule_is_told_in_words(
    db: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules.add(rules.Wanted("links", limit=3), actor=None)
    monkeypatch.setattr(rules, "_check_new", lambda *_args: None)

    rule = {"kind": "links", "pattern": "", "limit": "3", "action": "hold", "note": "Typed before"}
    response = as_user(cast.moderator).post(f"{ROOT}rule/add/", rule)

    assert response.status_code == 422
    assert "There is such a rule already" in response.content.decode()
    assert "Typed before" in response.content.decode()


# Bans


@pytest.mark.parametrize(
    ("kind", "value", "fields"),
    [
        ("name", "Пётр", {"name": "Петр", "email": "p@example.org"}),
        ("email", "a.nn.a+x@gmail.com", {"email": "anna+news@googlemail.com"}),
        ("email", "bo+x@example.org", {"email": "bo+y@example.org"}),
        ("email", "b_o@example.org", {"email": "b_o@example.org"}),
    ],
)
def test_cleaning_up_finds_every_spelling_and_reads_nobody_elses(
    article: Article, cast: Cast, kind: str, value: str, fields: dict[str, str]
) -> None:
    others = [{"name": "Peter"}, {"email": "anne@gmail.com"}, {"email": "bo@example.com"}, {"email": "bxo@example.org"}]
    for other in others:
        make_comment(article, state=State.PENDING, **other)
    theirs = make_comment(article, state=State.PENDING, **fields)

    _ban, entries = bans.ban(kind, value, actor=cast.moderator, clean_up=State.SPAM)

    assert [entry.comment_id for entry in entries] == [theirs.pk]
    assert "SCAN" not in Comment.objects.filter(bans.hit_by(Ban.Kind.NAME, "petr")).explain()


def test_a_name_that_several_use_is_banned_only_when_all_are_meant(article: Article, cast: Cast) -> None:
    make_comment(article, name="Anna", email="a@example.org")
    make_comment(article, name="ANNA", email="b@example.org")
    make_comment(article, name="Bo", email="c@example.org")
    client = as_user(cast.moderator)

    def ban(name: str, **more: str) -> Any:
        return client.post(f"{ROOT}ban/add/", {"kind": "name", "value": name, "length": "30", "clean_up": "", **more})

    asked = ban("Ánna")
    assert asked.status_code == 422
    assert "2 comments came under such a name, 2 approved, from 2 e-mail addresses" in asked.content.decode()
    assert not Ban.objects.exists()
    assert ban("Anna", sure="Somebody else").status_code == 422
    assert ban("Ánna", sure="Ánna").status_code == 302
    assert ban("Bo").status_code == 302
    assert Ban.objects.count() == 2


def test_the_ban_of_a_writer_tells_whom_it_hits_in_every_spelling(article: Article, cast: Cast) -> None:
    comment = make_comment(article, name="Anna", email="a@example.org", state=State.PENDING)
    make_comment(article, name="ANNA", email="b@example.org")

    shown = page(as_user(cast.moderator), "ban/add/", comment=comment.pk)

    assert "2 comments so far, 1 approved" in shown
    assert "by 2 different e-mail addresses: it hits all of them" in shown
    assert len(bans.effects_on(make_comment(article, name="!!!"))) == 1


# Undoing much at once


def undone(client: Client, batch: Any) -> Any:
    return client.post(f"{ROOT}comment/undo/", {"batch": str(batch), "back": ""}, HTTP_ACCEPT="application/json").json()


def test_a_large_group_comes_back_as_its_row_whichever_of_it_stands_first(article: Article, cast: Cast) -> None:
    comments = [make_comment(article, state=State.PENDING, cluster=1, likeness="text") for _ in range(40)]
    first = comments[-1]
    first.rank_at -= timedelta(hours=1)
    first.save(update_fields=["rank_at"])
    [entry, *_rest] = moderation.decide(comments, State.SPAM, actor=cast.moderator)

    answer = undone(as_user(cast.moderator), entry.batch)

    assert [row["id"] for row in answer["rows"]] == [first.pk]
    assert not answer["more"]


def test_who_undoes_more_than_a_screen_is_told_that_more_came_back(article: Article, cast: Cast) -> None:
    comments = [make_comment(article, state=State.PENDING) for _ in range(40)]
    [entry, *_rest] = moderation.decide(comments, State.SPAM, actor=cast.moderator)

    answer = undone(as_user(cast.moderator), entry.batch)

    assert len(answer["changed"]) == 40
    assert len(answer["rows"]) == 30
    assert answer["more"]


# Sent twice


def test_an_answer_and_a_note_sent_twice_stand_once(article: Article, cast: Cast) -> None:
    comment = make_comment(article)
    client = as_user(cast.moderator)

    for _click in range(2):
        client.post(f"{ROOT}comment/{comment.pk}/reply/", {"text": "Thank you. "})
        client.post(f"{ROOT}writernote/{comment.pk}/notes/", {"text": "Kind "})
    assert (Comment.objects.filter(answers=comment).count(), WriterNote.objects.count()) == (1, 1)

    client.post(f"{ROOT}comment/{comment.pk}/reply/", {"text": "Thank you again."})
    client.post(f"{ROOT}writernote/{comment.pk}/notes/", {"text": "Less kind"})
    client.post(f"{ROOT}writernote/{comment.pk}/notes/", {"text": "Kind"})
    assert (Comment.objects.filter(answers=comment).count(), WriterNote.objects.count()) == (2, 3)


def test_the_oldest_is_what_has_waited_longest_and_not_what_was_written_first(article: Article, cast: Cast) -> None:
    old = make_comment(article, created_at=timezone.now() - timedelta(days=90))
    moderation.decide([old], State.PENDING, actor=cast.chief)
    waits = timezone.now() - timedelta(hours=2, minutes=1)
    make_comment(article, state=State.PENDING, created_at=waits, waiting_since=waits)

    assert figures.now() == figures.Now(Counted(2), waits)
    assert "The oldest has waited 2\xa0hours" in as_user(cast.moderator).get("/admin/").content.decode()
