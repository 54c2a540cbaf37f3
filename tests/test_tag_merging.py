"""Merging, renaming and taking back: nothing is lost, nothing stands twice, and nobody is left at an old address."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from articles import publishing, revisions, search
from articles.models import Article, Redirect, Tag, TaggedArticle, TagSynonym
from articles.publishing import tags_named
from articles.state import WorkingState
from articles.tag_merging import MERGED, merge, take_back
from articles.tag_preview import preview
from articles.tag_renaming import rename
from curation.frequencies import tag_feature
from curation.models import Campaign, Fingerprint, Frequency
from outbox.effects import run_due
from outbox.models import AuditEntry, Effect
from pagecache.models import Key
from products.models import Placement
from tests.concurrency import PATIENCE
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_image, make_product, make_section, suggest

db = pytest.mark.django_db


def tag(name: str) -> Tag:
    return tags_named([name])[0]


def carriers(name: str) -> set[int]:
    return set(Tag.objects.get(name=name).carriers())


def version(name: str) -> int:
    return Key.objects.filter(name=name).values_list("version", flat=True).first() or 0


# Merging


@db
def test_everything_carries_the_other_tag_once() -> None:
    one, two, three = make_article("One"), make_article("Two"), make_article("Three")
    give_tags(one, "tram")
    give_tags(two, "tram", "trams")
    give_tags(three, "trams")
    merge(tag("tram"), tag("trams"), actor=None)
    rows = TaggedArticle.objects.values_list("content_object", "tag__name")
    assert sorted(rows) == sorted((article.pk, "trams") for article in (one, two, three))
    assert not Tag.objects.filter(name="tram").exists()


@db
def test_the_old_name_and_its_other_names_mean_the_tag_from_then_on() -> None:
    old = tag("tram")
    TagSynonym.objects.create(tag=old, name="streetcar")
    kept = merge(old, tag("trams"), actor=None)
    for name in ("tram", "TRAM", "Streetcar", "trams"):
        assert tags_named([name]) == [kept]
    assert set(kept.synonyms.values_list("name", flat=True)) == {"tram", "streetcar"}


@db
def test_a_draft_that_names_the_old_tag_goes_out_with_the_other() -> None:
    state = WorkingState(headline="Mine", section=make_section().pk, body="<p>x</p>", tags=("tram", "trams"))
    draft = revisions.create(state, actor=None)
    kept = merge(tag("tram"), tag("trams"), actor=None)
    publishing.publish(draft, actor=None)
    assert list(draft.tagged.values_list("tag", flat=True)) == [kept.pk]


@db
def test_readers_of_the_old_page_are_led_to_the_new_one_never_twice(client: Client) -> None:
    give_tags(make_article("One"), "tram")
    tag("trams"), tag("trolleys")
    merge(tag("tram"), tag("trams"), actor=None)
    merge(tag("trams"), tag("trolleys"), actor=None)
    for address in ("/tag/tram/", "/tag/trams/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (301, "/tag/trolleys/")
    assert client.get("/tag/trolleys/").status_code == 200


@db
def test_an_old_address_is_unknown_while_readers_see_nothing_at_the_new_one(client: Client) -> None:
    give_tags(make_article("One", publish_at=timezone.now() + timedelta(days=1)), "tram")
    tag("trams")
    merge(tag("tram"), tag("trams"), actor=None)
    answer = client.get("/tag/tram/")
    assert (answer.status_code, answer.content) == (404, client.get("/tag/no-such-tag/").content)


@db
def test_a_name_in_another_script_is_led_too(client: Client) -> None:
    give_tags(make_article("One"), "東京")
    tag("Tokyo")
    address = Tag.objects.get(name="東京").get_absolute_url()
    merge(tag("東京"), tag("Tokyo"), actor=None)
    assert client.get(address).status_code == 301


@db
def test_words_and_picture_are_taken_only_where_there_are_none() -> None:
    picture = make_image()
    Tag(name="tram", description="On rails.", picture=picture).save()
    Tag(name="trams", description="Ours.").save()
    kept = merge(tag("tram"), tag("trams"), actor=None)
    assert (kept.description, kept.picture) == ("Ours.", picture)


@db
def test_products_and_campaigns_move_along_each_once() -> None:
    old, kept = tag("tram"), tag("trams")
    bell, map_ = make_product("Bell"), make_product("Map")
    Placement(product=bell, tag=kept, position=1).save()
    Placement(product=bell, tag=old, position=1).save()
    Placement(product=map_, tag=old, position=2).save()
    ends = timezone.now() + timedelta(days=1)
    campaign = Campaign(target=make_article("Target"), tag=old, ends=ends)
    campaign.save()
    merge(old, kept, actor=None)
    assert list(Placement.objects.filter(tag=kept).values_list("product", flat=True)) == [bell.pk, map_.pk]
    campaign.refresh_from_db()
    assert campaign.tag == kept


@db
def test_what_the_engine_knows_follows_in_the_background() -> None:
    one, two = make_article("One"), make_article("Two")
    give_tags(one, "tram")
    old, kept = tag("tram"), tag("trams")
    suggest(one, two)
    row = one.suggestions.get()
    row.reasons = {"tags": [old.pk]}
    row.save()
    known = {"features": b"", "kind": "news", "published": timezone.now()}
    Fingerprint.objects.create(article=one, tags=[old.pk], **known)
    Frequency.objects.create(feature=tag_feature(old.pk), articles=3)
    merge(old, kept, actor=None)
    Effect.objects.exclude(kind__startswith="curation.tag").delete()
    assert run_due() == 2
    row.refresh_from_db()
    assert row.reasons["tags"] == [kept.pk]
    assert Fingerprint.objects.get().tags == [kept.pk]
    assert list(Frequency.objects.values_list("feature", "articles")) == [(tag_feature(kept.pk), 3)]


@db
def test_stories_are_found_by_the_old_name_too() -> None:
    article = make_article("A quiet day")
    give_tags(article, "tram")
    search.index(article)
    tag("light rail")
    merge(tag("tram"), tag("light rail"), actor=None)
    while run_due():
        pass
    for words in ("tram", "light rail"):
        assert [hit.article.pk for hit in search.find(words).hits] == [article.pk]


@db
def test_every_page_that_prints_either_tag_is_made_anew() -> None:
    old, kept = tag("tram"), tag("trams")
    names = [
        f"tag:{old.pk}",
        f"tag:{kept.pk}",
        f"tag-list:{old.pk}",
        f"tag-list:{kept.pk}",
        "tags",
        "redirect:/tag/tram/",
    ]
    before = [version(name) for name in names]
    merge(old, kept, actor=None)
    assert all(version(name) > was for name, was in zip(names, before, strict=True))


@db
def test_into_itself_or_with_one_that_is_gone_is_refused_in_words() -> None:
    old, kept = tag("tram"), tag("trams")
    with pytest.raises(ValidationError, match="into itself"):
        merge(old, old, actor=None)
    merge(old, kept, actor=None)
    old.pk = old.pk or 999
    with pytest.raises(ValidationError, match="is gone"):
        merge(old, kept, actor=None)


@db
def test_there_and_back_again_leaves_no_circle(client: Client) -> None:
    give_tags(make_article("One"), "tram")
    merge(tag("tram"), Tag.objects.create(name="trams", slug="trams"), actor=None)
    entry = AuditEntry.objects.get(verb=MERGED)
    made = take_back(entry, actor=None)
    merge(Tag.objects.get(name="trams"), made, actor=None)
    assert list(Redirect.objects.values_list("path", "to_path")) == [("/tag/trams/", "/tag/tram/")]
    assert client.get("/tag/trams/", follow=True).status_code == 200


@pytest.mark.once
@db
def test_the_number_of_statements_does_not_grow_with_the_articles(django_assert_max_num_queries: Any) -> None:
    counts = []
    for size in (2, 12):
        for number in range(size):
            give_tags(make_article(f"{size}, {number}"), f"old {size}")
        kept = tag(f"new {size}")
        with django_assert_max_num_queries(120) as asked:
            merge(tag(f"old {size}"), kept, actor=None)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# Looking ahead, and taking back


@db
def test_the_preview_says_what_the_merge_then_does(cast: Cast) -> None:
    one, two = make_article("One"), make_article("Two", publish_at=timezone.now() + timedelta(days=1))
    give_tags(one, "tram", "trams")
    give_tags(two, "tram")
    revisions.create(WorkingState(headline="Draft", tags=("TRAM",)), actor=cast.editor)
    Placement(product=make_product(), tag=tag("tram")).save()
    look = preview(tag("tram"), tag("trams"), actor=cast.editor)
    assert (look.articles, look.both, look.public, look.drafts) == (2, 1, 1, 1)
    assert {article.pk for article in look.named} == {one.pk, two.pk}
    assert look.follows == ["1 product moves along."]


@db
def test_a_merge_is_taken_back_to_the_row() -> None:
    moved, both, given = make_article("One"), make_article("Two"), make_article("Three")
    give_tags(moved, "tram")
    give_tags(both, "tram", "trams")
    Tag.objects.filter(name="tram").get()
    old = tag("tram")
    old.description = "On rails."
    old.save()
    TagSynonym.objects.create(tag=old, name="streetcar")
    kept = merge(old, tag("trams"), actor=None)
    give_tags(given, "trams")
    made = take_back(AuditEntry.objects.get(verb=MERGED), actor=None)
    assert carriers("tram") == {moved.pk, both.pk}
    assert carriers("trams") == {both.pk, given.pk}
    assert (made.slug, made.description) == ("tram", "On rails.")
    assert list(made.synonyms.values_list("name", flat=True)) == ["streetcar"]
    kept.refresh_from_db()
    assert kept.description == ""
    assert not Redirect.objects.exists()
    with pytest.raises(ValidationError, match="cannot be taken back"):
        take_back(AuditEntry.objects.get(verb=MERGED), actor=None)


# Renaming


@db
def test_a_renamed_tag_is_known_by_its_old_name_and_address(client: Client) -> None:
    give_tags(make_article("One"), "tram")
    row = rename(tag("tram"), name="light rail", slug="light-rail", actor=None)
    assert tags_named(["Tram"]) == [row]
    assert client.get("/tag/tram/")["Location"] == "/tag/light-rail/"


@db
def test_a_tag_takes_an_earlier_name_back() -> None:
    row = rename(tag("tram"), name="light rail", slug="light-rail", actor=None)
    row = rename(row, name="tram", slug="tram", actor=None)
    assert list(row.synonyms.values_list("name", flat=True)) == ["light rail"]
    assert list(Redirect.objects.values_list("path", "to_path")) == [("/tag/light-rail/", "/tag/tram/")]


@db
def test_the_name_of_another_tag_is_refused(cast: Cast) -> None:
    row, other = tag("tram"), tag("bus")
    TagSynonym.objects.create(tag=other, name="coach")
    for name in ("Bus", "COACH"):
        with pytest.raises(ValidationError):
            rename(row, name=name, slug="tram", actor=cast.chief)
    row.refresh_from_db()
    assert row.name == "tram"


# Who may


@db
@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_who_may_not_merge_changes_nothing(cast: Cast, who: str) -> None:
    actor, old, kept = getattr(cast, who), tag("tram"), tag("trams")
    with pytest.raises(PermissionDenied):
        merge(old, kept, actor=actor)
    with pytest.raises(PermissionDenied):
        rename(old, name="x", slug="x", actor=actor)
    assert Tag.objects.count() == 2


# Two at once


def at_once(*acts: Any) -> list[Any]:
    """Run each in a thread of its own, all begun together; what each returned or raised."""
    gate = Barrier(len(acts), timeout=PATIENCE)

    def run(act: Any) -> Any:
        gate.wait()
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - what was raised is what is looked at
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_merges_in_a_circle_leave_one_tag_and_every_article() -> None:
    for turn in range(5):
        names = [f"tram {turn}", f"trams {turn}"]
        articles = [make_article(f"{turn} {number}") for number in range(6)]
        for number, article in enumerate(articles):
            give_tags(article, names[number % 2])
        one, other = (tag(name) for name in names)
        said = at_once(lambda a=one, b=other: merge(a, b, actor=None), lambda a=one, b=other: merge(b, a, actor=None))
        assert sorted(type(answer).__name__ for answer in said) == ["Tag", "ValidationError"]
        (left,) = Tag.objects.filter(name__in=names)
        assert set(left.carriers()) == {article.pk for article in articles}


def race(publishing_named: Any) -> list[set[str]]:
    """Publish a story with the tag while the tag is merged, ten times; the names of its tags afterwards."""
    ended = []
    for turn in range(10):
        old, kept = tag(f"tram {turn}"), tag(f"rail {turn}")
        state = WorkingState(headline="Mine", section=make_section().pk, body="<p>x</p>", tags=(f"tram {turn}",))
        draft = revisions.create(state, actor=None)
        said = at_once(lambda draft=draft: publishing_named(draft), lambda a=old, b=kept: merge(a, b, actor=None))
        lost = [answer for answer in said if isinstance(answer, Exception)]
        tags = set(Article.objects.get(pk=draft.pk).tagged.values_list("tag__name", flat=True))
        ended.append({type(error).__name__ for error in lost} or {name.split()[0] for name in tags})
    return ended


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_story_published_during_the_merge_carries_the_other_tag() -> None:
    assert race(lambda draft: publishing.publish(draft, actor=None)) == [{"rail"}] * 10


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_control_loses_the_tag_when_nobody_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the shared lock the merge slips between looking the tag up and putting it on."""
    from articles import tag_names  # noqa: PLC0415

    def slow(tag_ids: set[int]) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.15)")
        return True

    monkeypatch.setattr(tag_names, "_hold", slow)
    assert race(lambda draft: publishing.publish(draft, actor=None)) != [{"rail"}] * 10
