"""From the wire to a draft: taken once, renewed while untouched, offered when not, killed at once."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from articles import publishing, revisions
from articles.models import Article, Status
from articles.state import WorkingState
from articles.together import copies
from outbox.models import AuditEntry, Effect
from syndication.models import Feed, WireItem, WireRule
from syndication.models.feed import Drafting
from syndication.models.wire import Offer, WireState
from syndication.models.wire_rule import Part, RuleAction
from syndication.wires import taking
from syndication.wires.before_publishing import said_by_the_wire
from syndication.wires.rehearsal import rehearse
from tests.conftest import Cast
from tests.factories import make_author, make_image, make_section, make_source
from tests.wire_files import LONG, bring, g2, make_feed, rss
from wastebin.bin import restore

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(db: None) -> Feed:
    return make_feed(section=make_section(), tags="Harbour")


def taken(feed: Feed, cast: Cast, **fields: Any) -> tuple[WireItem, Article]:
    bring(feed, g2(**fields))
    row = WireItem.objects.get(feed=feed)
    return row, taking.take(row, actor=cast.editor)


def newest(article: Article) -> WorkingState:
    return WorkingState.of(Article.objects.select_related("latest").get(pk=article.pk))


def live(article: Article, cast: Cast) -> None:
    publishing.publish(Article.objects.get(pk=article.pk), actor=cast.chief)


def test_an_item_becomes_a_draft_with_source_address_embargo_and_byline(feed: Feed, cast: Cast) -> None:
    author = make_author("Jo Vane")
    meta = '<embargoed>2030-01-01T00:00:00Z</embargoed><link rel="x" href="https://northline.example/1"/>'
    row, article = taken(feed, cast, meta=meta)
    state = newest(article)
    assert (state.headline, state.source, state.section) == ("Lighthouse stays lit", feed.source_id, feed.section_id)
    assert (state.source_url, state.tags) == ("https://northline.example/1", ("Harbour",))
    assert state.embargo_until is not None
    assert [credit.author for credit in state.bylines] == [author.pk]
    assert LONG.split(".")[0] in state.body
    row.refresh_from_db()
    assert (row.state, row.article_id, article.status) == (WireState.DRAFTED, article.pk, Status.DRAFT)
    assert AuditEntry.objects.filter(verb="took from the wire", actor=cast.editor).exists()


def test_the_same_twice_is_once_and_an_older_version_changes_nothing(feed: Feed, cast: Cast) -> None:
    assert vars(bring(feed, g2(version=2))) == {"arrived": 1, "updated": 0, "unchanged": 0, "failed": 0}
    assert vars(bring(feed, g2(version=2))) == {"arrived": 0, "updated": 0, "unchanged": 1, "failed": 0}
    assert vars(bring(feed, g2("Old words", version=1)))["unchanged"] == 1
    assert WireItem.objects.get().headline == "Lighthouse stays lit"
    broken = rss("<item><title>x</title>")[:-10]
    first = bring(feed, broken)
    assert first.failed == 1
    assert bring(feed, broken).failed == 0
    assert WireItem.objects.filter(state=WireState.FAILED).count() == 1


def test_hostile_words_are_cleaned_and_show_nothing_of_our_library(feed: Feed, cast: Cast) -> None:
    image = make_image()
    bad = (
        f"<item><guid>1</guid><title>A &lt;script&gt;x&lt;/script&gt;</title><link>javascript:alert(1)</link>"
        "<description><![CDATA["
        f'<p onclick="x()">Hi <script>alert(1)</script><a href="javascript:alert(1)">a</a></p>'
        f'<figure title=">" data-image="{image.pk}"></figure><figure data-gallery="{image.pk}">'
        "</figure>]]></description></item>"
    )
    bring(feed, rss(bad))
    state = newest(taking.take(WireItem.objects.get(), actor=cast.editor))
    for forbidden in ("script", "onclick", "javascript", "data-image", "data-gallery"):
        assert forbidden not in state.body
    assert state.source_url == ""
    assert "Hi" in state.body


def test_a_new_version_goes_into_the_untouched_draft_and_keeps_what_the_desk_decided(feed: Feed, cast: Cast) -> None:
    row, article = taken(feed, cast)
    bring(feed, g2("Lighthouse stays lit for ever", version=2, text=LONG + " More came."))
    state = newest(article)
    assert state.headline == "Lighthouse stays lit for ever"
    assert "More came." in state.body
    assert state.tags == ("Harbour",)
    row.refresh_from_db()
    assert row.offer == Offer.NONE
    bring(feed, g2("And a third", version=3))
    assert newest(article).headline == "And a third"


def test_a_new_version_is_offered_where_somebody_worked_and_is_never_forced(feed: Feed, cast: Cast) -> None:
    row, article = taken(feed, cast)
    article.refresh_from_db()
    ours = newest(article).with_(headline="Our own words")
    revisions.save(article, ours, actor=cast.editor, base=1)
    bring(feed, g2("Theirs", version=2))
    row.refresh_from_db()
    assert (row.offer, newest(article).headline) == (Offer.UPDATE, "Our own words")
    with pytest.raises(ValidationError):
        taking.take_version(row, actor=cast.editor, seen="another version")
    taking.take_version(row, actor=cast.editor, seen=row.digest)
    assert newest(article).headline == "Theirs"
    assert row.offer == Offer.NONE
    article.refresh_from_db()
    revisions.save(article, ours, actor=cast.editor)
    bring(feed, g2("Fourth", version=4))
    row.refresh_from_db()
    taking.keep_ours(row, actor=cast.editor, seen=row.digest)
    assert newest(article).headline == "Our own words"


def test_words_that_somebody_is_typing_count_as_work(feed: Feed, cast: Cast) -> None:
    row, article = taken(feed, cast)
    article.refresh_from_db()
    copies.keep(article, [("headline", "half a")], actor=cast.editor, window=uuid4(), base=1)
    bring(feed, g2("Theirs", version=2))
    row.refresh_from_db()
    assert (row.offer, newest(article).headline) == (Offer.UPDATE, "Lighthouse stays lit")


def test_a_correction_of_a_live_story_is_put_before_the_desk_by_mail_too(feed: Feed, cast: Cast) -> None:
    row, article = taken(feed, cast)
    live(article, cast)
    bring(feed, g2("Corrected", version=2, signal="correction"))
    row.refresh_from_db()
    article.refresh_from_db()
    assert (row.offer, article.headline, article.is_public()) == (Offer.CORRECTION, "Lighthouse stays lit", True)
    letters = Effect.objects.filter(kind="articles.letter", payload__subject__icontains="correction")
    assert cast.editor.pk in {letter.payload["user"] for letter in letters}


def test_a_kill_takes_a_live_story_away_at_once_and_tells_the_chiefs(feed: Feed, cast: Cast, client: Client) -> None:
    row, article = taken(feed, cast)
    live(article, cast)
    address = Article.objects.get(pk=article.pk).get_absolute_url()
    assert client.get(address).status_code == 200
    bring(feed, g2(version=2, status="canceled"))
    article.refresh_from_db()
    row.refresh_from_db()
    assert (article.status, row.state, row.offer) == (Status.KILLED, WireState.KILLED, Offer.KILLED)
    assert client.get(address).status_code == 410
    letters = Effect.objects.filter(kind="articles.letter", payload__subject__icontains="took back")
    assert cast.chief.pk in {letter.payload["user"] for letter in letters}
    taking.keep_ours(row, actor=cast.editor, seen=row.digest)
    bring(feed, g2("Usable again", version=3))
    row.refresh_from_db()
    assert (row.state, row.article_id) == (WireState.WAITING, None)
    article.refresh_from_db()
    assert article.status == Status.KILLED


def test_what_is_withheld_leaves_readers_but_can_come_back(feed: Feed, cast: Cast) -> None:
    row, article = taken(feed, cast)
    live(article, cast)
    bring(feed, g2(version=2, status="withheld"))
    article.refresh_from_db()
    assert article.status == Status.ARCHIVED
    assert WireItem.objects.get(pk=row.pk).offer == Offer.WITHHELD


def test_a_kill_of_an_item_nobody_took_leaves_nothing_to_take(feed: Feed, cast: Cast) -> None:
    bring(feed, g2())
    bring(feed, g2(version=2, status="canceled"))
    row = WireItem.objects.get()
    with pytest.raises(ValidationError):
        taking.take(row, actor=cast.editor)
    assert not Article.objects.exists()


def test_nearly_the_same_story_of_two_feeds_is_offered_as_one(feed: Feed, cast: Cast) -> None:
    other = make_feed("Southline wire", folder="southline", source=make_source("Southline"))
    bring(feed, g2())
    bring(
        other,
        g2("Town keeps its lighthouse", guid="urn:south:9", text="(Southline) - " + LONG.replace("Tuesday", "3 March")),
    )
    different = "A tram and a bus met at the market. Nobody was hurt, and both drove on after the police had come. " * 4
    bring(other, g2("Tram", guid="urn:south:10", text=different))
    first, copy = WireItem.objects.get(feed=feed), WireItem.objects.get(guid="urn:south:9")
    assert copy.copy_of == first
    assert WireItem.objects.get(guid="urn:south:10").copy_of is None
    article = taking.take(first, actor=cast.editor)
    copy.refresh_from_db()
    assert copy.state == WireState.IGNORED
    bring(other, g2(guid="urn:south:9", version=2, status="canceled"))
    first.refresh_from_db()
    article.refresh_from_db()
    assert (first.offer, article.status) == (Offer.KILLED, Status.DRAFT)


def test_rules_name_section_and_tags_and_can_draft_or_ignore(feed: Feed, cast: Cast) -> None:
    sea = make_section("Sea")
    WireRule.objects.create(part=Part.SUBJECT, words="MARITIME", section=sea, tags="Ships", position=1)
    WireRule.objects.create(part=Part.HEADLINE, words="lit", tags="Light", action=RuleAction.DRAFT, position=2)
    WireRule.objects.create(part=Part.HEADLINE, words="weather", action=RuleAction.IGNORE)
    bring(feed, g2())
    bring(feed, g2("The weather", guid="urn:2", text="Rain. " * 60))
    article = Article.objects.select_related("latest").get()
    state = newest(article)
    assert (state.section, state.tags) == (sea.pk, ("Harbour", "Ships", "Light"))
    assert article.created_by is None
    assert WireItem.objects.get(guid="urn:2").state == WireState.IGNORED


def test_a_rehearsal_says_what_a_rule_would_have_done_and_writes_nothing(feed: Feed) -> None:
    bring(feed, g2())
    bring(feed, g2("The weather", guid="urn:2", text="Rain. " * 60))
    rule = WireRule(part=Part.HEADLINE, words="weather", section=make_section("Sky"))
    found = rehearse(rule)
    assert (found.looked_at, found.alone, len(found.changed)) == (2, 1, 1)
    assert found.changed[0].headline == "The weather"
    assert not WireRule.objects.exists()
    rule.save()
    assert rehearse(None, instead_of=rule).changed[0].before.section == rule.section_id


def test_a_feed_can_draft_everything_at_once(feed: Feed, cast: Cast) -> None:
    feed.drafts = Drafting.AT_ONCE
    feed.save()
    bring(feed, g2())
    bring(feed, '{"uri": "urn:pic", "type": "picture", "headline": "A picture"}')
    assert Article.objects.count() == 1
    row = WireItem.objects.get(guid="urn:pic")
    assert row.state == WireState.ASIDE
    assert "picture" in row.reason


@pytest.mark.parametrize("who", ["contributor", "moderator", "editor"])
def test_only_editors_take(feed: Feed, cast: Cast, who: str) -> None:
    bring(feed, g2())
    row = WireItem.objects.get()
    person = getattr(cast, who)
    if who == "editor":
        assert taking.take(row, actor=person)
        return
    for verb in (taking.take, taking.ignore, taking.put_back):
        with pytest.raises(PermissionDenied):
            verb(row, actor=person)


def test_before_publishing_the_wire_says_what_waits_and_its_terms(feed: Feed, cast: Cast) -> None:
    row, article = taken(feed, cast)
    article.refresh_from_db()
    revisions.save(article, newest(article).with_(headline="Ours"), actor=cast.editor)
    bring(feed, g2("Theirs", version=2))
    said = said_by_the_wire(article, {})
    assert [finding.code.partition(":")[0] for finding in said] == ["wire-offer", "wire-terms"]
    WireItem.objects.filter(pk=row.pk).update(offer=Offer.KILLED)
    assert said_by_the_wire(article, {})[0].required


def test_the_screens_say_what_became_of_each_item(feed: Feed, cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    bring(feed, g2())
    row = WireItem.objects.get()
    page = client.get(reverse("admin:syndication_wireitem_changelist"))
    assert b"Lighthouse stays lit" in page.content
    answer = client.post(reverse("admin:syndication_wireitem_changelist"), {"ignore": row.pk})
    assert answer.status_code == 302
    assert WireItem.objects.get().state == WireState.IGNORED
    assert client.post(reverse("admin:syndication_wireitem_waiting", args=[row.pk])).status_code == 302
    answer = client.post(reverse("admin:syndication_wireitem_draft", args=[row.pk]))
    article = Article.objects.get()
    assert answer.headers["Location"].endswith(f"/{article.pk}/change/")
    form = client.get(answer.headers["Location"])
    assert b"No archive use" in form.content
    page = client.get(reverse("admin:syndication_wireitem_change", args=[row.pk]))
    assert str(article).encode() in page.content
    assert client.post(reverse("admin:syndication_wireitem_draft", args=[row.pk])).status_code == 302  # a second press
    assert Article.objects.count() == 1


@pytest.mark.parametrize("items", [3, 12])
def test_the_list_asks_as_many_questions_whatever_arrived(
    feed: Feed, cast: Cast, client: Client, items: int, django_assert_max_num_queries: Any
) -> None:
    other = make_feed("Southline wire", folder="southline", source=make_source("Southline"))
    for number in range(items):
        text = f"Words number {number} of this story alone, {number * 7919} of them. " * 8
        bring(feed, g2(f"Story {number}", guid=f"urn:{number}", text=text))
        bring(other, g2(f"Story {number} too", guid=f"urn:o{number}", text=text))
    client.force_login(cast.chief)
    with django_assert_max_num_queries(14):
        assert client.get(reverse("admin:syndication_wireitem_changelist")).status_code == 200


def test_the_start_page_names_what_the_wire_sent_to_those_who_work_on_it(
    feed: Feed, cast: Cast, client: Client
) -> None:
    bring(feed, g2())
    for who, told in (("editor", True), ("contributor", False)):
        client.force_login(getattr(cast, who))
        assert (b"Lighthouse stays lit" in client.get("/admin/").content) is told


def test_a_rule_is_rehearsed_on_its_form_and_saved_from_there(feed: Feed, cast: Cast, client: Client) -> None:
    bring(feed, g2())
    client.force_login(cast.chief)
    typed = {"part": "headline", "words": "lighthouse", "tags": "Light", "position": "1", "is_on": "on"}
    page = client.post(reverse("admin:syndication_wirerule_rehearsal"), typed)
    assert b"Lighthouse stays lit" in page.content
    assert not WireRule.objects.exists()
    wrong = client.post(reverse("admin:syndication_wirerule_rehearsal"), typed | {"words": " , "})
    assert wrong.status_code == 422
    assert b'value="Light"' in wrong.content
    assert client.post(reverse("admin:syndication_wirerule_add"), typed).status_code == 302
    assert WireRule.objects.get().tags == "Light"


@pytest.mark.parametrize(
    "typed",
    [
        {"address": "https://a.example/", "folder": "both"},
        {"address": "", "folder": ""},
        {"address": "https://user:secret@a.example/"},
        {"address": "file:///etc/passwd"},
        {"folder": "../../etc"},
    ],
)
def test_a_feed_has_one_place_without_a_password(cast: Cast, client: Client, typed: dict[str, str]) -> None:
    client.force_login(cast.chief)
    good = {"name": "W", "folder": "w", "every_minutes": "15", "source": make_source().pk, "drafts": "taken"}
    answer = client.post(reverse("admin:syndication_feed_add"), good | {"folder": ""} | typed)
    assert answer.status_code == 200
    assert not Feed.objects.exists()
    assert client.post(reverse("admin:syndication_feed_add"), good).status_code == 302  # the control
    assert Feed.objects.get().is_on is False


def test_a_kill_reaches_a_story_that_came_back_from_the_bin(feed: Feed, cast: Cast) -> None:
    row, article = taken(feed, cast)
    binned = revisions.discard(Article.objects.get(pk=article.pk), actor=cast.editor)
    row.refresh_from_db()
    assert row.article is None
    restore(binned, actor=cast.chief)
    live(Article.objects.get(pk=article.pk), cast)
    bring(feed, g2(version=2, status="canceled"))
    assert Article.objects.get(pk=article.pk).status == Status.KILLED


def test_a_headline_that_says_corrected_is_a_correction_and_one_of_a_kill_is_left_to_a_person(feed: Feed) -> None:
    bring(feed, g2("CORRECTED - Lighthouse stays lit"))
    bring(feed, g2("MANDATORY KILL: lighthouse", guid="urn:2", text="Kill the story. " * 40))
    signals = dict(WireItem.objects.values_list("guid", "story__signal"))
    assert signals == {"urn:newsml:northline:1": "correction", "urn:2": "usable"}
    assert "kill" in WireItem.objects.get(guid="urn:2").story["problems"][0]
