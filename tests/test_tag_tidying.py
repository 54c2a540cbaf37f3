"""Tags on nothing, tags that look alike, and the screens that sort them."""

import re
from itertools import combinations, product
from typing import Any

import pytest
from django.test import Client

from articles import tag_admin
from articles.models import Tag, TagsApart, TagSynonym
from articles.publishing import tags_named
from articles.tag_alike import alike, keep_apart, pairs_of
from articles.tag_merging import MERGED, merge
from outbox.models import AuditEntry
from tests.conftest import Cast
from tests.factories import give_tags, make_article

LIST = "/admin/articles/tag/"
TIDY = f"{LIST}tidy/"


def are_alike(one: str, other: str) -> bool:
    return bool(pairs_of([(1, one), (2, other)]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tram", "trams"),
        ("night bus", "Night-Buses"),
        ("night bus", "nightbus"),
        ("city council", "council, city"),
        ("Élan vital", "elan vital"),
        ("ferries", "ferry"),
        ("harbour", "harbor"),
        ("elections", "eletcions"),
        ("housing", "housting"),
    ],
)
def test_these_look_alike(one: str, other: str) -> None:
    assert are_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rail", "mail"),
        ("election 2024", "election 2025"),
        ("tram line 4", "tram line 5"),
        ("harbour", "housing"),
        ("bus", "us"),
        ("東京", "京都"),
        ("abcde", "badce"),
        ("—", "…"),
    ],
)
def test_these_do_not(one: str, other: str) -> None:
    assert not are_alike(one, other)


def test_many_of_one_shape_do_not_make_pairs_without_end() -> None:
    assert len(pairs_of((number, "tram" + "-" * number) for number in range(1, 400))) < 1_000


def test_every_pair_that_looking_at_all_pairs_would_find_is_found() -> None:
    letters = "abcde"
    spelled = ["".join(name) for name in product(letters[:3], letters[:3], "s", letters[:2], "at", "5s")]
    names = [*enumerate(spelled, 1)]
    every = {(one, other) for (one, a), (other, b) in combinations(names, 2) if are_alike(a, b)}
    assert {pair[:2] for pair in pairs_of(names)} == every
    assert 100 < len(every) < len(names) ** 2 / 4


@pytest.mark.django_db
def test_a_pair_is_named_until_somebody_says_it_is_none(cast: Cast) -> None:
    one, other = tags_named(["tram", "trams"])
    assert [pair[:2] for pair in alike()] == [(one.pk, other.pk)]
    keep_apart(other, one, actor=cast.editor)
    keep_apart(one, other, actor=cast.editor)
    assert alike() == []
    assert TagsApart.objects.get().made_by == cast.editor
    assert AuditEntry.objects.filter(verb="kept tags apart").count() == 1


@pytest.mark.django_db
def test_the_answer_is_kept_until_a_tag_changes(django_assert_num_queries: Any) -> None:
    tags_named(["tram", "trams"])
    alike()
    with django_assert_num_queries(2):
        assert len(alike()) == 1
    tags_named(["harbour", "harbor"])
    assert len(alike()) == 2
    merge(Tag.objects.get(name="tram"), Tag.objects.get(name="trams"), actor=None)
    assert len(alike()) == 1


# The screens


@pytest.mark.django_db
def test_the_screen_names_pairs_and_what_stands_on_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    give_tags(make_article("One"), "trams")
    lesser, greater = tags_named(["tram", "trams"])
    page = client.get(TIDY).content.decode()
    assert f"/admin/articles/tag/{lesser.pk}/merge/?into={greater.pk}" in page
    assert "1 tag stands on no article" in page
    client.post("/admin/articles/tag/apart/", {"first": greater.pk, "second": lesser.pk})
    assert "No two tags look alike" in client.get(TIDY).content.decode()


