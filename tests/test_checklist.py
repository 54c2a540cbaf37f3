"""The checklist before publishing: each line once, what it forbids, and what hostile text does to it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from articles import publishing, revisions
from articles.body import MAX_LENGTH
from articles.models import Article, LinkAnswer, Redirect, Section, Status
from articles.models.source import CanonicalRule
from articles.readiness import check
from articles.readiness.facts import MOST_OF_A_KIND, digest_of
from articles.registries import CHIEFS, PUBLISHERS, Finding
from articles.state import Credit, WorkingState
from comments import openness
from curation import picks
from images.models import Image
from people.models import Author
from products import placing
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_author, make_image, make_product, make_section, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class World:
    """A finished draft with nothing to say about it, and what may be put into it."""

    section: Section
    author: Author
    picture: Image
    article: Article
    state: WorkingState

    def image(self, **fields: Any) -> int:
        return make_image(**{"credit": "Ines Maren", **fields}).pk

    def link(self, href: str, words: str = "what the harbour office says") -> str:
        return f'{self.state.body}\n<p>See <a href="{href}">{words}</a>.</p>'

    def figure(self, pk: int, caption: str = "") -> str:
        return f'{self.state.body}\n<figure data-image="{pk}" data-caption="{caption}"></figure>'

    def codes(self, **changes: Any) -> dict[str, Finding]:
        found = check(self.article, self.state.with_(**changes))
        return {finding.code.partition(":")[0]: finding for finding in found}


@pytest.fixture
def world(db: None) -> World:
    section, author, picture = make_section(), make_author(), make_image(credit="Ines Maren")
    give_tags(make_article("Trams before", section=section), "Transport")
    state = WorkingState(
        headline="The last tram leaves at midnight",
        standfirst="From Monday on, nobody gets home from the harbour after twelve.",
        section=section.pk,
        body="<p>The operator says so.</p>",
        tags=("Transport",),
        bylines=(Credit(author.pk),),
        lead_picture=picture.pk,
    )
    return World(section, author, picture, revisions.create(state, actor=None), state)


Change = Callable[[World], dict[str, Any]]

LINES: dict[str, Change] = {
    "headline-missing": lambda _: {"headline": " "},
    "headline-short": lambda _: {"headline": "Trams"},
    "headline-long": lambda _: {"headline": "Long " * 19},
    "headline-capitals": lambda _: {"headline": "TRAM CRASHES INTO THE HARBOUR"},
    "headline-stop": lambda _: {"headline": "The last tram leaves at midnight."},
    "standfirst-missing": lambda _: {"standfirst": ""},
    "standfirst-short": lambda _: {"standfirst": "At midnight."},
    "standfirst-long": lambda _: {"standfirst": "Word " * 50},
    "standfirst-capitals": lambda _: {"standfirst": "NOBODY GETS HOME FROM THE HARBOUR AFTER TWELVE NOW"},
    "standfirst-repeats": lambda w: {"standfirst": w.state.headline},
    "section-missing": lambda _: {"section": None},
    "body-missing": lambda _: {"body": ""},
    "placeholder": lambda _: {"body": "<p>The operator, TK, says so.</p>"},
    "lead-missing": lambda _: {"lead_picture": None},
    "lead-gone": lambda _: {"lead_picture": 999_999},
    "lead-alt": lambda w: {"lead_picture": w.image(alt="")},
    "lead-alt-poor": lambda w: {"lead_picture": w.image(alt="IMG_2031.jpg")},
    "lead-credit": lambda w: {"lead_picture": w.image(credit="")},
    "lead-licence": lambda w: {"lead_picture": w.image(usable_until=timezone.now() - timedelta(days=1))},
    "lead-licence-ends": lambda w: {"lead_picture": w.image(usable_until=timezone.now() + timedelta(days=9))},
    "social-gone": lambda _: {"social_picture": 999_999},
    "body-picture-gone": lambda w: {"body": w.figure(999_999)},
    "body-alt": lambda w: {"body": w.figure(w.image(alt=""))},
    "body-alt-poor": lambda w: {"body": w.figure(w.image(alt="Rain over the harbour."), "Rain over the harbour")},
    "body-licence": lambda w: {"body": w.figure(w.image(usable_until=timezone.now() - timedelta(days=1)))},
    "heading-empty": lambda w: {"body": w.state.body + "<h2> </h2>"},
    "heading-level": lambda w: {"body": w.state.body + "<h3>Too deep</h3>"},
    "heading-bold": lambda w: {"body": w.state.body + "<p><strong>What happens now</strong></p>"},
    "table-header": lambda w: {"body": w.state.body + "<table><tbody><tr><td>One</td></tr></tbody></table>"},
    "body-empty-parts": lambda w: {"body": w.state.body + "<p> </p>"},
    "link-dead": lambda w: {"body": w.link("/city/nothing-999999/")},
    "link-moved": lambda w: {"body": w.link(f"/city/old-words-{make_article().pk}/")},
    "link-answer": lambda w: {"body": w.link(answered("https://gone.example/", 404))},
    "link-words": lambda w: {"body": w.link("https://example.org/", "click here")},
    "link-bare": lambda w: {"body": w.link("https://example.org/", "https://example.org/")},
    "link-empty": lambda w: {"body": w.link("https://example.org/", " ")},
    "tags-missing": lambda _: {"tags": ()},
    "tags-many": lambda _: {"tags": tuple(f"Topic number {word}" for word in "abcdefghi")},
    "tag-like": lambda _: {"tags": ("Transprot",)},
    "byline-missing": lambda _: {"bylines": ()},
    "byline-gone": lambda _: {"bylines": (Credit(999_999),)},
    "source-gone": lambda _: {"source": 999_999},
    "source-missing": lambda _: {"source_url": "https://agency.example/1"},
    "source-credit": lambda _: {"source": make_source(credit=" ").pk},
    "source-address": lambda _: {"source": make_source(canonical=CanonicalRule.AGENCY).pk},
    "expires-early": lambda _: {"expire_at": timezone.now() - timedelta(hours=1)},
    "expires-soon": lambda _: {"expire_at": timezone.now() + timedelta(hours=5)},
    "embargo-later": lambda _: {
        "publish_at": timezone.now() + timedelta(hours=1),
        "embargo_until": timezone.now() + timedelta(hours=2),
    },
    "published-past": lambda _: {"publish_at": timezone.now() - timedelta(days=40)},
    "products-sensitive": lambda w: {"sensitive": placed(w) is not None},
    "products-conflict": lambda w: {"headline": f"Why {placed(w)} closes its shop in the harbour"},
    "comments-sensitive": lambda _: {"sensitive": True},
    "picks-hidden": lambda w: {"noindex": picked(w)},
}

FORBID_PUBLISHING = {
    "headline-missing": "",
    "section-missing": "",
    "body-missing": "",
    "placeholder": PUBLISHERS,
    "lead-gone": "",
    "lead-alt": PUBLISHERS,
    "lead-licence": "",
    "social-gone": "",
    "body-alt": PUBLISHERS,
    "link-dead": PUBLISHERS,
    "link-empty": PUBLISHERS,
    "byline-gone": "",
    "source-gone": "",
    "source-credit": CHIEFS,
    "source-address": CHIEFS,
    "expires-early": "",
    "products-conflict": PUBLISHERS,
}
MAY_BE_WAIVED = {**FORBID_PUBLISHING, "products-sensitive": PUBLISHERS}
"""By code: who may waive it."""

FORBID_REVIEW = {"headline-missing", "body-missing"}


def answered(url: str, status: int) -> str:
    LinkAnswer.objects.create(digest=digest_of(url), url=url, status=status, asked_at=NOON)
    return url


def placed(world: World) -> str:
    placing.place(make_product(), world.section, actor=None)
    return "Harbour & Hearth"


def picked(world: World) -> bool:
    picks.pick(world.article, make_article("Archived", status=Status.ARCHIVED), actor=None)
    return False


def test_a_finished_story_has_nothing_to_mend(world: World) -> None:
    assert world.codes() == {}


@pytest.mark.parametrize("code", LINES)
def test_each_line_is_said_where_it_is_true(world: World, code: str) -> None:
    found = world.codes(**LINES[code](world))
    assert code in found, found.keys()
    finding = found[code]
    assert finding.required == (code in FORBID_PUBLISHING)
    assert finding.waivable_by == MAY_BE_WAIVED.get(code, "")
    assert finding.for_review == (code in FORBID_REVIEW)
    assert finding.field
    assert len(finding.code) <= 60


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("headline", "Is this the last tram to the harbour?"),
        ("headline", "Council meets at the offices of Maren & Co."),
        ("headline", "NATO meets at the old harbour"),
        ("body", "<p>The tkinter library, xx and a Latin lorem.</p>"),
        ("body", "<h2>One</h2><p>Two.</p><h3>Three</h3><p><strong>Bold</strong> at first only.</p>"),
        ("body", "<table><thead><tr><th>Head</th></tr></thead><tbody><tr><td>One</td></tr></tbody></table>"),
        ("tags", ("Transport", "Harbour")),
    ],
)
def test_what_only_looks_like_a_mistake_is_let_be(world: World, field: str, text: Any) -> None:
    assert world.codes(**{field: text}) == {}


def test_a_draft_and_an_unknown_number_are_told_alike(world: World) -> None:
    hidden = make_article("Secret words", status=Status.DRAFT, publish_at=None)
    later = make_article("Secret words", publish_at=timezone.now() + timedelta(days=1), first_published_at=None)
    told = {
        str(world.codes(body=world.link(f"/city/x-{pk}/"))["link-dead"].message).replace(str(pk), "N")
        for pk in (hidden.pk, later.pk, 999_999)
    }
    assert len(told) == 1
    assert "Secret" not in told.pop()


def test_links_that_lead_somewhere_are_no_matter(world: World) -> None:
    there = make_article("There")
    for href in (there.get_absolute_url(), "/", "/city/", "/search/?q=tram", f"{there.get_absolute_url()}#part"):
        assert world.codes(body=world.link(href)) == {}, href
    Redirect.objects.create(path="/old/", to_path="/city/")
    assert set(world.codes(body=world.link("/old/"))) == {"link-moved"}
    answered("https://fine.example/", 200)
    assert world.codes(body=world.link("https://fine.example/")) == {}


def test_a_dead_link_readers_have_already_holds_no_correction_up(world: World, cast: Cast) -> None:
    target = make_article("There")
    revisions.save(world.article, world.state.with_(body=world.link(target.get_absolute_url())), actor=cast.editor)
    publishing.publish(world.article, actor=cast.editor)
    publishing.take_down(target, actor=cast.editor)
    finding = world.codes(body=world.link(target.get_absolute_url()))["link-dead"]
    assert "gone" in str(finding.message)
    assert not finding.required
    other = make_article("Other", status=Status.ARCHIVED)
    assert world.codes(body=world.link(other.get_absolute_url()))["link-dead"].required


def test_the_answer_of_another_site_is_told_with_its_day(world: World) -> None:
    with time_machine.travel(NOON, tick=False):
        finding = world.codes(body=world.link(answered("https://gone.example/", 404)))["link-answer"]
    assert str(finding.message) == "https://gone.example/ answered 404 on Monday 2 March, 12:00."


def test_many_lines_of_a_kind_are_counted(world: World) -> None:
    links = "".join(f'<p><a href="/city/x-{number}/">Words {number}</a></p>' for number in range(900_000, 900_050))
    found = [finding for finding in check(world.article, world.state.with_(body=links)) if finding.required]
    assert len(found) == MOST_OF_A_KIND + 1
    assert str(found[-1].message) == "And 30 more like these."
    assert not found[-1].waivable_by


def test_guides_may_name_what_they_are_about(world: World) -> None:
    name = placed(world)
    assert "products-conflict" not in world.codes(kind="guide", headline=f"What we think of {name} this year")
    assert not world.codes(body=f"<p>It is sold by {name.replace('&', '&amp;')}.</p>")["products-conflict"].required


def test_closed_comments_need_no_second_thought(world: World) -> None:
    openness.set_openness(world.article, closed=True, premoderated=False, actor=None)
    assert "comments-sensitive" not in world.codes(sensitive=True)


def test_a_live_story_with_too_short_a_list_says_so(world: World, cast: Cast) -> None:
    publishing.publish(world.article, actor=cast.editor)
    world.article.refresh_from_db()
    assert "picks-few" in world.codes()
    for number in range(3):
        picks.pick(world.article, make_article(f"Beside {number}"), actor=None)
    assert "picks-few" not in world.codes()


def test_the_system_is_held_up_only_by_what_nobody_may_waive(world: World, cast: Cast) -> None:
    revisions.save(world.article, world.state.with_(headline="The TK tram leaves at midnight"), actor=None)
    with pytest.raises(publishing.NotReadyError):
        publishing.publish(world.article, actor=cast.chief)
    publishing.publish(world.article, actor=None)
    revisions.save(world.article, world.state.with_(headline=""), actor=None)
    with pytest.raises(publishing.NotReadyError):
        publishing.publish(world.article, actor=None)


def test_nothing_without_headline_and_story_is_handed_in(world: World, cast: Cast) -> None:
    draft = revisions.create(WorkingState(headline="", body=""), actor=cast.contributor)
    with pytest.raises(publishing.NotReadyError) as refusal:
        publishing.submit_for_review(draft, actor=cast.contributor)
    assert {finding.code for finding in refusal.value.findings} == FORBID_REVIEW
    assert Article.objects.get(pk=draft.pk).status == Status.DRAFT
    revisions.save(draft, WorkingState(headline="Trams", body="<p>Late.</p>"), actor=cast.contributor)
    publishing.submit_for_review(draft, actor=cast.contributor)


HOSTILE = [
    "<a href=" * 60_000,
    '<a href="' * 50_000,
    "<p><strong>" * 40_000,
    "[caption" * 60_000,
    "[ " * 200_000,
    "TK" * 240_000,
    "?" * 490_000,
    "lorem " * 80_000,
    "\0\ud800<p>\x1f" * 50_000,
    '<figure data-gallery="' + "1," * 200_000 + '"></figure>',
    "".join(f'<a href="/x/y-{n}/">here</a>' for n in range(15_000)),
    "<h4></h4>" * 50_000,
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text_takes_no_longer_than_a_person_waits(world: World, number: int) -> None:
    body = HOSTILE[number][:MAX_LENGTH]
    line = body[:3_000]
    started = time.process_time()
    found = check(world.article, world.state.with_(body=body, headline=line, standfirst=line, lead_caption=line))
    assert time.process_time() - started < 5
    assert len(found) < 200


def test_looking_costs_the_same_however_much_there_is(world: World, django_assert_max_num_queries: Any) -> None:
    def costs(size: int) -> int:
        links = "".join(f'<p><a href="{make_article(f"A {n}").get_absolute_url()}">Words</a></p>' for n in range(size))
        links += "".join(f'<p><a href="https://x.example/{n}">Words</a></p>' for n in range(size))
        links += "".join(f'<figure data-image="{world.image()}"></figure>' for _n in range(size))
        tags = tuple(f"Tag {n}" for n in range(size))
        state = world.state.with_(body=links, tags=tags)
        with django_assert_max_num_queries(20) as asked:
            check(world.article, state)
        return len(asked)

    assert costs(1) == costs(12)
