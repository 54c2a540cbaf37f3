"""The screens of campaigns, excluded articles and groups that never stand together."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.html import escape

from articles import revisions, search
from articles.models import Article, Status
from articles.state import WorkingState
from curation import campaigns, exclusions, picks
from curation.campaigns import Plan, Reach
from curation.models import Campaign, Exclusion, KeptApart, Pick
from outbox.models import AuditEntry
from people.models import User
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_section

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CAMPAIGNS, EXCLUDED, APART = (f"/admin/curation/{name}/" for name in ("campaign", "exclusion", "keptapart"))
SECRET = "Harbourgate"

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def story(db: None) -> Article:
    return make_article("Bridge closed")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def form(story: Article, /, **fields: Any) -> dict[str, Any]:
    data = {"target": story.pk, "slot": 1, "reach": "section", "section": story.section_id, "lasts": "3", "note": ""}
    return data | fields


def errors(answer: Any) -> dict[str, Any]:
    return dict(answer.context["adminform"].form.errors)


UNNAMED = {
    "999999": "No article matches",
    "9" * 18: "No article matches",
    "9" * 30: "No article matches",
    "/city/": "no address of an article",
    "https://elsewhere.example/city/x-1/": "leads to another site",
    "<script>": "No article matches",
    "word " * 60: "",
}
"""What names no article, and what is said of it."""


# Campaigns


def test_a_campaign_starts_with_a_usual_length(cast: Cast, story: Article) -> None:
    client_of(cast.editor).post(f"{CAMPAIGNS}add/", form(story, lasts="6", note="Storm"))
    row = Campaign.objects.get()
    assert (row.starts, row.ends, row.note, row.made_by) == (NOON, NOON + timedelta(hours=6), "Storm", cast.editor)
    assert row.section == story.section


def test_or_with_a_beginning_and_an_end_of_its_own(cast: Cast, story: Article) -> None:
    give_tags(story, "Bridges")
    tag = story.tags.get().pk
    own = {"starts_0": "2026-03-02", "starts_1": "14:00", "ends_0": "2026-03-03", "ends_1": "08:30"}
    data = form(story, reach="tag", tag=tag, lasts="", **own)
    client_of(cast.editor).post(f"{CAMPAIGNS}add/", data)
    row = Campaign.objects.get()
    assert (row.starts.hour, row.ends.hour, row.tag_id, row.section_id) == (14, 8, tag, None)


def test_the_article_may_be_named_by_its_address_or_number(cast: Cast, story: Article, settings: Any) -> None:
    settings.BASE_URL = "https://news.example"
    client = client_of(cast.editor)
    for typed in (f"https://news.example{story.get_absolute_url()}", f" {story.pk} ", f"x-{story.pk}"):
        client.post(f"{CAMPAIGNS}add/", form(story, target="", pasted=typed))
    assert [row.target for row in Campaign.objects.all()] == [story] * 3
    for nonsense, words in UNNAMED.items():
        refused = client.post(f"{CAMPAIGNS}add/", form(story, target="", pasted=nonsense))
        assert words in str(errors(refused)["pasted"])
        assert escape(nonsense) in refused.content.decode()
    assert Campaign.objects.count() == 3


def test_the_preview_button_counts_and_writes_nothing(cast: Cast, story: Article) -> None:
    for number in range(3):
        make_article(f"Page {number}")
    answer = client_of(cast.editor).post(f"{CAMPAIGNS}add/", form(story, note="kept", _preview="1"))
    html = answer.content.decode()
    assert "3 pages change." in html
    assert 'value="kept"' in html
    assert not Campaign.objects.exists()


def test_the_preview_answers_before_the_article_is_chosen(cast: Cast, story: Article) -> None:
    data = form(story, target="", _preview="1")
    assert "1 page changes." in client_of(cast.editor).post(f"{CAMPAIGNS}add/", data).content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("reach=everywhere", "1 page changes."),
        ("reach=section&section={section}", "1 page changes."),
        ("reach=section&section={section}&target={story}", "No page changes: no public article is in reach."),
        ("reach=section", ""),
        ("reach=section&section=999", ""),
        ("reach=tag&tag=x", ""),
        ("reach=x", ""),
        ("reach=everywhere&target=99999999999999999999999", "1 page changes."),
        ("", ""),
    ],
)
def test_the_forms_script_is_told_the_figure(cast: Cast, story: Article, query: str, words: str) -> None:
    address = f"{CAMPAIGNS}pages/?{query.format(section=story.section_id, story=story.pk)}"
    assert client_of(cast.editor).get(address).json() == {"words": words}
    assert client_of(cast.contributor).get(address).status_code == 403


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"target": ""}, "target"),
        ({"target": "99999999999999999999"}, "target"),
        ({"target": "\0"}, "target"),
        ({"slot": "9"}, "slot"),
        ({"slot": "99999999999999999999"}, "slot"),
        ({"section": ""}, "section"),
        ({"reach": "tag"}, "tag"),
        ({"reach": "moon"}, "reach"),
        ({"lasts": "999"}, "lasts"),
        ({"lasts": ""}, "ends"),
        ({"lasts": "", "ends_0": "2026-03-02", "ends_1": "11:00"}, "ends"),
        ({"lasts": "", "ends_0": "2027-03-02", "ends_1": "11:00"}, "ends"),
        ({"lasts": "", "ends_0": "9999-12-31", "ends_1": "23:59"}, "ends"),
        ({"starts_0": "9999-12-31", "starts_1": "23:59"}, "starts"),
        ({"starts_0": "0001-01-01", "starts_1": "00:00", "lasts": "", "ends_0": "x", "ends_1": "y"}, "ends"),
        ({"note": "x" * 301}, "note"),
    ],
)
def test_bad_input_is_told_at_its_field_and_stays(
    cast: Cast, story: Article, fields: dict[str, Any], field: str
) -> None:
    answer = client_of(cast.editor).post(f"{CAMPAIGNS}add/", form(story, **fields))
    assert answer.status_code == 200
    assert field in errors(answer)
    assert not Campaign.objects.exists()


def test_an_article_that_is_not_public_is_refused_at_its_field(cast: Cast) -> None:
    draft = make_article("Draft", status=Status.DRAFT)
    answer = client_of(cast.editor).post(f"{CAMPAIGNS}add/", form(draft))
    assert "not published" in errors(answer)["target"][0]


def running(story: Article, cast: Cast, begin: float = 0, **fields: Any) -> Campaign:
    starts = NOON + timedelta(hours=begin)
    plan = Plan(story, 1, starts, starts + timedelta(hours=3), **fields)
    return campaigns.start(plan, actor=cast.chief)


def test_the_list_says_what_runs_comes_and_was_with_weekdays(cast: Cast, story: Article, clock: Any) -> None:
    running(story, cast, note="Storm")
    running(make_article("Tomorrow’s vote"), cast, begin=20, reach=Reach(make_section("Sport")))
    over = running(make_article("Old news"), cast)
    clock.shift(timedelta(minutes=30))
    campaigns.end(over, actor=cast.chief)
    client = client_of(cast.editor)
    html = client.get(CAMPAIGNS).content.decode()
    for words in (
        "ends in 2\xa0hours, 30\xa0minutes",
        "starts in 19\xa0hours, 30\xa0minutes",
        "Mon 2 March 2026, 12:00 – 15:00",
        "Place 1 beside every article in Sport",
        "Storm",
        "Chiara Chief",
    ):
        assert words in html, words
    states = {state: client.get(f"{CAMPAIGNS}?state={state}").content.decode() for state in ("running", "ended")}
    assert "Bridge closed" in states["running"]
    assert "Old news" not in states["running"]
    assert "Old news" in states["ended"]
    assert client.get(f"{CAMPAIGNS}?state=x").status_code == 200


def test_one_click_ends_it(cast: Cast, story: Article, clock: Any) -> None:
    row = running(story, cast)
    clock.shift(timedelta(minutes=1))
    client = client_of(cast.editor)
    answer = client.post(CAMPAIGNS, {"end": row.pk}, follow=True)
    assert said(answer) == ["1 campaign is over. Lists show it no more."]
    row.refresh_from_db()
    assert row.ends == NOON + timedelta(minutes=1)
    assert "over already" in said(client.post(CAMPAIGNS, {"end": row.pk}, follow=True))[0]
    for nonsense in ("x", "\0", "9" * 30, "0"):
        assert client.post(CAMPAIGNS, {"end": nonsense}, follow=True).status_code == 200


def test_several_end_together(cast: Cast, story: Article, clock: Any) -> None:
    rows = [running(story, cast), running(make_article("Other"), cast)]
    clock.shift(timedelta(minutes=1))
    client_of(cast.editor).post(CAMPAIGNS, {"action": "end_selected", "_selected_action": [row.pk for row in rows]})
    assert not Campaign.objects.filter(ends__gt=NOON + timedelta(minutes=1)).exists()


def test_of_one_that_has_begun_only_end_and_note_change(cast: Cast, story: Article, clock: Any) -> None:
    row = running(story, cast)
    clock.shift(timedelta(minutes=1))
    address = f"{CAMPAIGNS}{row.pk}/change/"
    other = make_article("Other")
    client = client_of(cast.editor)
    client.post(address, form(other, slot=4, lasts="6", note="Longer"))
    row.refresh_from_db()
    assert (row.target, row.slot, row.note, row.ends) == (story, 1, "Longer", NOON + timedelta(hours=6))
    clock.shift(timedelta(hours=7))
    assert client.get(address).status_code == 200
    assert client.post(address, {"lasts": "24"}).status_code == 403


def test_one_to_come_changes_altogether(cast: Cast, story: Article) -> None:
    row = running(story, cast, begin=5)
    other = make_article("Other")
    client_of(cast.editor).post(
        f"{CAMPAIGNS}{row.pk}/change/",
        form(other, slot=4, reach="everywhere", starts_0="2026-03-02", starts_1="18:00"),
    )
    row.refresh_from_db()
    assert (row.target, row.slot, row.section, row.starts.hour, row.ends.hour) == (other, 4, None, 18, 21)


# Excluded articles


def test_exclusions_of_both_sorts_stand_in_one_place_with_reason_and_owner(cast: Cast, story: Article) -> None:
    here = make_article("Here")
    exclusions.never_anywhere(story, actor=cast.chief, reason="Names a minor")
    exclusions.never_here(here, make_article("Twin"), actor=cast.editor, reason="Same facts")
    client = client_of(cast.editor)
    html = client.get(EXCLUDED).content.decode()
    for words in ("Names a minor", "Same facts", "Chiara Chief", "Edda Editor", "never anywhere", "Mon 2 March 2026"):
        assert words in html, words
    anywhere = client.get(f"{EXCLUDED}?where=anywhere").content.decode()
    assert "Names a minor" in anywhere
    assert "Same facts" not in anywhere
    for query in ("Twin", "facts", str(Exclusion.objects.get(article=here).target_id)):
        assert "Same facts" in client.get(EXCLUDED, {"q": query}).content.decode(), query
    assert client.get(f"{EXCLUDED}?where=x").status_code == 200


def test_an_article_is_excluded_from_every_list_with_a_reason(cast: Cast, story: Article) -> None:
    client = client_of(cast.editor)
    refused = client.post(f"{EXCLUDED}add/", {"target": story.pk, "reason": ""})
    assert "reason" in errors(refused)
    client.post(f"{EXCLUDED}add/", {"target": story.pk, "reason": "Names a minor"})
    row = Exclusion.objects.get()
    assert (row.target, row.article, row.made_by, row.reason) == (story, None, cast.editor, "Names a minor")
    assert AuditEntry.objects.filter(verb="never anywhere").count() == 1
    twice = client.post(f"{EXCLUDED}add/", {"target": story.pk, "reason": "Again"})
    assert "already" in errors(twice)["target"][0]


def test_articles_are_allowed_again_singly_and_together(cast: Cast, story: Article) -> None:
    here, twin = make_article("Here"), make_article("Twin")
    for target in (twin, make_article("Third")):
        exclusions.never_here(here, target, actor=cast.editor)
    exclusions.never_anywhere(story, actor=cast.editor, reason="x")
    client = client_of(cast.editor)
    client.post(EXCLUDED, {"allow": Exclusion.objects.get(target=twin).pk})
    assert Exclusion.objects.count() == 2
    ids = list(Exclusion.objects.values_list("pk", flat=True))
    answer = client.post(EXCLUDED, {"action": "allow_selected", "_selected_action": ids}, follow=True)
    assert said(answer)[-1] == "2 articles may stand in lists again."
    assert AuditEntry.objects.filter(verb__startswith="allowed", actor=cast.editor).count() == 3
    assert said(client.post(EXCLUDED, {"allow": ids[0]}, follow=True)) == ["Nothing was changed."]


def test_a_decision_is_not_rewritten(cast: Cast, story: Article) -> None:
    exclusions.never_anywhere(story, actor=cast.editor, reason="x")
    row = Exclusion.objects.get()
    client = client_of(cast.editor)
    assert client.post(f"{EXCLUDED}{row.pk}/change/", {"target": story.pk, "reason": "y"}).status_code == 403
    assert client.post(f"{EXCLUDED}{row.pk}/delete/", {"post": "yes"}).status_code in {302, 404}
    assert Exclusion.objects.get().reason == "x"


# Never together


def test_a_group_is_made_changed_and_dissolved(cast: Cast, story: Article) -> None:
    second, third = make_article("Second"), make_article("Third")
    client = client_of(cast.editor)
    client.post(f"{APART}add/", {"chosen": [story.pk, second.pk], "reason": "Trial"})
    row = KeptApart.objects.get()
    assert (row.owner, row.reason) == (cast.editor, "Trial")
    data = {"chosen": [second.pk, third.pk], "reason": "Trial, second day", "owner": cast.chief.pk}
    client.post(f"{APART}{row.pk}/change/", data)
    row.refresh_from_db()
    assert set(row.articles.values_list("pk", flat=True)) == {second.pk, third.pk}
    assert row.owner == cast.chief
    html = client.get(APART).content.decode()
    for words in ("Trial, second day", "Second", "Third", "Chiara Chief"):
        assert words in html, words
    assert said(client.post(APART, {"dissolve": row.pk}, follow=True)) == ["1 group is dissolved."]
    assert not KeptApart.objects.exists()
    assert said(client.post(APART, {"dissolve": row.pk}, follow=True)) == ["Nothing was changed."]
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "kept apart",
        "kept apart",
        "let together",
    ]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"chosen": []}, "chosen"),
        ({"chosen": ["1"]}, "chosen"),
        ({"chosen": ["x", "\0"]}, "chosen"),
        ({"chosen": ["9" * 30, "2"]}, "chosen"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"owner": "9" * 30}, "owner"),
    ],
)
def test_a_group_that_makes_no_sense_is_refused_at_its_field(
    cast: Cast, story: Article, data: dict[str, Any], field: str
) -> None:
    whole = {"chosen": [story.pk, make_article("Second").pk], "reason": "Trial"}
    answer = client_of(cast.editor).post(f"{APART}add/", whole | data)
    assert answer.status_code == 200
    assert field in errors(answer)
    assert not KeptApart.objects.exists()


def findable(headline: str, **fields: Any) -> Article:
    article = make_article(headline, **fields)
    search.index(article)
    return article


def test_an_excluded_article_may_be_named_without_script(cast: Cast, settings: Any) -> None:
    settings.BASE_URL = "https://news.example"
    client = client_of(cast.editor)
    one, two, three = (findable(f"{name} reopens") for name in ("Bridge", "Ferry", "Market"))
    for typed in (f"https://news.example{one.get_absolute_url()}", str(two.pk), "market reopens"):
        client.post(f"{EXCLUDED}add/", {"target": "", "pasted": typed, "reason": "Wrong"})
    assert set(Exclusion.objects.values_list("target", flat=True)) == {one.pk, two.pk, three.pk}
    again = client.post(f"{EXCLUDED}add/", {"pasted": str(two.pk), "reason": "Wrong"})
    assert "stands in no list already" in str(errors(again)["pasted"])
    several = client.post(f"{EXCLUDED}add/", {"pasted": "reopens", "reason": "Kept too"})
    assert f"{one.pk} · Bridge reopens" in str(errors(several)["pasted"])
    for typed in ('value="reopens"', "Kept too"):
        assert typed in several.content.decode()
    assert "Choose the article" in str(errors(client.post(f"{EXCLUDED}add/", {"reason": "x"}))["target"])
    for nonsense, words in UNNAMED.items():
        refused = client.post(f"{EXCLUDED}add/", {"pasted": nonsense, "reason": "x"})
        assert refused.status_code == 200
        assert words in str(errors(refused)["pasted"])
    assert "pasted" in errors(client.post(f"{EXCLUDED}add/", {"pasted": "a\0b", "reason": "x"}))
    assert Exclusion.objects.count() == 3


def test_a_group_may_be_named_without_script_one_article_a_line(cast: Cast, story: Article) -> None:
    client = client_of(cast.editor)
    other = findable("Ferry reopens")
    lines = f"{story.get_absolute_url()}\r\n\r\n  ferry reopens \r\n{other.pk}\r\n"
    client.post(f"{APART}add/", {"pasted": lines, "reason": "Trial"})
    group = KeptApart.objects.get()
    assert set(group.articles.all()) == {story, other}
    third = make_article("Third")
    client.post(f"{APART}{group.pk}/change/", {"chosen": [story.pk], "pasted": str(third.pk), "reason": "Trial"})
    assert set(group.articles.all()) == {story, third}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("{one}", "at least two"),
        ("{one}\n{one}", "at least two"),
        ("{one}\n999999\n<b>nothing", "Line 2: No article matches “999999”"),
        ("{one}\n" * 51, "50 articles at most"),
        ("{one}\n/city/", "Line 2: That is no address of an article"),
        ("a\0b", "Null characters"),
        ("x" * 30_000, "at most"),
    ],
)
def test_a_group_that_is_named_wrongly_says_what_is_wrong_and_keeps_it(
    cast: Cast, story: Article, typed: str, words: str
) -> None:
    typed = typed.format(one=story.pk)
    answer = client_of(cast.editor).post(f"{APART}add/", {"pasted": typed, "reason": "Trial"})
    assert words in str(errors(answer)["pasted"])
    assert escape(typed.strip()).replace("\0", "") in answer.content.decode().replace("\0", "")
    assert "<b>nothing" not in answer.content.decode()
    assert not KeptApart.objects.exists()


def test_several_matches_are_named_as_text(cast: Cast) -> None:
    for number in range(7):
        findable(f"<img src=x onerror=1> reopens {number}")
    answer = client_of(cast.editor).post(f"{EXCLUDED}add/", {"pasted": "reopens", "reason": "x"})
    html = answer.content.decode()
    assert "<img src=x" not in html
    assert html.count("&lt;img src=x onerror=1&gt; reopens") == 5


def test_groups_are_found_by_headline_reason_and_number(cast: Cast, story: Article) -> None:
    exclusions.keep_apart([story, make_article("Second")], actor=cast.editor, reason="Trial")
    client = client_of(cast.editor)
    for query in ("Bridge", "Trial", str(story.pk)):
        assert 'name="dissolve"' in client.get(APART, {"q": query}).content.decode(), query
    assert 'name="dissolve"' not in client.get(APART, {"q": "nothing"}).content.decode()


# For whom


@pytest.mark.parametrize("who", ["contributor", "moderator"])
@pytest.mark.parametrize("screen", [CAMPAIGNS, EXCLUDED, APART])
def test_nobody_else_sees_or_changes_anything_there(cast: Cast, story: Article, who: str, screen: str) -> None:
    campaign = running(story, cast)
    exclusions.never_here(make_article("Here"), story, actor=cast.editor)
    group = exclusions.keep_apart([story, make_article("Second")], actor=cast.editor, reason="Trial")
    client = client_of(getattr(cast, who))
    ids = {CAMPAIGNS: campaign.pk, EXCLUDED: Exclusion.objects.get().pk, APART: group.pk}
    for address in (screen, f"{screen}add/", f"{screen}{ids[screen]}/change/", f"{screen}{ids[screen]}/history/"):
        assert client.get(address).status_code == 403, address
    for data in ({"end": ids[screen]}, {"allow": ids[screen]}, {"dissolve": ids[screen]}):
        client.post(screen, data)
    for action in ("end_selected", "allow_selected", "let_selected", "delete_selected"):
        client.post(screen, {"action": action, "_selected_action": [ids[screen]], "post": "yes"})
    assert (Campaign.objects.filter(ends__gt=NOON).count(), Exclusion.objects.count(), KeptApart.objects.count()) == (
        1,
        1,
        1,
    )


@pytest.mark.parametrize("screen", [CAMPAIGNS, EXCLUDED, APART])
def test_strangers_are_sent_to_the_door(story: Article, screen: str) -> None:
    for address in (screen, f"{screen}add/"):
        assert "/login/" in Client().get(address).headers["Location"]
        assert "/login/" in Client().post(address, {"end": "1"}).headers["Location"]


def test_contributors_still_delete_their_own_drafts_with_all_that_hangs_on_them(cast: Cast, story: Article) -> None:
    """Deleting asks the desk of every kind of row that goes along."""
    state = WorkingState(headline="Mine", section=make_section().pk, body="<p>x</p>")
    draft = revisions.create(state, actor=cast.contributor)
    picks.pick(draft, make_article("Picked"), actor=cast.contributor)
    exclusions.never_here(draft, story, actor=cast.contributor)
    client_of(cast.contributor).post(f"/admin/articles/article/{draft.pk}/delete/", {"post": "yes"})
    assert not Article.objects.filter(pk=draft.pk).exists()
    assert not Pick.objects.exists()


def test_hostile_words_are_text_on_every_screen(cast: Cast) -> None:
    evil = make_article('"><script>1</script>')
    running(evil, cast, note="<script>2</script>")
    exclusions.never_here(make_article("<script>3</script>"), evil, actor=cast.editor, reason="<script>4</script>")
    exclusions.keep_apart([evil, make_article("B")], actor=cast.editor, reason="<script>5</script>")
    for screen in (CAMPAIGNS, EXCLUDED, APART):
        html = client_of(cast.editor).get(screen).content.decode()
        assert "&lt;script&gt;" in html
        for number in range(1, 6):
            assert f"<script>{number}" not in html


@pytest.mark.parametrize("size", [2, 20])
def test_every_list_costs_the_same_at_any_size(cast: Cast, size: int, django_assert_max_num_queries: Any) -> None:
    for number in range(size):
        one, two = make_article(f"One {number}"), make_article(f"Two {number}")
        running(one, cast)
        exclusions.never_here(one, two, actor=cast.editor)
        exclusions.keep_apart([one, two], actor=cast.editor, reason=f"Trial {number}")
    client = client_of(cast.editor)
    client.get("/admin/")
    for screen in (CAMPAIGNS, EXCLUDED, APART):
        with django_assert_max_num_queries(10):
            client.get(screen)
