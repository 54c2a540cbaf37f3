"""Newsletters: asked for, confirmed, stopped; made by hand or at their time; each subscriber once, nothing hidden."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.uses import where_used
from comments import own_comments
from curation.models import Pick
from outbox import effects
from outbox.models import Effect
from syndication.models import Edition, Newsletter, Subscriber
from syndication.newsletter import editions, mailing, subscribing
from tests.conftest import Cast
from tests.factories import make_article, make_image, make_section, make_source
from tests.receipt_pages import OURS, token

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(db: None) -> Newsletter:
    return Newsletter.objects.create(name="Morning", slug="morning")


def reader(letter: Newsletter, email: str = "a@example.org", **fields: Any) -> Subscriber:
    values = {"confirmed_at": timezone.now(), **fields}
    return Subscriber.objects.create(newsletter=letter, email=email, **values)


def work() -> None:
    while effects.run_due():
        pass


def subscribe(client: Client, letter: Newsletter | str, email: str = "a@example.org", **more: Any) -> Any:
    wanted = {"newsletter": getattr(letter, "pk", letter), "email": email, "token": token(), **more}
    return client.post(reverse("syndication:subscribe"), wanted, headers=OURS)


def headlines() -> list[str]:
    return [str(sent.subject) for sent in mail.outbox]


# Readers


def test_a_reader_subscribes_confirms_and_stops(client: Client, letter: Newsletter, cast: Cast) -> None:
    page = client.get(reverse("syndication:newsletters"))
    assert "Morning" in page.text
    assert not page.cookies
    assert subscribe(client, letter, "A@Example.org").status_code == 303
    work()
    row = Subscriber.objects.get()
    link = reverse("syndication:subscription", args=[row.secret])
    assert (mail.outbox[0].to, link in mail.outbox[0].body) == (["a@example.org"], True)
    assert client.get(link).status_code == 200
    assert Subscriber.objects.filter(confirmed_at=None).exists()
    client.post(reverse("syndication:confirmation", args=[row.secret]), {"token": token()}, headers=OURS)
    assert Subscriber.objects.filter(confirmed_at__isnull=False).exists()
    make_article("After the storm")
    editions.send_now(letter, actor=cast.chief)
    work()
    stop = mail.outbox[1].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert mail.outbox[1].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = stop[stop.index("/newsletters/") :]
    assert client.get(stop).status_code == 200
    assert Subscriber.objects.exists()
    assert Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 303
    assert not Subscriber.objects.exists()
    assert client.get(stop).status_code == 303


def test_what_is_answered_tells_nothing_of_who_is_subscribed(client: Client, letter: Newsletter) -> None:
    reader(letter, "known@example.org")
    answers = [subscribe(client, letter, email) for email in ("known@example.org", "new@example.org")]
    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1
    work()
    assert [sent.to for sent in mail.outbox] == [["new@example.org"]]


@pytest.mark.parametrize(
    ("email", "newsletter", "words"),
    [
        ("nobody", None, "This is not an email address"),
        ("a\x00@example.org", None, "cannot be stored"),
        ("a@example.org\r\nBcc: b@example.org", None, "not an email address"),
        ("a" * 300 + "@example.org", None, "characters long"),
        ("a@example.org", "999", "no such newsletter any more"),
        ("a@example.org", "9" * 40, "no such newsletter any more"),
        ("a@example.org", "\x00", "Null characters are not allowed"),
        ("a@example.org", "", "Choose a newsletter"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(
    client: Client, letter: Newsletter, email: str, newsletter: str | None, words: str
) -> None:
    answer = subscribe(client, letter if newsletter is None else newsletter, email)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Subscriber.objects.exists()


def test_a_closed_newsletter_takes_nobody_but_is_mailed(client: Client, letter: Newsletter, cast: Cast) -> None:
    reader(letter)
    Newsletter.objects.update(is_open=False)
    assert subscribe(client, letter, "b@example.org").status_code == 422
    assert "no newsletter to subscribe to" in client.get(reverse("syndication:newsletters")).text
    make_article()
    editions.send_now(letter, actor=cast.chief)
    work()
    assert len(mail.outbox) == 1


def test_nobody_is_flooded_with_questions(client: Client, letter: Newsletter) -> None:
    for _time in range(5):
        subscribe(client, letter, "victim@example.org")
    work()
    assert len(mail.outbox) == subscribing.ASKED_A_DAY


def test_one_network_asks_for_few_addresses(client: Client, letter: Newsletter) -> None:
    asked = [subscribe(client, letter, f"{n}@example.org").status_code for n in range(subscribing.ASKING_AN_HOUR + 2)]
    assert asked == [303] * subscribing.ASKING_AN_HOUR + [429] * 2


def test_a_spent_token_and_a_foreign_page_are_refused_alike(client: Client, letter: Newsletter) -> None:
    spent = token()
    assert subscribe(client, letter, token=spent).status_code == 303
    again = subscribe(client, letter, "b@example.org", token=spent)
    data = {"newsletter": letter.pk, "email": "b@example.org", "token": token()}
    foreign = client.post(reverse("syndication:subscribe"), data, headers={"Origin": "https://elsewhere.example"})
    assert [again.status_code, foreign.status_code] == [403, 403]
    assert Subscriber.objects.count() == 1


def test_a_confirmed_reader_gets_what_is_sent_from_then_on(client: Client, letter: Newsletter, cast: Cast) -> None:
    make_article()
    reader(letter)
    editions.send_now(letter, actor=cast.chief)
    late = reader(letter, "late@example.org", confirmed_at=None)
    subscribing.confirm(late, token=token())
    work()
    assert [sent.to for sent in mail.outbox] == [["a@example.org"]]


def test_an_address_that_never_confirmed_gets_nothing_and_is_forgotten(letter: Newsletter, cast: Cast) -> None:
    reader(letter, confirmed_at=None, asked_at=timezone.now() - timedelta(days=8))
    make_article()
    editions.send_now(letter, actor=cast.chief)
    work()
    assert not mail.outbox
    subscribing.forget_unconfirmed()
    assert not Subscriber.objects.exists()


def test_whoever_asks_for_all_that_is_kept_of_them_sees_and_erases_their_newsletters(
    client: Client, letter: Newsletter
) -> None:
    reader(letter)
    other = reader(letter, "b@example.org")
    own_comments.ask("a@example.org", token=token())
    work()
    link = re.search(r"/comments/yours/[-\w]+/", str(mail.outbox[0].body))
    assert link, "an address that only gets a newsletter has something kept, too"
    assert "The newsletter “Morning”" in client.get(link[0]).text
    client.post(f"{link[0]}erasure/", {"sure": "yes", "token": token()}, headers=OURS)
    assert list(Subscriber.objects.all()) == [other]


# What an edition tells


def test_picks_come_first_then_the_page_then_what_else_is_new(letter: Newsletter, cast: Cast) -> None:
    old, first, second = (
        make_article(name, publish_at=timezone.now() - timedelta(hours=hours))
        for name, hours in (("Last week", 200), ("First", 3), ("Second", 2))
    )
    for position, target in enumerate((old, first)):
        Pick.objects.create(target=target, position=position)
    assert [story.pk for story in editions.stories_for(letter)] == [first.pk, second.pk]


def test_a_section_s_newsletter_tells_its_stories_only(letter: Newsletter) -> None:
    sports = make_section("Sports")
    make_article("Elsewhere")
    here = make_article("A goal", section=sports)
    letter.section = sports
    letter.save()
    assert editions.stories_for(letter) == [here]


def test_nothing_is_told_twice(letter: Newsletter, cast: Cast) -> None:
    make_article("First")
    editions.send_now(letter, actor=cast.chief)
    with pytest.raises(ValidationError, match="nothing to send"):
        editions.send_now(letter, actor=cast.chief)
    assert Edition.objects.count() == 1
    second = make_article("Second")
    assert editions.stories_for(letter) == [second]


def test_what_is_killed_before_a_mail_leaves_is_not_in_it(letter: Newsletter, cast: Cast) -> None:
    reader(letter)
    hidden = make_article("SECRET headline", standfirst="SECRET words")
    make_article("Stays", publish_at=timezone.now() - timedelta(hours=2))
    editions.send_now(letter, actor=cast.chief)
    publishing.kill(hidden, actor=cast.chief, reason="A court order")
    work()
    sent: Any = mail.outbox[0]
    assert "SECRET" not in str(sent.message())
    assert "Stays" in sent.subject
    assert "Stays" in sent.alternatives[0][0]


def test_an_edition_with_nothing_left_is_not_mailed(letter: Newsletter, cast: Cast) -> None:
    reader(letter)
    hidden = make_article()
    edition = editions.send_now(letter, actor=cast.chief)
    publishing.kill(hidden, actor=cast.chief, reason="A court order")
    work()
    edition.refresh_from_db()
    assert (len(mail.outbox), edition.mailed) == (0, 0)


def test_the_first_story_s_picture_is_shown_while_it_may_be(letter: Newsletter, cast: Cast) -> None:
    made = [{"name": "1/ab.jpg", "ratio": "3:2", "width": 1200, "height": 800, "format": "jpeg"}]
    picture = make_image(renditions=made, alt="A tram in the rain")
    story = make_article(lead_picture=picture)
    shown = mailing.html(letter, [story], "/stop/")
    assert 'alt="A tram in the rain"' in shown
    assert re.search(r'src="http[^"]*/1/ab\.jpg"', shown)
    picture.usable_until = timezone.now() - timedelta(minutes=1)
    assert "ab.jpg" not in mailing.html(letter, [story], "/stop/")


def test_hostile_headlines_are_inert(letter: Newsletter, cast: Cast) -> None:
    reader(letter)
    make_article("<img src=x onerror=alert(1)>\r\nBcc: everybody@example.org", standfirst='"><script>x</script>')
    editions.send_now(letter, actor=cast.chief)
    work()
    sent: Any = mail.outbox[0]
    assert sent.recipients() == ["a@example.org"]
    assert "<img src=x" not in sent.alternatives[0][0]
    assert "<script>" not in sent.alternatives[0][0]


# Once each


def test_every_reader_gets_one_mail_however_many_stretches(
    letter: Newsletter, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "AT_ONCE", 3)
    for number in range(7):
        reader(letter, f"{number}@example.org")
    make_article()
    edition = editions.send_now(letter, actor=cast.chief)
    work()
    assert sorted(sent.to[0] for sent in mail.outbox) == [f"{number}@example.org" for number in range(7)]
    edition.refresh_from_db()
    assert edition.mailed == 7


def test_work_done_again_mails_nobody_twice(letter: Newsletter, cast: Cast) -> None:
    reader(letter)
    make_article()
    edition = editions.send_now(letter, actor=cast.chief)
    work()
    Effect.objects.update(done_at=None, attempts=0, due_at=timezone.now())
    work()
    edition.refresh_from_db()
    assert (len(mail.outbox), edition.mailed) == (1, 1)


def test_a_mail_that_failed_goes_out_later_with_the_same_identity(
    letter: Newsletter, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader(letter)
    make_article()
    editions.send_now(letter, actor=cast.chief)
    with monkeypatch.context() as patch, time_machine.travel(timezone.now(), tick=False) as clock:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", lambda *_a, **_k: 1 / 0)
        work()
        assert not mail.outbox
        patch.undo()
        clock.shift(timedelta(hours=1))
        work()
    assert len(mail.outbox) == 1


# At its time


def test_its_time_makes_one_edition_whoever_runs(letter: Newsletter) -> None:
    letter.at, letter.days = time(6, 30), "0"
    letter.save()
    zone = timezone.get_default_timezone()
    monday = datetime(2026, 5, 4, 6, 30, tzinfo=zone)
    with time_machine.travel(monday - timedelta(minutes=1), tick=False) as clock:
        make_article(publish_at=timezone.now() - timedelta(hours=1))
        editions.make_due_ones()
        assert not Edition.objects.exists()
        clock.shift(timedelta(minutes=1))
        for _worker in range(3):
            editions.make_due_ones()
        assert [edition.planned_for for edition in Edition.objects.all()] == [monday]
        clock.shift(timedelta(days=1))
        editions.make_due_ones()
        assert Edition.objects.count() == 1


def test_an_hour_missed_by_far_is_left_out(letter: Newsletter) -> None:
    letter.at = time(6, 30)
    letter.save()
    make_article()
    moment = datetime(2026, 5, 4, 6, 30, tzinfo=timezone.get_default_timezone()) + editions.LATE
    with time_machine.travel(moment, tick=False):
        editions.make_due_ones()
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("now", "planned"),
    [
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_is_missing_or_comes_twice_is_met_once(
    letter: Newsletter, now: datetime, planned: datetime
) -> None:
    letter.at = time(2, 30)
    with timezone.override("Europe/Berlin"):
        assert editions.last_planned(letter, now) == planned


# The desk


def test_only_who_may_sends(letter: Newsletter, cast: Cast) -> None:
    make_article()
    for person in (cast.contributor, cast.editor, cast.moderator):
        with pytest.raises(PermissionDenied):
            editions.send_now(letter, actor=person)
    assert not Edition.objects.exists()


def test_the_desk_sends_once_and_gets_a_specimen(client: Client, letter: Newsletter, cast: Cast) -> None:
    reader(letter)
    story = make_article("The desk's story")
    client.force_login(cast.chief)
    address = reverse("admin:syndication_newsletter_sending", args=[letter.pk])
    page = client.get(address)
    assert "Send to 1 reader" in page.text
    client.post(address, {"specimen": "1"})
    assert mail.outbox[0].to == [cast.chief.email]
    assert mail.outbox[0].subject.startswith("[Specimen]")
    assert not Edition.objects.exists()
    assert client.post(address, {"newest": "0"}).status_code == 302
    twice = client.post(address, {"newest": "0"})
    assert (twice.status_code, Edition.objects.count()) == (400, 1)
    assert "An edition was made since" in twice.text
    work()
    assert any("Morning" in use.label and "to 1" in use.label for use in where_used(story))
    make_article("And another")
    assert client.post(address, {"newest": str(Edition.objects.get().pk)}).status_code == 302
    newest = Edition.objects.latest("pk").pk
    told = client.get(address).context
    assert (told["newest"], told["editions"][0].pk) == (newest, newest)


def test_a_correction_and_a_kill_name_the_editions_and_feeds_that_carry_the_story(
    client: Client, letter: Newsletter, cast: Cast
) -> None:
    story = make_article("Mailed", publish_at=timezone.now() - timedelta(minutes=2))
    reader(letter)
    editions.send_now(letter, actor=cast.chief)
    client.force_login(cast.chief)
    pages = [f"/admin/articles/article/{story.pk}/{name}/" for name in ("corrections", "kill", "take-down")]
    assert not any("was mailed to subscribers" in client.get(page).text for page in pages), "nobody has it yet"
    work()
    for page in pages:
        shown = client.get(page).text
        assert "was mailed to subscribers" in shown, page
        assert "Morning" in shown
        assert "stands in our feeds" in shown
    agency = make_article("Theirs", source=make_source())
    assert "stands in our feeds" not in client.get(f"/admin/articles/article/{agency.pk}/kill/").text


@pytest.mark.parametrize("address", ["0", "99999", "9" * 30])
def test_no_such_newsletter_is_a_404(client: Client, cast: Cast, address: str) -> None:
    client.force_login(cast.chief)
    assert client.get(f"/admin/syndication/newsletter/{address}/sending/").status_code == 404


def test_a_time_without_a_day_is_refused(client: Client, cast: Cast) -> None:
    client.force_login(cast.chief)
    typed = {"name": "Noon", "slug": "noon", "hours": "24", "most": "10", "at": "12:00"}
    answer = client.post(reverse("admin:syndication_newsletter_add"), typed)
    assert "Choose at least one day" in answer.text
    assert client.post(reverse("admin:syndication_newsletter_add"), {**typed, "days": ["0", "4"]}).status_code == 302
    made = Newsletter.objects.get()
    assert made.days == "04"
    page = client.get(reverse("admin:syndication_newsletter_change", args=[made.pk]))
    assert re.findall(r'name="days" value="(\d)"[^>]* checked', page.text) == ["0", "4"]


def test_what_has_readers_is_not_deleted(client: Client, letter: Newsletter, cast: Cast) -> None:
    client.force_login(cast.chief)
    address = reverse("admin:syndication_newsletter_delete", args=[letter.pk])
    reader(letter)
    assert client.post(address, {"post": "yes"}).status_code == 403
    Subscriber.objects.all().delete()
    assert client.post(address, {"post": "yes"}).status_code == 302
    assert not Newsletter.objects.exists()


@pytest.mark.parametrize("size", [1, 12])
def test_an_edition_costs_the_same_whatever_it_tells(
    letter: Newsletter, size: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(size):
        make_article(f"Story {number}")
    with django_assert_max_num_queries(14):
        assert len(editions.stories_for(letter)) == min(size, letter.most)
