"""Other names of a tag: whoever types one gets the tag, wherever it is typed."""

from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client

from articles import revisions, search
from articles.article_form import TagsField
from articles.models import Tag, TagSynonym, tag_key
from articles.publishing import tags_named
from articles.state import WorkingState
from articles.tag_names import meant, tags_by_key
from curation.suggesting import tags_of
from outbox.effects import run_due
from pagecache.keyed import KeyedQuerySet
from tests.conftest import Cast
from tests.factories import give_tags, make_article

pytestmark = pytest.mark.django_db


def tag(name: str, *others: str) -> Tag:
    row = tags_named([name])[0]
    for other in others:
        TagSynonym.objects.create(tag=row, name=other)
    return row


def test_another_name_is_the_tag_itself_however_it_is_spelt() -> None:
    row = tag("tram", "Straßenbahn", "路面電車")
    assert tags_named(["STRASSENBAHN", "tram", "路面電車"]) == [row]
    assert Tag.objects.count() == 1


def test_the_forms_field_turns_another_name_into_the_tags_own() -> None:
    tag("light rail", "tram", "streetcar")
    assert TagsField().clean("Harbour, Tram, streetcar, light rail") == ["Harbour", "light rail"]
    assert meant(["a", "b"]) == ["a", "b"]


def test_a_draft_that_names_the_tag_otherwise_has_its_suggestions() -> None:
    row = tag("light rail", "tram")
    draft = revisions.create(WorkingState(headline="x", tags=("Tram",)), actor=None)
    assert tags_of(draft) == {row.pk: "light rail"}


def test_the_archive_is_narrowed_by_another_name(client: Client) -> None:
    article = make_article("A quiet day")
    give_tags(article, "light rail")
    tag("light rail", "tram")
    assert b"A quiet day" in client.get("/archive/?tag=Tram").content


def test_a_story_is_found_by_a_name_given_later_and_no_more_when_it_is_taken(client: Client) -> None:
    article = make_article("A quiet day")
    give_tags(article, "light rail")
    search.index(article)
    tag("light rail", "streetcar")
    while run_due():
        pass
    assert len(search.find("streetcar").hits) == 1
    TagSynonym.objects.get().delete()
    while run_due():
        pass
    assert search.find("streetcar").hits == []


@pytest.mark.parametrize("name", ["Bus", "COACH", " tram ", "a, b", "x" * 101])
def test_a_name_means_one_tag(name: str) -> None:
    tag("bus", "coach")
    row = tag("tram")
    with pytest.raises(ValidationError):
        TagSynonym(tag=row, name=name).full_clean()


def test_a_tag_may_not_take_the_other_name_of_another() -> None:
    tag("bus", "coach")
    with pytest.raises(ValidationError, match="another name of the tag “bus”"):
        Tag(name="Coach", slug="coach").full_clean()


@pytest.mark.once
def test_looking_names_up_costs_the_same_for_many(django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        tag(f"tag {number}", f"other {number}")
    counts = []
    for size in (2, 12):
        with django_assert_max_num_queries(2) as asked:
            assert len(tags_by_key(f"other {number}" for number in range(size))) == size
        counts.append(len(asked))
    assert counts[0] == counts[1]


# At the desk


def form_data(row: Tag, *names: str, **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"name": row.name, "slug": row.slug, "description": "", "picture": ""}
    data |= {"synonyms-TOTAL_FORMS": len(names), "synonyms-INITIAL_FORMS": 0}
    for number, name in enumerate(names):
        data |= {f"synonyms-{number}-name": name, f"synonyms-{number}-tag": row.pk, f"synonyms-{number}-id": ""}
    return data | more


def test_the_desk_gives_a_tag_other_names_and_another_name(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    row = tag("tram")
    data = form_data(row, "streetcar", name="light rail", slug="light-rail")
    assert client.post(f"/admin/articles/tag/{row.pk}/change/", data).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.slug) == ("light rail", "light-rail")
    assert set(row.synonyms.values_list("name", flat=True)) == {"tram", "streetcar"}


@pytest.mark.parametrize("name", ["bus", "\0", "x" * 300, "<script>alert(1)</script>, b", "tram"])
def test_a_refused_name_comes_back_with_what_was_typed(cast: Cast, client: Client, name: str) -> None:
    client.force_login(cast.editor)
    tag("bus")
    row = tag("tram")
    answer = client.post(f"/admin/articles/tag/{row.pk}/change/", form_data(row, name, description="Kept words"))
    assert answer.status_code == 200
    assert b"Kept words" in answer.content
    assert b"<script>alert" not in answer.content
    assert not TagSynonym.objects.exists()


def test_typing_another_name_offers_the_tag(cast: Cast, client: Client) -> None:
    client.force_login(cast.contributor)
    tag("light rail", "tram")
    (offered,) = client.get("/admin/articles/tag/suggest/?q=tra").json()["tags"]
    assert (offered["name"], offered["other"]) == ("light rail", "also tram")


def test_who_only_changes_tags_may_not_rename_them(cast: Cast, client: Client) -> None:
    cast.contributor.user_permissions.add(
        Permission.objects.get(codename="change_tag", content_type__app_label="articles")
    )
    client.force_login(cast.contributor)
    row = tag("tram")
    client.post(f"/admin/articles/tag/{row.pk}/change/", form_data(row, "x", name="y", slug="y", description="New"))
    row.refresh_from_db()
    assert (row.name, row.slug, row.description) == ("tram", "tram", "New")
    assert not TagSynonym.objects.exists()


def test_new_tags_whose_addresses_clash_get_numbers() -> None:
    tag("C")
    found = tags_named(["C++", "C#", "Rain", "Snow"])
    assert [row.name for row in found] == ["C++", "C#", "Rain", "Snow"]
    assert sorted(row.slug for row in found) == ["c_1", "c_2", "rain", "snow"]
    assert [row.key for row in Tag.objects.filter(name="Rain")] == [tag_key("Rain")]


def test_new_tags_of_which_somebody_made_one_this_moment_are_made_one_by_one() -> None:
    with patch.object(KeyedQuerySet, "bulk_create", side_effect=IntegrityError):
        found = tags_named(["Rain", "Snow"])
    assert [(row.name, row.slug) for row in found] == [("Rain", "rain"), ("Snow", "snow")]
    assert Tag.objects.count() == 2