@pytest.mark.django_db
def test_a_merge_is_looked_at_done_and_taken_back_at_the_desk(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    article = make_article("One")
    give_tags(article, "tram")
    old, kept = tags_named(["tram", "trams"])
    address = f"/admin/articles/tag/{old.pk}/merge/"
    assert "Merge into trams" in client.get(address).content.decode()
    assert "One" in client.get(address, {"into": kept.pk}).content.decode()
    assert Tag.objects.count() == 2
    assert client.post(address, {"into": kept.pk})["Location"] == f"/admin/articles/tag/{kept.pk}/change/"
    assert kept.carriers() == [article.pk]
    entry = AuditEntry.objects.get(verb=MERGED, actor=cast.editor)
    assert f'name="entry" value="{entry.pk}"' in client.get(f"/admin/articles/tag/{kept.pk}/change/").content.decode()
    client.post(f"/admin/articles/tag/{kept.pk}/merge/back/", {"entry": entry.pk})
    assert Tag.objects.get(name="tram").carriers() == [article.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("into", ["", "x", "\0", "99999999999999999999999", "-1", "4711"])
def test_a_merge_into_nothing_is_refused_in_words(cast: Cast, client: Client, into: str) -> None:
    client.force_login(cast.editor)
    (row,) = tags_named(["tram"])
    for send in (client.get, client.post):
        assert send(f"/admin/articles/tag/{row.pk}/merge/", {"into": into}).status_code == 400
    assert client.post(f"/admin/articles/tag/{row.pk}/merge/", {"into": row.pk}).status_code == 400
    assert client.get("/admin/articles/tag/99999999999999999999999/merge/").status_code == 404
    assert client.post(f"/admin/articles/tag/{row.pk}/merge/back/", {"entry": into}).status_code == 404
    assert client.post("/admin/articles/tag/apart/", {"first": into, "second": row.pk}).status_code == 302
    assert Tag.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "allowed"),
    [("contributor", False), ("editor", True), ("chief", True), ("moderator", False), ("administrator", True)],
)
def test_who_reaches_these_screens(cast: Cast, client: Client, who: str, allowed: bool) -> None:
    client.force_login(getattr(cast, who))
    old, kept = tags_named(["tram", "trams"])
    for address in (TIDY, f"/admin/articles/tag/{old.pk}/merge/"):
        assert client.get(address).status_code == (200 if allowed else 403)
    client.post("/admin/articles/tag/apart/", {"first": old.pk, "second": kept.pk})
    client.post(f"/admin/articles/tag/{old.pk}/merge/", {"into": kept.pk})
    assert TagSynonym.objects.exists() is allowed
    assert Tag.objects.count() == (1 if allowed else 2)


@pytest.mark.django_db
def test_hostile_names_are_inert_on_every_screen(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    names = ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>s"]
    old, kept = tags_named(names)
    for address in (
        TIDY,
        f"/admin/articles/tag/{old.pk}/merge/",
        f"/admin/articles/tag/{old.pk}/merge/?into={kept.pk}",
    ):
        page = client.get(address).content.decode()
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("address", [TIDY, LIST, f"{LIST}?used=no", f"{LIST}?q=ram"])
def test_the_screens_cost_the_same_at_two_sizes(
    cast: Cast, client: Client, address: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.editor)
    counts = []
    for size in (3, 20):
        for number in range(size):
            name = f"tram {chr(97 + number)}{size}"
            give_tags(make_article(f"{size} {number}"), name)
            tags_named([f"{name}s", f"unused {chr(97 + number)}{size}"])
        client.get(address)
        with django_assert_max_num_queries(15) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_list_counts_no_further_than_it_tells(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag_admin, "MOST_COUNTED", 2)
    for number in range(3):
        give_tags(make_article(f"Story {number}"), "often", *["twice"][: 2 - number])
    client.force_login(cast.editor)
    html = client.get(LIST).content.decode()
    used = dict(re.findall(r"change/\?*[^>]*>([a-z]+)</a>.*?field-used[^>]*>([^<]*)<", html, re.DOTALL))
    assert used == {"often": "2+", "twice": "2"}
