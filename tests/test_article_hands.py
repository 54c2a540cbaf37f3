"""From hand to hand: each step is noted, told once by mail, and refused in words when a colleague was faster."""

from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles import letters, publishing, revisions
from articles.models import Article, DeskRole, Handover, Status
from articles.state import WorkingState
from outbox import effects
from outbox.models import AuditEntry, Effect
from people.models import User
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import give_place, make_section
from tests.test_article_admin import form_data, panels, signed_in

pytestmark = pytest.mark.django_db


def state(headline: str = "The tram is late", **fields: Any) -> WorkingState:
    return WorkingState(headline=headline, section=make_section().pk, body="<p>It is late.</p>").with_(**fields)


@pytest.fixture
def draft(cast: Cast) -> Article:
    return revisions.create(state(), actor=cast.contributor)


@pytest.fixture
def waiting(draft: Article, cast: Cast) -> Article:
    publishing.submit_for_review(draft, actor=cast.contributor)
    run_outbox()
    return draft


def run_outbox() -> list[Any]:
    """Every mail sent by what waits in the outbox."""
    mail.outbox.clear()
    effects.run_due()
    return list(mail.outbox)


def told() -> list[tuple[str, str]]:
    return sorted((letter.to[0], letter.subject) for letter in run_outbox())


def address(article: Article, page: str) -> str:
    return f"/admin/articles/article/{article.pk}/{page}/"


# Steps


def test_the_whole_way_is_kept_with_who_from_what_and_why(cast: Cast, draft: Article) -> None:
    publishing.submit_for_review(draft, actor=cast.contributor, note="Ready.")
    publishing.ask_for_changes(draft, actor=cast.editor, note="Who says so?")
    publishing.submit_for_review(draft, actor=cast.contributor)
    publishing.approve(draft, actor=cast.editor)
    publishing.publish(draft, actor=cast.editor)
    publishing.take_down(draft, actor=cast.chief, reason="Wrong tram")
    kept = Handover.objects.order_by("id").values_list("verb", "from_status", "to_status", "note", "made_by__name")
    assert list(kept) == [
        ("submitted", "draft", "in_review", "Ready.", "Cora Contributor"),
        ("changes asked", "in_review", "draft", "Who says so?", "Edda Editor"),
        ("submitted", "draft", "in_review", "", "Cora Contributor"),
        ("approved", "in_review", "approved", "", "Edda Editor"),
        ("published", "approved", "published", "", "Edda Editor"),
        ("taken down", "published", "archived", "Wrong tram", "Chiara Chief"),
    ]
    steps = set(Handover.objects.values_list("verb", flat=True))
    assert steps <= set(AuditEntry.objects.values_list("verb", flat=True))
    assert Handover.objects.filter(revision=draft.latest).count() == 6


def test_asking_for_changes_takes_words(cast: Cast, waiting: Article) -> None:
    for note in ("", "  \n", "x" * 2001, "with\0nul"):
        with pytest.raises(ValidationError):
            publishing.ask_for_changes(waiting, actor=cast.editor, note=note)
    assert Article.objects.get().status == Status.IN_REVIEW
    assert not Handover.objects.filter(verb="changes asked").exists()


def test_only_somebody_who_may_publish_it_can_be_asked_to_review(cast: Cast, draft: Article) -> None:
    sport = give_place(cast.chief, make_section("Sport"))
    sport.user_permissions.clear()
    for colleague in (cast.contributor, cast.moderator):
        with pytest.raises(ValidationError, match="does not review"):
            publishing.submit_for_review(draft, actor=cast.contributor, to=colleague)
    cast.editor.is_active = False
    with pytest.raises(ValidationError, match="does not review"):
        publishing.submit_for_review(draft, actor=cast.contributor, to=cast.editor)
    assert Article.objects.get().status == Status.DRAFT


