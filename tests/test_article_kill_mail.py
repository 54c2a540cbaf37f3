"""A kill is told to those whose work the story is, with the reason inside, and to nobody who may not know it."""

import pytest
from django.contrib.auth.models import Group

from articles import notes, publishing, revisions
from articles.models import Article, Byline
from articles.state import Credit, WorkingState
from people.models import Author, User
from tests.conftest import Cast
from tests.factories import give_place, make_author, make_section
from tests.test_article_hands import run_outbox, told

pytestmark = pytest.mark.django_db

HEADLINE = "Qzname of a witness"
REASON = "Qzreason of the court"


@pytest.fixture
def story(cast: Cast) -> Article:
    state = WorkingState(headline=HEADLINE, section=make_section("City").pk, body="<p>It was Qz.</p>")
    return revisions.create(state, actor=cast.contributor)


def colleague(name: str, role: str, section: str = "") -> User:
    user = User.objects.create_user(f"{name}@example.org", f"{name}@example.org", name=name.title())
    user.groups.add(Group.objects.get(name=role))
    return give_place(user, make_section(section)) if section else user


def profile_of(user: User) -> Author:
    return make_author(user.name, user=user)


def reached(story: Article, cast: Cast) -> set[str]:
    """Who gets a mail when the chief kills the story."""
    run_outbox()
    publishing.kill(story, actor=cast.chief, reason=REASON)
    return {to for to, _subject in told()}


def test_the_writer_is_told_by_whom_and_why(cast: Cast, story: Article) -> None:
    publishing.kill(story, actor=cast.chief, reason=REASON)
    (letter,) = run_outbox()
    assert letter.to == [cast.contributor.email]
    assert letter.subject == f"Chiara Chief killed “{HEADLINE}”"
    assert f"> {REASON}" in letter.body
    assert f"/admin/articles/article/{story.pk}/change/" in letter.body
    assert run_outbox() == []


def test_so_is_everybody_whose_work_it_is_once(cast: Cast, story: Article) -> None:
    desk, signed, live = (colleague(name, "Editor") for name in ("desk", "signed", "live"))
    give_place(desk, make_section("City"))
    asked, noted = colleague("asked", "Chief editor"), colleague("noted", "Editor")
    state = WorkingState.of(story).with_(bylines=(Credit(profile_of(signed).pk),))
    revisions.save(story, state, actor=cast.contributor)
    Byline.objects.create(article=story, author=profile_of(live), position=0)
    publishing.submit_for_review(story, actor=cast.contributor, to=asked)
    notes.write_note(story, actor=noted, text="Is this safe?")
    notes.write_note(story, actor=noted, text="I doubt it.")
    expected = {user.email for user in (cast.contributor, desk, signed, live, asked, noted)}
    assert reached(story, cast) == expected


def test_whoever_killed_it_is_told_nothing(cast: Cast) -> None:
    story = revisions.create(WorkingState(headline=HEADLINE, section=make_section().pk), actor=cast.chief)
    assert reached(story, cast) == set()


def test_nobody_hears_of_it_who_may_not_read_it_at_the_desk(cast: Cast, story: Article) -> None:
    """Each has something to do with the story; the control is the writer, whose place here is still theirs."""
    elsewhere = colleague("elsewhere", "Editor", "Sport")
    contributor, gone = colleague("signs", "Contributor"), colleague("gone", "Editor")
    quiet, moves = colleague("quiet", "Editor"), colleague("moves", "Editor")
    names = [Credit(profile_of(user).pk) for user in (elsewhere, contributor, gone, quiet, moves, cast.moderator)]
    revisions.save(story, WorkingState.of(story).with_(bylines=tuple(names)), actor=cast.contributor)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    User.objects.filter(pk=quiet.pk).update(desk_mail=False)
    run_outbox()
    publishing.kill(story, actor=cast.chief, reason=REASON)
    give_place(moves, make_section("Sport"))
    letters = run_outbox()
    assert [letter.to for letter in letters] == [[cast.contributor.email]]
    assert all("Qz" not in letter.body + letter.subject for letter in letters if letter.to != [cast.contributor.email])


def test_a_writer_who_writes_no_more_hears_nothing(cast: Cast, story: Article) -> None:
    cast.contributor.groups.set([Group.objects.get(name="Moderator")])
    assert reached(story, cast) == set()


def test_of_a_story_deleted_meanwhile_nobody_hears(cast: Cast, story: Article) -> None:
    publishing.kill(story, actor=cast.chief, reason=REASON)
    Article.objects.filter(pk=story.pk).delete()
    assert run_outbox() == []


def test_what_was_to_be_told_before_the_kill_is_not(cast: Cast, story: Article) -> None:
    publishing.submit_for_review(story, actor=cast.contributor, to=cast.editor, note="Qznote")
    publishing.kill(story, actor=cast.chief, reason=REASON)
    assert {subject for _to, subject in told()} == {f"Chiara Chief killed “{HEADLINE}”"}


def test_a_wire_tells_of_its_own_kills(cast: Cast, story: Article) -> None:
    publishing.kill(story, actor=None, reason=REASON)
    assert run_outbox() == []


def test_a_kill_that_is_refused_tells_nobody(cast: Cast, story: Article) -> None:
    with pytest.raises(Exception, match="may not"):
        publishing.kill(story, actor=cast.editor, reason=REASON)
    assert run_outbox() == []
