"""Where the categories and writers of a WordPress site go: by the rule, and by a file that says otherwise."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from articles.models import Article, Section
from articles.state import WorkingState
from people.models import Author
from syndication.wordpress.mapping import MapError, read_map
from tests.wordpress import details, move
from tests.wxr import author, category, export, item, term

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_clock")]


@pytest.fixture
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def one(**found: Any) -> Article:
    """The only article, or the one that is asked for."""
    return Article.objects.get(**found)


def test_categories_become_sections_and_tags(tmp_path: Path) -> None:
    tree = category("city", "City", number=3) + category("trams", "Trams", "city", 4) + category("food", "Food", "", 5)
    inside = term("category", "trams", "Trams") + term("category", "food", "Food")
    move(tmp_path, export(tree, item(1, inside=inside)))
    story = one()
    assert story.section is not None
    assert story.section.name == "City"
    assert sorted(tag.name for tag in story.tags.all()) == ["Food", "Trams"]
    chosen = item(2, inside=inside, meta={"_yoast_wpseo_primary_category": "5"})
    move(tmp_path, export(tree, chosen))
    assert one(slug="story-2").section == Section.objects.get(slug="food")


def test_a_mapping_file_says_where_categories_and_writers_go(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text('drop = ["old"]\n[sections]\nfood = "taste"\n[tags]\ntrams = "Rails"\n[authors]\nada = "desk"\n')
    inside = "".join(term("category", slug, slug.title()) for slug in ("trams", "food", "old"))
    move(tmp_path, export(item(1, inside=inside)), wanted=read_map(path))
    story = one()
    assert story.section is not None
    assert story.section.slug == "taste"
    assert [tag.name for tag in story.tags.all()] == ["Rails"]
    assert [byline.author.slug for byline in story.bylines.all()] == ["desk"]


@pytest.mark.parametrize("text", ["section = 3", "[sections]\na = 1", "other = 1", "x", '[sections]\na = "admin"'])
def test_a_mapping_file_that_means_nothing_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(MapError):
        read_map(path)


def test_a_category_named_like_a_page_of_ours_gets_an_address_of_its_own(tmp_path: Path) -> None:
    move(tmp_path, export(category("admin", "Admin"), item(1, inside=term("category", "admin", "Admin"))))
    assert Section.objects.get().slug == "admin-stories"


def test_co_authors_and_guest_authors_sign_in_their_order(tmp_path: Path) -> None:
    guest = item(9, post_type="guest-author", meta={"cap-display_name": "Guy Guest", "cap-user_login": "guy"})
    inside = term("author", "cap-guy", "guy") + term("author", "cap-bo", "bo") + term("author", "cap-guy", "guy")
    move(tmp_path, export(author("bo", "Bo Byline"), item(1, inside=inside), guest))
    assert [byline.author.name for byline in one().bylines.all()] == ["Guy Guest", "Bo Byline"]
    assert not Author.objects.filter(name="Ada Fenwick").exists()


def test_a_category_of_unpublished_posts_only_makes_no_section_that_readers_would_find(tmp_path: Path) -> None:
    tree = category("city", "City") + category("merger", "Secret merger")
    secret, city = term("category", "merger", "Secret merger"), term("category", "city", "City")
    report = move(
        tmp_path, export(tree, item(1, inside=secret, status="private"), item(2, inside=city, status="draft"))
    )
    assert not Section.objects.exists()
    assert "choose one" in " ".join(details(report)["1"]["notes"])
    move(tmp_path, export(tree, item(3, inside=city, status="draft"), item(4, inside=city)))
    assert WorkingState.of(one(latest__headline="Story number 3")).section == Section.objects.get(slug="city").pk
