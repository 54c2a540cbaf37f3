"""Rules: what they do to a comment, who sets them, and what a rehearsal tells beforehand."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import moderation, rehearsal, rules, submission
from comments.models import Comment, ModerationEntry, Rule, State
from comments.pipeline.draft import Draft
from comments.pipeline.findings import Code, read
from comments.pipeline.rules import RuleRefusalError, Subject, count_links, judge
from comments.pipeline.rules import step as rules_step
from comments.rules import Wanted
from outbox.models import AuditEntry
from tests.conftest import Cast
from tests.factories import make_article, make_comment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def typed(**changes: str) -> dict[str, str]:
    return {"text": "Well said.", "name": "Ana", "email": "ana@example.org", "website": "", "parent": "", **changes}


def word(pattern: str = "casino", action: str = Rule.Action.HOLD, note: str = "") -> Wanted:
    return Wanted(Rule.Kind.WORD, pattern, None, action, note)


def codes(comment: Comment) -> list[str]:
    return [finding.code for finding in read(comment.findings) if finding.code.startswith("rule-")]


def test_a_rule_says_which_words_it_found_as_they_were_written_and_why_it_is_there(article: Article) -> None:
    rule = rules.add(word("casino*", note="Since the spring."), actor=None)

    comment = submission.submit(article, typed(text="Our C\u0430s1nos are open"))

    [finding] = [one for one in read(comment.findings) if one.code == Code.RULE_WORD]
    assert comment.state == State.PENDING
    assert finding.facts == {
        "rule": rule.pk,
        "note": "Since the spring.",
        "words": "C\u0430s1nos",
        "pattern": "casino*",
    }
    assert "C\u0430s1nos" in finding.in_words()
    assert "Since the spring." in finding.in_words()


def test_names_and_websites_are_read_too(article: Article) -> None:
    rules.add(word(), actor=None)
    assert codes(submission.submit(article, typed(name="Casino Joe")))
    assert codes(submission.submit(article, typed(text="Else.", website="https://casino.example/")))


def test_spam_is_put_aside_and_refusal_stores_nothing_and_says_why(article: Article) -> None:
    rules.add(word("casino", Rule.Action.SPAM), actor=None)
    rules.add(word("lottery", Rule.Action.REFUSE, note="internal"), actor=None)

    assert submission.submit(article, typed(text="casino")).state == State.SPAM
    before = Comment.objects.count()
    with pytest.raises(RuleRefusalError) as refused:
        submission.submit(article, typed(text="A L0ttery!"))
    assert "L0ttery" in str(refused.value)
    assert "internal" not in str(refused.value)
    assert refused.value.status == 422
    assert Comment.objects.count() == before


def test_a_rule_that_rests_does_nothing(article: Article, cast: Cast) -> None:
    rule = rules.add(word(), actor=cast.moderator)
    assert rules.switch(rule, False, actor=cast.moderator)
    assert not rules.switch(rule, False, actor=cast.moderator)
    assert not codes(submission.submit(article, typed(text="casino")))


@pytest.mark.parametrize(
    ("text", "number"),
    [("none", 0), ("http://a.example", 1), ("HTTPS://www.a.example and www.b.example", 2), ("http://" * 3, 3)],
)
def test_links_are_counted(text: str, number: int) -> None:
    assert count_links(text) == number


def test_links_rates_and_first_comments(article: Article) -> None:
    rules.add(Wanted(Rule.Kind.LINKS, limit=1), actor=None)
    rules.add(Wanted(Rule.Kind.RATE, limit=2), actor=None)
    rules.add(Wanted(Rule.Kind.FIRST), actor=None)

    first = submission.submit(article, typed(text="One"))
    assert codes(first) == [Code.RULE_FIRST]
    moderation.decide([first], State.APPROVED, actor=None)
    assert codes(submission.submit(article, typed(text="Two http://a.example http://b.example"))) == [Code.RULE_LINKS]
    assert codes(submission.submit(article, typed(text="Three"))) == [Code.RULE_RATE]
    with time_machine.travel(NOON + timedelta(hours=1, minutes=1), tick=False):
        assert codes(submission.submit(article, typed(text="Four"))) == []


def test_a_rate_that_refuses_says_too_many(article: Article) -> None:
    rules.add(Wanted(Rule.Kind.RATE, limit=1, action=Rule.Action.REFUSE), actor=None)
    submission.submit(article, typed())
    with pytest.raises(RuleRefusalError) as refused:
        submission.submit(article, typed(text="Again"))
    assert refused.value.status == 429


@pytest.mark.parametrize("role", ["contributor", "editor"])
def test_only_those_who_may_set_rules(cast: Cast, role: str) -> None:
    rule = rules.add(word("bingo"), actor=cast.moderator)
    who = getattr(cast, role)
    for attempt in (
        lambda: rules.add(word(), actor=who),
        lambda: rules.change(rule, word(), actor=who),
        lambda: rules.remove(rule, actor=who),
        lambda: rules.switch(rule, False, actor=who),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert list(Rule.objects.values_list("pattern", "active")) == [("bingo", True)]


def test_every_change_is_noted(cast: Cast) -> None:
    rule = rules.add(word(), actor=cast.moderator)
    rule = rules.change(rule, word("casinos"), actor=cast.chief)
    rules.switch(rule, False, actor=cast.chief)
    rule.refresh_from_db()
    rules.remove(rule, actor=cast.chief)
    verbs = list(AuditEntry.objects.filter(object_type="comments.rule").order_by("id").values_list("verb", flat=True))
    assert verbs == ["added a rule", "changed a rule", "switched a rule off", "removed a rule"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (word("***"), "pattern"),
        (word(""), "pattern"),
        (word("\u200b"), "pattern"),
        (word("a\x00"), "pattern"),
        (word("a" * 201), "pattern"),
        (word("*" * 10_000), "pattern"),
        (word(note="n" * 201), "note"),
        (word(action="burn"), "kind"),
        (Wanted("mood"), "kind"),
        (Wanted(Rule.Kind.LINKS), "limit"),
        (Wanted(Rule.Kind.LINKS, limit=-1), "limit"),
        (Wanted(Rule.Kind.RATE, limit=0), "limit"),
        (Wanted(Rule.Kind.RATE, limit=10**12), "limit"),
        (Wanted(Rule.Kind.FIRST, action=Rule.Action.REFUSE), "action"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(db: None, wanted: Wanted, field: str) -> None:
    with pytest.raises(ValidationError) as error:
        rules.add(wanted, actor=None)
    assert field in error.value.message_dict
    assert not Rule.objects.exists()


def test_a_rule_stands_once_and_what_does_not_belong_to_its_kind_is_dropped(db: None) -> None:
    rules.add(Wanted(Rule.Kind.LINKS, "words", 2), actor=None)
    assert Rule.objects.get().pattern == ""
    with pytest.raises(ValidationError):
        rules.add(Wanted(Rule.Kind.LINKS, limit=2), actor=None)


def test_the_second_to_change_a_rule_is_told(cast: Cast) -> None:
    rule = rules.add(word(), actor=cast.moderator)
    mine, hers = Rule.objects.get(pk=rule.pk), Rule.objects.get(pk=rule.pk)
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        rules.change(mine, word("one"), actor=cast.moderator)
    with pytest.raises(rules.OvertakenError):
        rules.change(hers, word("two"), actor=cast.chief)
    with pytest.raises(rules.OvertakenError):
        rules.remove(hers, actor=cast.chief)
    assert Rule.objects.get().pattern == "one"


# The rehearsal


def decided(comment: Comment, state: State, cast: Cast | None) -> Comment:
    """The comment as a person, or nobody, decided it."""
    before, comment.state = comment.state, state
    comment.save(update_fields=["state"])
    who = cast.moderator if cast else None
    ModerationEntry.objects.create(comment=comment, by=who, before=before, after=state, batch=uuid.uuid4())
    return comment


def test_a_rehearsal_tells_what_became_of_what_it_would_have_hit(article: Article, cast: Cast) -> None:
    said = [make_comment(article, f"casino {number}", state=State.PENDING) for number in range(6)]
    make_comment(article, "tram")
    for comment, state in zip(said, (State.APPROVED, State.APPROVED, State.REJECTED, State.SPAM), strict=False):
        decided(comment, state, cast)
    decided(said[4], State.SPAM, None)

    found = rehearsal.rehearse(word().sought())

    assert (found.looked_at, len(found.hits)) == (7, 6)
    assert dict(found.verdicts) == {"approved": 2, "refused": 1, "spam": 1, "other": 1, "waiting": 1}
    assert [hits.pk for hits in found.approved] == [said[1].pk, said[0].pk]
    assert [(week.hits, week.approved) for week in found.weeks] == [(6, 2)]
    assert not Rule.objects.exists()


def test_changing_and_removing_a_rule_tell_what_would_be_missed(article: Article, cast: Cast) -> None:
    rule = rules.add(word("casino*"), actor=None)
    rules.add(word("win"), actor=None)
    plain, many = make_comment(article, "casino"), make_comment(article, "casinos")
    caught_otherwise = make_comment(article, "win at casinos")
    sought = word("casino*").sought(rule.pk)
    staying = [word("win").sought(99)]

    changed = rehearsal.rehearse(word("casino").sought(), instead_of=sought, staying=staying)
    assert [hits.pk for hits in changed.hits] == [plain.pk]
    assert [hits.pk for hits in changed.no_longer] == [many.pk]
    assert changed.newly == set()

    removed = rehearsal.rehearse(None, instead_of=sought, staying=staying)
    assert {hits.pk for hits in removed.no_longer} == {plain.pk, many.pk}
    assert caught_otherwise.pk not in {hits.pk for hits in removed.no_longer}


RULES: list[Wanted] = [
    word("casino*"),
    word("free money"),
    Wanted(Rule.Kind.LINKS, limit=1),
    Wanted(Rule.Kind.RATE, limit=2),
    Wanted(Rule.Kind.FIRST),
]


def sent(article: Article) -> list[dict[str, Any]]:
    """Comments that hit each rule and some that hit none, sent over three hours by three writers."""
    texts = [
        "Hello",
        "The CASINOS",
        "get fr\u00e9\u00e9 m0ney",
        "http://a.example http://b.example",
        "Nothing here",
        "c a s i n o",
    ]
    return [
        {
            "article": article,
            "text": f"{texts[number % len(texts)]} {number}",
            "name": "Ana",
            "email": f"writer{number % 3}@example.org",
            "created_at": NOON + timedelta(minutes=7 * number),
        }
        for number in range(24)
    ]


@pytest.mark.parametrize("wanted", RULES, ids=lambda wanted: f"{wanted.kind} {wanted.pattern}")
def test_the_rehearsal_says_what_the_step_would_have_done_when_each_came_in(article: Article, wanted: Wanted) -> None:
    rules.add(wanted, actor=None)
    hit_then = set()
    for number, values in enumerate(sent(article)):
        with time_machine.travel(values["created_at"], tick=False):
            draft = Draft(values["article"], values["name"], values["email"], "", values["text"])
            hit = bool(rules_step(draft, []))
            comment = make_comment(**values, state=State.PENDING)
        if hit:
            hit_then.add(comment.pk)
        if number == 4:  # from here on this writer was approved before
            with time_machine.travel(values["created_at"] + timedelta(minutes=1), tick=False):
                moderation.decide([comment], State.APPROVED, actor=None)

    found = rehearsal.rehearse(wanted.sought())

    assert {hits.pk for hits in found.hits} == hit_then
    assert 0 < len(hit_then) < 24  # the control: the rule tells comments apart


@pytest.mark.once
def test_a_rehearsal_takes_as_many_queries_at_every_size(article: Article, cast: Cast) -> None:
    counts = []
    for size in (3, 40):
        for number in range(size):
            decided(make_comment(article, f"casino {number}"), State.APPROVED, cast)
        for wanted in RULES:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                found = rehearsal.rehearse(wanted.sought(), instead_of=word("x").sought(1))
                rehearsal.comments_of(found.approved[:20])
            counts.append(len(queries))
    assert counts[: len(RULES)] == counts[len(RULES) :]
    assert max(counts) <= 4


def test_a_rehearsal_stops_where_texts_get_too_long_and_says_so(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(5):
        make_comment(article, "casino " * 10)
    monkeypatch.setattr(rehearsal, "MOST_CHARACTERS", 200)
    found = rehearsal.rehearse(word().sought())
    assert found.cut_short
    assert found.looked_at == 2


def test_staff_are_not_rehearsed(article: Article, cast: Cast) -> None:
    make_comment(article, "casino", staff=cast.editor)
    assert rehearsal.rehearse(word().sought()).looked_at == 0


def test_a_rule_is_judged_without_asking_for_a_past_it_does_not_need() -> None:
    def never() -> Any:
        raise AssertionError

    from_text = Subject(text="casino", name="", website="", sent_within_hour=never, was_approved=never)
    assert judge([word().sought(3)], from_text)[0].words == "casino"