def test_editing_what_was_approved_puts_it_back_unless_one_could_approve_it(cast: Cast, waiting: Article) -> None:
    seated = give_place(cast.contributor, make_section(), DeskRole.EDITOR)
    publishing.approve(waiting, actor=cast.editor)
    revisions.save(waiting, state("Better words"), actor=cast.editor)
    assert Article.objects.get().status == Status.APPROVED
    revisions.save(waiting, state("Moved away", section=make_section("Sport").pk), actor=seated)
    assert Article.objects.get().status == Status.IN_REVIEW
    assert Handover.objects.latest("id").verb == "edited after approval"


# Four eyes


@pytest.fixture
def four_eyes(settings: Any) -> None:
    settings.REVIEW_REQUIRED = True


@pytest.mark.usefixtures("four_eyes")
def test_where_reviews_are_required_nobody_publishes_what_nobody_approved(cast: Cast, draft: Article) -> None:
    with pytest.raises(ValidationError, match="must approve"):
        publishing.publish(draft, actor=cast.editor)
    publishing.submit_for_review(draft, actor=cast.contributor)
    publishing.approve(draft, actor=cast.editor)
    publishing.publish(draft, actor=cast.editor)
    assert Article.objects.public().exists()
    revisions.save(draft, state("Changed since"), actor=cast.editor)
    with pytest.raises(ValidationError, match="must approve"):
        publishing.publish(draft, actor=cast.editor)
    publishing.approve(draft, actor=cast.editor)  # the contributor's words are in it: four eyes saw them
    publishing.publish(draft, actor=cast.editor)
    assert Article.objects.get().headline == "Changed since"


@pytest.mark.usefixtures("four_eyes")
def test_where_reviews_are_required_nobody_approves_what_they_alone_wrote(cast: Cast) -> None:
    article = revisions.create(state(), actor=cast.editor)
    publishing.submit_for_review(article, actor=cast.editor)
    with pytest.raises(ValidationError, match="alone"):
        publishing.approve(article, actor=cast.editor)
    publishing.approve(article, actor=give_place(cast.contributor, make_section()))
    publishing.publish(article, actor=cast.editor)
    other = revisions.create(state(), actor=cast.chief)
    publishing.publish(other, actor=cast.chief)  # whoever leads every desk decides alone
    assert Article.objects.public().count() == 2


@pytest.mark.usefixtures("four_eyes")
def test_an_editor_of_approved_words_has_them_read_again(cast: Cast, draft: Article) -> None:
    publishing.submit_for_review(draft, actor=cast.contributor)
    publishing.approve(draft, actor=cast.editor)
    revisions.save(draft, state("One more word"), actor=cast.editor)
    assert Article.objects.get().status == Status.IN_REVIEW


# Mail


def test_a_review_request_goes_to_the_colleague_asked(cast: Cast, draft: Article) -> None:
    publishing.submit_for_review(draft, actor=cast.contributor, to=cast.editor, note="Please, before six.")
    letter = run_outbox()[0]
    assert letter.to == [cast.editor.email]
    assert letter.subject == "Cora Contributor asks you to review “The tram is late”"
    assert "> Please, before six." in letter.body
    assert f"/admin/articles/article/{draft.pk}/change/" in letter.body
    assert letter.extra_headers["Message-ID"].startswith("<")
    assert run_outbox() == []


def test_without_a_name_it_goes_to_the_desk_else_to_all_who_may_publish(cast: Cast, draft: Article) -> None:
    publishing.submit_for_review(draft, actor=cast.contributor)
    assert {to for to, _subject in told()} == {cast.editor.email, cast.chief.email, cast.administrator.email}
    publishing.send_back(draft, actor=cast.editor)
    give_place(cast.editor, make_section())
    publishing.submit_for_review(draft, actor=cast.contributor)
    assert [to for to, _subject in told()] == [cast.editor.email]


def test_the_writer_hears_of_approval_and_of_wanted_changes_and_nobody_of_their_own_step(
    cast: Cast, waiting: Article
) -> None:
    publishing.approve(waiting, actor=cast.editor)
    assert told() == [(cast.contributor.email, "Edda Editor approved “The tram is late”")]
    publishing.ask_for_changes(waiting, actor=cast.chief, note="Wait: who says so?")
    assert told() == [(cast.contributor.email, "Chiara Chief asks for changes in “The tram is late”")]
    own = revisions.create(state("Mine"), actor=cast.editor)
    publishing.submit_for_review(own, actor=cast.editor, to=cast.editor)
    publishing.approve(own, actor=cast.editor)
    assert told() == []


