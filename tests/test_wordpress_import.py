"""Moving in from WordPress: what becomes of posts, their states, places, writers, comments and addresses."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import DataError

from articles import redirects
from articles.models import Article, Redirect, Section, Status
from articles.state import WorkingState
from comments import arriving
from comments.models import Comment, State
from curation.models import Pick
from images.models import Image
from outbox.fetching import Fetched
from outbox.models import Effect
from people.models import Author
from syndication.models import Imported
from syndication.wordpress import pictures
from syndication.wordpress.mapping import Wanted
from syndication.wordpress.pictures import from_folder, over_the_network
from tests.picture_files import content, drawn
from tests.wordpress import details, move
from tests.wxr import attachment, category, comment, export, item, many, term

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_clock")]


@pytest.fixture
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def one(**found: Any) -> Article:
    """The only article, or the one that is asked for."""
    return Article.objects.get(**found)


def test_a_post_is_published_on_its_old_day_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    terms = term("category", "city", "City") + term("post_tag", "trams", "Trams")
    report = move(
        tmp_path, export(category("city", "City"), item(7, "One.\n\nTwo.", terms, excerpt="In <b>short</b>."))
    )
    story = one()
    assert (story.headline, story.slug, story.standfirst) == ("Story number 7", "story-7", "In short.")
    assert story.body_html == "<p>One.</p>\n<p>Two.</p>"
    assert story.status == Status.PUBLISHED
    assert story.publish_at == story.first_published_at == datetime(2020, 1, 2, 9, tzinfo=UTC)
    assert story.section is not None
    assert story.section.slug == "city"
    assert [tag.name for tag in story.tags.all()] == ["Trams"]
    assert [byline.author.name for byline in story.bylines.all()] == ["Ada Fenwick"]
    assert (report.posts["created"], report.posts["live"], report.others["redirects"]) == (1, 1, 1)
    assert redirects.destination(Redirect.objects.get(path="/2020/01/story-7/")) == story.get_absolute_url()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": "draft"}, ""),
        ({"status": "pending"}, "pending"),
        ({"status": "private"}, "private"),
        ({"status": "someday"}, "someday"),
        ({"post_password": "enter"}, "password"),
        ({"status": "future"}, "has passed"),
        ({"post_date_gmt": "0000-00-00 00:00:00", "post_date": "20000-01-01"}, "date"),
        ({"post_date_gmt": "-001-11-30", "post_date": "0000-00-00 00:00:00"}, "date"),
    ],
)
def test_what_readers_could_not_read_there_they_cannot_read_here(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    report = move(tmp_path, export(item(1, **fields)))
    assert one().status == Status.DRAFT
    assert not Article.objects.public().exists()
    assert why in " ".join(details(report).get("1", {}).get("notes", [""]))
    planned = WorkingState.of(one()).publish_at
    assert planned is None or planned <= NOW


def test_a_planned_post_appears_at_its_minute(tmp_path: Path) -> None:
    at = "2026-05-04 06:00:00"
    move(tmp_path, export(item(1, status="future", post_date=at, post_date_gmt=at)))
    assert one().status == Status.SCHEDULED
    assert not Article.objects.public().exists()
    assert Effect.objects.filter(kind="articles.appear").count() == 1
    with time_machine.travel(datetime(2026, 5, 4, 7, tzinfo=UTC)):
        assert Article.objects.public().exists()


def test_a_post_without_words_is_kept_as_a_draft_and_one_without_title_takes_its_first_words(tmp_path: Path) -> None:
    report = move(tmp_path, export(item(1, " "), item(2, "The mill opens. More.", title="")))
    assert one(latest__headline="Story number 1").status == Status.DRAFT
    assert "The story is empty." in details(report)["1"]["notes"][0]
    assert one(headline="The mill opens. More.").status == Status.PUBLISHED


def test_pages_are_left_out_or_archived(tmp_path: Path) -> None:
    text = export(item(1, post_type="page", inside=comment(5, "Fine.")))
    report = move(tmp_path, text)
    assert (report.posts["skipped pages"], report.comments["on skipped pages"]) == (1, 1)
    assert not Article.objects.exists()
    move(tmp_path, text, pages="archive")
    assert one().status == Status.ARCHIVED
    assert not Article.objects.public().exists()


def test_comments_keep_their_threads_and_states_and_nobody_gets_a_mail(tmp_path: Path) -> None:
    inside = (
        comment(2, "An <a href='https://x.example/'>answer</a><br>of mine", parent=1)
        + comment(1, "First &amp; <b>best</b><script>alert(1)</script>", author_url="https://me.example")
        + comment(3, "Wait", approved=0)
        + comment(4, "Pills", approved="spam", author_email="")
        + comment(5, "Gone", approved="trash", parent=77)
        + comment(6, "<img src=x>")
    )
    report = move(tmp_path, export(item(1, inside=inside)))
    first, answer = Comment.objects.get(text="First & best"), Comment.objects.get(text__startswith="An answer")
    assert answer.text == "An answer (https://x.example/)\nof mine"
    assert (answer.answers, answer.parent, answer.depth) == (first, first, 1)
    assert (first.state, first.website, first.email) == (State.APPROVED, "https://me.example", "reader@old.example")
    states = dict(Comment.objects.values_list("text", "state"))
    assert (states["Wait"], states["Pills"], states["Gone"]) == (State.PENDING, State.SPAM, State.REJECTED)
    assert Comment.objects.get(text="Pills").email.endswith(".invalid")
    assert report.comments["left out"] == 1
    assert first.decisions.get().by is None
    assert not Effect.objects.filter(kind__contains="mail").exists()


def test_where_comments_were_closed_they_stay_closed(tmp_path: Path) -> None:
    move(tmp_path, export(item(1, comment_status="closed"), item(2, comment_status="open")))
    assert one(slug="story-1").comment_settings.closed
    assert not hasattr(one(slug="story-2"), "comment_settings")


def test_comments_that_came_after_the_first_move_follow(tmp_path: Path) -> None:
    move(tmp_path, export(item(1, inside=comment(1, "First."))))
    report = move(tmp_path, export(item(1, inside=comment(1, "First.") + comment(2, "Later.", parent=1))))
    assert (report.comments["known"], report.comments["approved"]) == (1, 1)
    assert Comment.objects.get(text="Later.").answers == Comment.objects.get(text="First.")


def test_comments_that_answer_one_another_in_a_ring_are_taken(tmp_path: Path) -> None:
    inside = comment(1, "A", parent=2) + comment(2, "B", parent=1) + comment(3, "C", parent=3)
    move(tmp_path, export(item(1, inside=inside)))
    assert Comment.objects.count() == 3


def test_pictures_come_from_a_folder_with_their_words(tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    (uploads / "2020" / "01").mkdir(parents=True)
    (uploads / "2020" / "01" / "mill.jpg").write_bytes(content(drawn()))
    url = "https://old.example/wp-content/uploads/2020/01/mill"
    shown = f'<img class="wp-image-5" src="{url}-300x200.jpg" alt="x"/>'
    body = f'[caption id="attachment_5"]{shown} A mill[/caption]\n\nWords.'
    meta = {"_wp_attachment_image_alt": "The old mill"}
    text = export(item(1, body, meta={"_thumbnail_id": "5"}), attachment(5, f"{url}.jpg", meta=meta))
    report = move(tmp_path, text, open_file=from_folder(uploads))
    picture = Image.objects.get()
    assert picture.alt == "The old mill"
    assert one().lead_picture == picture
    assert f'<figure data-image="{picture.pk}" data-caption="A mill">' in one().body
    assert report.pictures["taken"] == 1
    assert picture.public_since is not None
    move(tmp_path, text, "again.xml", open_file=from_folder(uploads), site="another")
    assert Image.objects.count() == 1
    assert storages["private"].exists(str(picture.original.name))


def test_pictures_that_lie_or_lie_elsewhere_are_told_and_the_story_comes_without_them(tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (tmp_path / "secret.jpg").write_bytes(content(drawn()))
    (uploads / "lie.jpg").write_bytes(b"<svg onload=alert(1)>")
    body = "".join(
        f'<img src="https://old.example/wp-content/uploads/{name}">' for name in ("lie.jpg", "../secret.jpg")
    )
    report = move(tmp_path, export(item(1, f"{body}<p>Words.</p>")), open_file=from_folder(uploads))
    told = details(report)["1"]
    assert any("lie.jpg: This is a SVG" in note for note in told["notes"])
    assert any("secret.jpg: There is no such file" in note for note in told["notes"])
    assert sum(told["left_out"].values()) == 2
    assert one().body == "<p>Words.</p>"
    assert not Image.objects.exists()


def test_pictures_are_fetched_where_that_is_asked_for_and_never_from_within(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fetched(url: str, **limits: Any) -> Fetched:
        asked.append(url)
        assert set(limits) == {"max_bytes", "seconds"}
        return Fetched(url, 200, {}, content(drawn()))

    inside = "".join(f'<img src="http://{host}/a.jpg">' for host in ("127.0.0.1", "169.254.169.254", "[::1]"))
    report = move(tmp_path, export(item(1, f"{inside}<p>Words.</p>")), open_file=over_the_network)
    assert report.pictures["missing"] == 3
    assert len(details(report)["1"]["notes"]) == 3
    monkeypatch.setattr(pictures, "fetch", fetched)
    move(tmp_path, export(item(2, '<img src="/wp-content/uploads/a.jpg"><p>Words.</p>')), open_file=over_the_network)
    assert asked == ["https://old.example/wp-content/uploads/a.jpg"]
    assert Image.objects.count() == 1


def test_posts_chosen_by_hand_become_picks_once(tmp_path: Path) -> None:
    chosen = {"rp4wp_related": 'a:3:{i:0;i:3;i:1;s:1:"2";i:2;i:99;}'}
    text = export(item(1, meta=chosen), item(2), item(3))
    move(tmp_path, text)
    assert list(Pick.objects.values_list("target__slug", flat=True)) == ["story-3", "story-2"]
    Pick.objects.get(target__slug="story-3").delete()
    move(tmp_path, text)
    assert Pick.objects.count() == 1  # what an editor took out since stays out


def test_old_names_of_a_post_lead_on_and_links_within_the_site_become_paths(tmp_path: Path) -> None:
    body = '<a href="https://www.old.example/2020/01/story-2/#x">two</a> <a href="https://old.example/else/">else</a>'
    move(tmp_path, export(item(1, body, meta={"_wp_old_slug": "first-name"}), item(2)))
    assert Redirect.objects.filter(path="/2020/01/first-name/", article=one(slug="story-1")).exists()
    assert 'href="/2020/01/story-2/#x"' in one(slug="story-1").body
    assert 'href="https://old.example/else/"' in one(slug="story-1").body


def test_a_second_run_writes_nothing_and_leaves_alone_what_editors_did_since(tmp_path: Path) -> None:
    move(tmp_path, many(range(1, 4)))
    Article.objects.get(slug="story-2").delete()
    Article.objects.filter(slug="story-1").first().save()  # type: ignore[union-attr]
    count = Imported.objects.count()
    report = move(tmp_path, many(range(1, 4)))
    assert (report.posts["created"], report.posts["known"]) == (0, 3)
    assert Article.objects.count() == 2
    assert Imported.objects.count() == count


def test_two_items_with_one_number_are_both_taken_and_the_same_item_once(tmp_path: Path) -> None:
    text = export(item(1), item(1, title="Another"), item(1))
    report = move(tmp_path, text)
    assert (Article.objects.count(), report.posts["refused"]) == (2, 1)
    again = move(tmp_path, text)
    assert (Article.objects.count(), again.posts["created"]) == (2, 0)


def test_another_site_with_the_same_numbers_is_not_taken_for_this_one(tmp_path: Path) -> None:
    move(tmp_path, export(item(1)))
    report = move(tmp_path, export(item(1, post_date="2011-01-01 10:00:00")))
    assert "--site" in details(report)["1"]["refused"]
    move(tmp_path, export(item(1, post_date="2011-01-01 10:00:00")), site="another")
    assert Article.objects.count() == 2


def test_a_dry_run_writes_nothing_and_says_what_would_happen(tmp_path: Path) -> None:
    report = move(tmp_path, many(range(1, 4)), dry_run=True)
    assert (report.posts["live"], report.comments["approved"], report.others["sections"]) == (3, 6, 1)
    for model in (Article, Comment, Redirect, Imported, Section, Author, Effect):
        assert not model.objects.exists()


def test_the_command_reports_in_words_and_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, report = tmp_path / "export.xml", tmp_path / "report.json"
    path.write_text(export(item(1, "[form id=1] Words", status="private")))
    call_command("import_wordpress", str(path), report=str(report))
    assert "Articles: 1 created, 1 drafts." in capsys.readouterr().out
    assert '"[form]": 1' in report.read_text()
    for wrong in ([str(tmp_path / "none.xml")], [str(path), "--media", "/nowhere"], [str(path), "--map", "/nowhere"]):
        with pytest.raises(CommandError):
            call_command("import_wordpress", *wrong)


def test_what_the_database_refuses_spoils_no_other_post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = arriving.bring_in

    def refusing(arrivals: Any, known: Any, *, actor: Any) -> None:
        if any(one.article.latest.headline == "Story number 2" for one in arrivals):
            raise DataError("no")
        real(arrivals, known, actor=actor)

    monkeypatch.setattr(arriving, "bring_in", refusing)
    report = move(tmp_path, many(range(1, 4)), wanted=Wanted())
    assert (report.posts["created"], report.posts["refused"]) == (2, 1)
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["story-1", "story-3"]
    assert (Comment.objects.count(), Redirect.objects.count()) == (4, 2)
