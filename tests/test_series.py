"""Series: putting articles into one, their order, their page, and the way through them."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from articles import publishing, series, series_uses
from articles.models import Article, Series, SeriesEntry, Status, Tag
from articles.publishing import tags_named
from articles.state import WorkingState
from articles.stories import public_article
from outbox.models import AuditEntry
from pagecache.models import Key
from pagecache.reading import recording
from pagecache.writing import writing
from pages.series import box_of
from tests.concurrency import at_once
from tests.conftest import Cast, make_cast
from tests.factories import make_article, make_image

pytestmark = pytest.mark.django_db

MARK = "Quillfeather"


def make_series(title: str = "The harbour", *articles: Article) -> Series:
    """A series with these parts."""
    row: Series = Series.objects.create(title=title, slug=title.lower().replace(" ", "-"))
    for article in articles:
        series.add(article, row, actor=None)
    return row


def stories(*headlines: str, **fields: Any) -> list[Article]:
    return [make_article(headline, **fields) for headline in headlines]


def later(headline: str = MARK, hours: int = 3) -> Article:
    moment = timezone.now() + timedelta(hours=hours)
    return make_article(headline, status=Status.SCHEDULED, publish_at=moment, first_published_at=None)


def version(name: str) -> int:
    return Key.objects.filter(name=name).values_list("version", flat=True).first() or 0


# The verbs


def test_an_article_joins_last_and_once() -> None:
    one, two = stories("One", "Two")
    row = make_series("The harbour", one, two, one)
    assert series.parts_of(row) == [one.pk, two.pk]


def test_an_article_of_another_series_is_refused_in_words_and_moved_when_asked() -> None:
    (one,) = stories("One")
    first, second = make_series("The harbour", one), make_series("The mill")
    with pytest.raises(ValidationError, match="stands in the series “The harbour” already"):
        series.add(one, second, actor=None)
    series.move(one, second, actor=None)
    assert (series.parts_of(first), series.parts_of(second)) == ([], [one.pk])


def test_an_article_is_put_at_a_place_and_the_rest_follow() -> None:
    one, two, three = stories("One", "Two", "Three")
    row = make_series("The harbour", one, two, three)
    series.move(three, row, actor=None, place=1)
    assert series.parts_of(row) == [three.pk, one.pk, two.pk]
    series.arrange(row, [two.pk], actor=None)
    assert series.parts_of(row) == [two.pk, three.pk, one.pk]


def test_a_full_series_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MAX_PARTS", 1)
    one, two = stories("One", "Two")
    row = make_series("The harbour", one)
    with pytest.raises(ValidationError, match="1 parts at most"):
        series.add(two, row, actor=None)


def test_a_series_that_is_gone_is_refused_in_words() -> None:
    (one,) = stories("One")
    row = make_series()
    Series.objects.get(pk=row.pk).delete()
    with pytest.raises(ValidationError, match="deleted in the meantime"):
        series.add(one, row, actor=None)


@pytest.mark.parametrize("who", ["contributor", "moderator"])
def test_who_may_not_arrange_writes_nothing(cast: Cast, who: str) -> None:
    (one,) = stories("One")
    row, actor = make_series(), getattr(cast, who)
    for act in (
        lambda: series.add(one, row, actor=actor),
        lambda: series.move(one, row, actor=actor),
        lambda: series.remove(one, actor=actor),
        lambda: series.arrange(row, [one.pk], actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not SeriesEntry.objects.exists()


def test_every_verb_leaves_an_audit_row(cast: Cast) -> None:
    one, two = stories("One", "Two")
    row = make_series("The harbour", two)
    series.move(one, row, actor=cast.editor, place=1)
    series.remove(one, actor=cast.editor)
    verbs = list(AuditEntry.objects.filter(actor=cast.editor).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["put into series", "reordered series", "took out of series"]


# What readers see


def test_the_page_of_a_series_lists_public_parts_in_order(client: Client) -> None:
    two, one = stories("The second half", "The first half")
    row = make_series("The harbour", one, later(), two)
    page = client.get(row.get_absolute_url())
    text = page.content.decode()
    assert text.index("The first half") < text.index("The second half")
    assert MARK not in text
    assert "2 parts" in text


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.ARCHIVED, Status.KILLED])
def test_no_surface_tells_of_a_hidden_part(client: Client, status: Status) -> None:
    one, three = stories("One", "Three")
    row = make_series("The harbour", one, make_article(MARK, status=status), three)
    for address in (row.get_absolute_url(), one.get_absolute_url(), three.get_absolute_url()):
        assert MARK not in client.get(address).content.decode()
    assert b"Part 2 of 2" in client.get(three.get_absolute_url()).content


def test_the_control_is_that_a_public_part_is_told(client: Client) -> None:
    one = make_article("One")
    make_series("The harbour", one, make_article(MARK))
    assert MARK in client.get(one.get_absolute_url()).content.decode()


def test_a_series_without_public_parts_is_unknown(client: Client) -> None:
    row = make_series("The harbour", later())
    unknown = client.get("/series/no-such-series/")
    hidden = client.get(row.get_absolute_url())
    assert (hidden.status_code, hidden.content) == (404, unknown.content)


def test_a_part_leads_to_its_neighbours(client: Client) -> None:
    one, two, three = stories("One", "Two", "Three")
    make_series("The harbour", one, two, three)
    page = client.get(two.get_absolute_url()).content.decode()
    assert "Part 2 of 3 in <em>The harbour</em>" in page
    assert f'href="{one.get_absolute_url()}" rel="prev"' in page
    assert f'href="{three.get_absolute_url()}" rel="next"' in page


def test_hostile_titles_are_inert(client: Client) -> None:
    one, two = stories("One", "<img src=x onerror=alert(1)>")
    row = make_series("The harbour", one, two)
    row.title = row.description = "<script>alert(1)</script>"
    row.save()
    for address in (row.get_absolute_url(), one.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.once
def test_a_series_costs_an_article_one_query_whatever_its_length(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for length in (0, 2, 12):
        parts = stories(*(f"Part {number}" for number in range(max(length, 1))))
        if length:
            make_series(f"Series {length}", *parts)
        client.get(parts[0].get_absolute_url())
        with django_assert_max_num_queries(12) as asked:
            client.get(parts[0].get_absolute_url())
        counts.append(len(asked))
    assert counts[1] == counts[2] == counts[0] + 1


@pytest.mark.once
def test_the_page_of_a_series_costs_the_same_at_two_sizes(client: Client, django_assert_max_num_queries: Any) -> None:
    counts = []
    for length in (2, 12):
        row = make_series(f"Series {length}", *stories(*(f"Part {number}" for number in range(length))))
        with django_assert_max_num_queries(8) as asked:
            client.get(row.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]


# Freshness


def test_a_part_changes_by_itself_when_its_sibling_appears() -> None:
    one, coming = make_article("One"), later(hours=3)
    make_series("The harbour", one, coming)
    with recording() as record:
        box_of(public_article(one.pk))
    assert record.boundary == coming.publish_at
    assert f"article:{coming.pk}" not in record.keys


def test_publishing_and_taking_down_a_part_renews_the_others() -> None:
    one, two = stories("One", "Two")
    row = make_series("The harbour", one, two)
    with recording() as record:
        box_of(public_article(one.pk))
    assert f"series:{row.pk}" in record.keys
    before = version(f"series:{row.pk}")
    publishing.take_down(two, actor=None)
    assert version(f"series:{row.pk}") > before


def test_a_new_order_renews_every_part() -> None:
    one, two = stories("One", "Two")
    row = make_series("The harbour", one, two)
    before = version(f"series:{row.pk}")
    series.arrange(row, [two.pk, one.pk], actor=None)
    assert version(f"series:{row.pk}") > before


# Said before something goes


def test_taking_down_names_the_series_it_leaves(cast: Cast) -> None:
    one, two = stories("One", "Two")
    make_series("The harbour", one, two)
    note = series_uses.SeriesNote()
    assert "leaves the series “The harbour”; its 1 other" in note.of_one(one, cast.editor)[0].sentence
    assert note.of_many([one, two], cast.editor).keys() == {one.pk, two.pk}
    assert series_uses.in_series(one)[0].label == "Part of the series “The harbour”"


def test_publishing_names_the_part_it_becomes() -> None:
    one, two = make_article("One"), later()
    make_series("The harbour", one, two)
    [outcome] = series_uses.on_publication(two, WorkingState(), None)
    assert outcome.sentence == "It becomes part 2 of the series “The harbour”; the other parts then lead to it."
    assert series_uses.on_publication(one, WorkingState(), None) == []


# The desk


def form_data(row: Series, *rows: tuple[SeriesEntry | None, Article, int], **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"title": row.title, "slug": row.slug, "description": "", "picture": ""}
    data |= {"entries-TOTAL_FORMS": len(rows), "entries-INITIAL_FORMS": sum(1 for entry, *_ in rows if entry)}
    for number, (entry, article, place) in enumerate(rows):
        prefix = f"entries-{number}-"
        data |= {f"{prefix}id": entry.pk if entry else "", f"{prefix}series": row.pk}
        data |= {f"{prefix}article": article.pk, f"{prefix}position": place}
    return data | more


def test_the_desk_orders_adds_and_removes_parts(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    one, two, three = stories("One", "Two", "Three")
    row = make_series("The harbour", one, two)
    first, second = SeriesEntry.objects.filter(series=row)
    data = form_data(row, (first, one, 2), (second, two, 3), (None, three, 1), **{"entries-1-DELETE": "on"})
    assert client.post(f"/admin/articles/series/{row.pk}/change/", data).status_code == 302
    assert series.parts_of(row) == [three.pk, one.pk]


@pytest.mark.parametrize("lead_on", [True, False])
def test_a_series_that_moves_leads_readers_on_if_the_editor_says_so(cast: Cast, client: Client, lead_on: bool) -> None:
    client.force_login(cast.editor)
    row = make_series("The harbour", *stories("One"))
    asked = {"lead_on": "on"} if lead_on else {}
    moved = form_data(row, slug="the-port", **asked)
    assert client.post(f"/admin/articles/series/{row.pk}/change/", moved).status_code == 302
    assert client.get("/series/the-port/").status_code == 200
    answer = client.get("/series/the-harbour/")
    assert (answer.status_code, answer.headers.get("Location")) == (
        (301, "/series/the-port/") if lead_on else (404, None)
    )


def test_an_article_of_another_series_is_refused_with_what_was_typed(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    (one,) = stories("One")
    make_series("The harbour", one)
    row = make_series("The mill")
    answer = client.post(f"/admin/articles/series/{row.pk}/change/", form_data(row, (None, one, 1), title="New title"))
    assert "stands in the series “The harbour” already" in answer.content.decode()
    assert b"New title" in answer.content
    assert series.parts_of(row) == []


def test_an_article_is_put_into_a_series_from_its_own_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.editor)
    one, two = stories("One", "Two")
    row = make_series("The harbour", one)
    address = f"/admin/articles/article/{two.pk}/series/"
    assert address in client.get(f"/admin/articles/article/{two.pk}/change/").content.decode()
    client.post(address, {"series": row.pk, "place": 1})
    assert series.parts_of(row) == [two.pk, one.pk]
    client.post(address, {"series": "", "place": ""})
    assert series.parts_of(row) == [one.pk]


@pytest.mark.parametrize("series_id", ["999999999999999999999999", "x", "\0", "77"])
def test_nonsense_is_refused_in_words(cast: Cast, client: Client, series_id: str) -> None:
    client.force_login(cast.editor)
    (one,) = stories("One")
    answer = client.post(f"/admin/articles/article/{one.pk}/series/", {"series": series_id, "place": "-3"})
    assert answer.status_code == 400
    assert not SeriesEntry.objects.exists()


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("contributor", False), ("editor", True), ("chief", True), ("moderator", False), ("administrator", True)],
)
def test_who_reaches_series_at_the_desk(cast: Cast, client: Client, who: str, allowed: bool) -> None:
    client.force_login(getattr(cast, who))
    one = make_article("One")
    row = make_series("The harbour", one)
    screens = ("/admin/articles/series/", "/admin/articles/series/add/", f"/admin/articles/series/{row.pk}/change/")
    for address in (*screens, f"/admin/articles/article/{one.pk}/series/"):
        assert client.get(address).status_code == (200 if allowed else 403), address
    client.post(f"/admin/articles/article/{one.pk}/series/", {"series": "", "place": ""})
    assert SeriesEntry.objects.exists() is not allowed


@pytest.mark.once
def test_the_desks_screens_cost_the_same_at_two_sizes(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.editor)
    for address in ("/admin/articles/series/", "/admin/articles/series/{pk}/change/"):
        counts = []
        for length in (3, 10):
            row = make_series(f"Series {length} {address}"[:40], *stories(*(f"Part {n}" for n in range(length))))
            SeriesEntry.objects.filter(series=row).first()
            client.get(address.format(pk=row.pk))
            with django_assert_max_num_queries(40) as asked:
                client.get(address.format(pk=row.pk))
            counts.append(len(asked))
        assert counts[0] == counts[1], address


def test_a_picture_of_a_series_is_public(cast: Cast) -> None:
    from articles.picture_use import publicly_shown  # noqa: PLC0415

    image = make_image()
    Series.objects.create(title="The harbour", slug="the-harbour", picture=image)
    assert publicly_shown({image.pk}) == {image.pk}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_article_put_into_two_series_at_once_stands_in_one(client: Client) -> None:
    for turn in range(6):
        one, two = stories(f"One {turn}", f"Two {turn}")
        first, second = make_series(f"First {turn}"), make_series(f"Second {turn}")

        def fill(row: Series, *articles: Article) -> None:
            with writing():
                for article in articles:
                    series.move(article, row, actor=None)

        acts = [partial(fill, first, one), partial(fill, second, one), partial(series.move, two, first, actor=None)]
        refused = at_once(acts)
        assert all(isinstance(error, ValidationError) for error in refused)
        assert SeriesEntry.objects.filter(article=one).count() == 1
        assert SeriesEntry.objects.filter(article=two, series=first).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_small_page_works_where_every_lock_needs_a_transaction(client: Client) -> None:
    cast = make_cast()
    client.force_login(cast.editor)
    one, row = make_article("One"), make_series()
    assert client.post(f"/admin/articles/article/{one.pk}/series/", {"series": row.pk}).status_code == 302
    assert series.parts_of(row) == [one.pk]
    data = form_data(row, (SeriesEntry.objects.get(), one, 1), (None, make_article("Two"), 2))
    assert client.post(f"/admin/articles/series/{row.pk}/change/", data).status_code == 302
    tag, other = tags_named(["tram", "trams"])
    assert client.post(f"/admin/articles/tag/{tag.pk}/merge/", {"into": other.pk}).status_code == 302
    assert not Tag.objects.filter(name="tram").exists()