def test_a_mail_says_nothing_of_what_its_reader_may_no_longer_know(cast: Cast, draft: Article) -> None:
    publishing.submit_for_review(draft, actor=cast.contributor, to=cast.editor)
    give_place(cast.editor, make_section("Sport"))
    assert told() == []
    other = revisions.create(state("Also late"), actor=cast.contributor)
    publishing.submit_for_review(other, actor=cast.contributor, to=cast.chief)
    publishing.kill(other, actor=cast.chief, reason="Court order")
    assert [subject for _to, subject in told()] == ["Chiara Chief killed “Also late”"]


def test_hostile_words_reach_no_header_and_are_quoted_in_the_body(cast: Cast, draft: Article) -> None:
    headline = "Late\r\nBcc: all@example.org \x1b[31m"
    revisions.save(draft, state(headline), actor=cast.contributor)
    publishing.submit_for_review(
        draft, actor=cast.contributor, to=cast.editor, note="a\r\nBcc: x@example.org\n\n<b>b</b>"
    )
    letter = run_outbox()[0]
    message = letter.message()
    assert "Bcc" not in message
    assert "\x1b" not in letter.body + letter.subject
    assert "> Bcc: x@example.org" in letter.body
    assert "> <b>b</b>" in letter.body


def test_a_letter_with_the_same_key_is_sent_once(cast: Cast) -> None:
    for _time in range(2):
        context = {"opening": "Hello.", "url": "/x/"}
        letters.tell_staff([cast.editor.pk, cast.editor.pk], "Hello", "admin/articles/mail/step.txt", context, "once")
    assert [letter.to for letter in run_outbox()] == [[cast.editor.email]]
    assert Effect.objects.filter(kind="articles.letter").count() == 1


def test_whoever_wants_no_mail_gets_none_and_may_have_it_again(cast: Cast, draft: Article) -> None:
    client = signed_in(cast.editor)
    assert "No mail, please" in client.get("/admin/").content.decode()
    client.post("/admin/desk-mail/", {"wanted": ""})
    publishing.submit_for_review(draft, actor=cast.contributor, to=cast.editor)
    assert told() == []
    client.post("/admin/desk-mail/", {"wanted": "1"})
    publishing.send_back(draft, actor=cast.editor)
    publishing.submit_for_review(draft, actor=cast.contributor, to=cast.editor)
    assert [to for to, _subject in told()] == [cast.editor.email]
    assert client.get("/admin/desk-mail/").status_code == 405
    assert Client().post("/admin/desk-mail/", {"wanted": ""}).status_code == 302
    assert User.objects.filter(desk_mail=True).count() == 5


# Screens


def test_the_submit_button_saves_and_asks_for_a_colleague_and_a_note(cast: Cast, draft: Article) -> None:
    client = signed_in(cast.contributor)
    data = form_data(make_section(), headline="Saved first", _submit="1") | panels(client, draft)
    answer = client.post(address(draft, "change"), data)
    assert answer.headers["Location"] == address(draft, "submission")
    assert WorkingState.of(Article.objects.get()).headline == "Saved first"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Edda Editor" in page
    assert "Mo Moderator" not in page
    client.post(address(draft, "submission"), {"to": cast.editor.pk, "note": "Please."})
    step = Handover.objects.get()
    assert (step.to, step.note, Article.objects.get().status) == (cast.editor, "Please.", Status.IN_REVIEW)


def test_a_refused_step_keeps_what_was_typed_and_says_why(cast: Cast, waiting: Article) -> None:
    client = signed_in(cast.editor)
    for data in ({"note": ""}, {"note": "x" * 2001}, {"note": "Kept words\0"}, {"note": "Kept words", "to": "999"}):
        answer = client.post(address(waiting, "changes"), data)
        assert answer.status_code == 400
        assert "errorlist" in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    publishing.approve(waiting, actor=cast.chief)
    publishing.publish(waiting, actor=cast.chief)
    answer = client.post(address(waiting, "changes"), {"note": "Too late for these words"})
    assert answer.status_code == 400
    assert "somebody else may have been faster" in answer.content.decode()
    assert "Too late for these words" in answer.content.decode()
    assert Article.objects.get().status == Status.PUBLISHED


def buttons(client: Client, article: Article) -> set[str]:
    page = client.get(address(article, "change")).content.decode()
    bar = page.partition("article-buttons")[2]
    return {
        name for name in ("_publish", "_approve", "_submit", "_changes", "_take_down", "_kill") if f'"{name}"' in bar
    }


def test_the_bar_offers_what_may_be_done_now(cast: Cast, waiting: Article) -> None:
    assert buttons(signed_in(cast.contributor), waiting) == set()
    assert buttons(signed_in(cast.editor), waiting) == {"_publish", "_approve", "_changes"}
    assert buttons(signed_in(cast.chief), waiting) == {"_publish", "_approve", "_changes", "_kill"}
    publishing.publish(waiting, actor=cast.editor)
    assert buttons(signed_in(cast.editor), waiting) == {"_publish", "_take_down"}


def test_articles_are_approved_many_at_once(cast: Cast, waiting: Article) -> None:
    data = {"action": "approve_selected", "_selected_action": [waiting.pk]}
    signed_in(cast.contributor).post("/admin/articles/article/", data)
    assert Article.objects.get().status == Status.IN_REVIEW
    signed_in(cast.editor).post("/admin/articles/article/", data)
    assert Article.objects.get().status == Status.APPROVED


# Two at once


def both(article: Article, editor: User, chief: User) -> list[Exception]:
    return at_once(
        [
            lambda: publishing.approve(article, actor=editor),
            lambda: publishing.ask_for_changes(article, actor=chief, note="Who says so?"),
        ]
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_the_later_is_told_or_builds_on_the_earlier(cast: Cast) -> None:
    for _round in range(6):
        article = revisions.create(state(), actor=cast.contributor)
        publishing.submit_for_review(article, actor=cast.contributor)
        refused = both(article, cast.editor, cast.chief)
        verbs = list(article.handovers.order_by("id").values_list("verb", "from_status"))[1:]
        assert Article.objects.get(pk=article.pk).status == Status.DRAFT
        if refused:
            assert "somebody else may have been faster" in str(refused)
            assert verbs == [("changes asked", "in_review")]
        else:
            assert verbs == [("approved", "in_review"), ("changes asked", "approved")]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_is_told(cast: Cast) -> None:
    for _round in range(6):
        article = revisions.create(state(), actor=cast.contributor)
        publishing.submit_for_review(article, actor=cast.contributor)
        people = (cast.editor, cast.chief)
        refused = at_once([partial(publishing.approve, article, actor=who) for who in people])
        assert [type(error) for error in refused] == [ValidationError]
        assert article.handovers.filter(verb="approved").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_approve(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(article: Article) -> Article:
        return Article.objects.select_related("latest", "section").get(pk=article.pk)

    monkeypatch.setattr("articles.publishing.handing_on.locked", careless)
    twice = 0
    for _round in range(20):
        article = revisions.create(state(), actor=cast.contributor)
        publishing.submit_for_review(article, actor=cast.contributor)
        people = (cast.editor, cast.chief)
        at_once([partial(publishing.approve, article, actor=who) for who in people])
        twice += article.handovers.filter(verb="approved").count() == 2
    assert twice


def test_permission_is_asked_of_the_article_as_it_is_now_not_as_the_page_showed_it(
    cast: Cast, waiting: Article
) -> None:
    seated = give_place(cast.contributor, make_section())
    stale = Article.objects.select_related("latest").get()
    revisions.save(waiting, state(section=make_section("Sport").pk), actor=cast.editor)
    with pytest.raises(PermissionDenied):
        publishing.approve(stale, actor=seated)
