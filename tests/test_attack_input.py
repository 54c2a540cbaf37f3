"""Nonsense, huge and binary values at every address of the desk and of the site: a message, never a 500.

``make test`` tries each address with a quarter of the values, others at its neighbour, and of a form's fields every
third by itself; ``make soak`` all.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from articles.models import Article, Section, Source, Tag
from pages.models import MenuItem
from people.models import Author, User
from products.models import Merchant
from tests.conftest import undone
from tests.factories import (
    give_byline,
    give_tags,
    make_article,
    make_comment,
    make_image,
    make_product,
    make_source,
)
from tests.soak_sizes import EVERYTHING

pytestmark = pytest.mark.django_db

NONSENSE = {
    "NUL": "%00",
    "NUL in a word": "a%00b",
    "lone bytes": "%ff%fe%80",
    "half a character": "%ed%a0%80",
    "an endless number": "9" * 4_400,
    "a negative number": "-1",
    "other digits": "%D9%A3",
    "a long number": "9" * 30,
    "a quote": "%27%22%3B--",
    "a long word": "x" * 3_000,
    "an early day": "0001-01-01",
    "a late day": "9999-12-31",
    "several": "1,2,%00",
}
PARAMETERS = {
    "articles_article": (
        "q",
        "status__exact",
        "in",
        "whose",
        "when",
        "missing",
        "source",
        "p",
        "o",
        "_popup",
        "_to_field",
    ),
    "articles_tag": ("q", "o", "p", "id__exact", "name__startswith"),
    "articles_section": ("q", "o"),
    "articles_source": ("q",),
    "people_author": ("q", "active__exact"),
    "people_user": ("q", "groups__id__exact", "is_active__exact"),
    "images_image": ("q", "alt_text", "licence_end", "use", "by"),
    "comments_comment": ("q", "state", "section", "article", "p"),
    "products_product": ("q", "price", "placed", "merchant", "standing", "o"),
    "products_merchant": ("q", "affiliate__exact"),
    "pages_staticpage": ("q", "published__exact"),
    "pages_menuitem": ("menu__exact",),
    "syndication_wireitem": ("q", "state", "feed", "marked", "p"),
    "syndication_feed": ("q", "is_on__exact", "o"),
    "syndication_wirerule": ("q", "is_on__exact", "p"),
    "curation_pick": ("question", "p"),
    "curation_campaign": ("q", "state", "p", "o"),
    "curation_exclusion": ("q", "where", "p", "o"),
    "curation_keptapart": ("q", "p", "o"),
}
READERS = (
    "/archive/?q={}",
    "/archive/?section={}",
    "/archive/?tag={}",
    "/archive/?author={}",
    "/archive/?source={}",
    "/archive/?kind={}",
    "/archive/?since={}",
    "/archive/?until={}",
    "/archive/?before={}",
    "/archive/?after={}",
    "/search/?q={}",
    "/search/?q=tram&page={}",
    "/tag/{}/",
    "/author/{}/",
    "/{}/",
    "/city/{}/",
    "/city/x-{}/",
    "/comments/{}/",
    "/comments/receipt/{}/",
    "/media/{}",
)
DESK = (
    "/admin/autocomplete/?app_label=curation&model_name=pick&field_name=target&term={}",
    "/admin/autocomplete/?app_label=curation&model_name=pick&field_name=target&page={}",
    "/admin/autocomplete/?app_label=articles&model_name=article&field_name=section&term={}",
    "/admin/autocomplete/?app_label={}&model_name=article&field_name=section",
    "/admin/autocomplete/?app_label=articles&model_name={}&field_name=section",
    "/admin/autocomplete/?app_label=articles&model_name=article&field_name={}",
    "/admin/articles/tag/suggest/?q={}",
    "/admin/articles/article/editor/pictures/?q={}",
    "/admin/articles/article/editor/pictures/?page={}",
    "/admin/articles/article/editor/pictures/?ids={}",
    "/admin/articles/article/editor/articles/?q={}",
    "/admin/syndication/wireitem/{}/change/",
    "/admin/syndication/feed/{}/change/",
    "/admin/syndication/wirerule/{}/change/",
    "/admin/curation/pick/{}/change/",
    "/admin/curation/pick/article/{}/inward/",
    "/admin/curation/pick/article/{}/record/",
    "/admin/curation/pick/article/1/record/?at={}",
    "/admin/curation/pick/article/1/record/?p={}",
    "/admin/curation/campaign/pages/?reach={}",
    "/admin/curation/campaign/pages/?reach=tag&tag={}",
    "/admin/curation/campaign/pages/?reach=everywhere&target={}",
    "/admin/articles/article/{}/take-down/",
    "/admin/edit-link/?path={}",
    "/admin/edit-link/?path=/tag/{}/",
    "/admin/r/{}/1/",
    "/admin/articles/article/{}/change/",
    "/admin/articles/article/{}/history/",
    "/admin/articles/article/{}/delete/",
    "/admin/articles/article/{}/duplicate/",
    "/admin/articles/tag/{}/change/",
    "/admin/images/image/{}/change/",
    "/admin/images/image/{}/preview/",
    "/admin/images/image/1/preview/{}",
    "/admin/comments/comment/{}/change/",
    "/admin/comments/comment/{}/decision/",
    "/admin/articles/article/add/?section={}",
    "/admin/articles/article/add/?_changelist_filters={}",
    "/admin/pages/menuitem/add/?menu={}",
    "/admin/images/image/add/?_popup=1&_to_field={}",
    "/admin/?next={}",
)


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Article]:
    """A story and a row of everything, so that nothing is skipped because a list is empty; and who may do all."""
    with undone(django_db_blocker):
        story = make_article(source=make_source(), lead_picture=make_image())
        give_tags(story, "trams")
        give_byline(story)
        make_comment(story)
        make_product()
        MenuItem.objects.create(label="Shop", url="https://shop.example/")
        User.objects.create_staff("root@example.org", "Root", is_superuser=True)
        yield story


@pytest.fixture
def root(story: Article) -> Client:
    return superuser()


def superuser() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email="root@example.org"))
    return client


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_in_an_address_is_no_fault_of_ours(root: Client, what: str, every: int) -> None:
    lists = [f"{reverse(f'admin:{name}_changelist')}?{key}={{}}" for name, keys in PARAMETERS.items() for key in keys]
    places = [*READERS, *DESK, *lists]
    if what != "NUL":  # it has broken most sites
        places = places[list(NONSENSE).index(what) % every :: every]
    broken = [path for path in places if root.get(path.format(NONSENSE[what])).status_code >= 500]
    posted = [path for path in DESK if "article/{}" in path or "comment/{}" in path]
    broken += [f"POST {path}" for path in posted if root.post(path.format(NONSENSE[what])).status_code >= 500]
    assert broken == []


TYPED = {
    "NUL": "a\x00b",
    "huge": "x" * 200_000,
    "an endless number": "9" * 4_400,
    "below zero": "-99999999999",
    "not a number": "NaN",
    "markup": "<script>alert(1)</script>",
    "signs only": "!!!",
    "a long number": "9" * 30,
    "an early day": "0001-01-01",
    "a late day": "9999-12-31",
    "wide letters": "\ufdfa" * 80,
    "a hidden address": "javascript:alert(1)",
    "broken brackets": "https://[::1",
}

SLOWLY = "wide letters"
"""Longer once they are folded, and no number, no date and no address."""


@pytest.fixture(scope="module")
def forms(story: Article) -> dict[str, dict[str, Any]]:
    """The desk's forms as a browser would send them back, by address."""
    client = superuser()
    return {address: fields_of(client, address) for address in forms_of_the_desk(story)}


@pytest.mark.parametrize("what", TYPED)
def test_nonsense_in_a_form_is_answered_in_words(root: Client, forms: dict[str, dict[str, Any]], what: str) -> None:
    """Each form as it is served, with all its fields holding the nonsense; and field by field."""
    broken = []
    for address, filled in forms.items():
        plain = [name for name in filled if not name.endswith("_FORMS")]
        in_turn = [[name] for name in list(filled)[:: 1 if EVERYTHING else 3]] if what == SLOWLY else []
        for names in [plain, *in_turn]:
            response = root.post(address, filled | dict.fromkeys(names, TYPED[what]))
            if response.status_code >= 500:
                broken.append((address, names if len(names) < 3 else "all"))
    assert broken == []


def forms_of_the_desk(story: Article) -> list[str]:
    rows: list[Any] = [
        story,
        Tag.objects.get(),
        Section.objects.get(),
        Source.objects.get(),
        Author.objects.get(),
        story.lead_picture,
        Merchant.objects.get(),
        MenuItem.objects.get(),
    ]
    found = [reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]) for row in rows]
    return [*found, reverse("admin:pages_staticpage_add"), reverse("admin:people_user_add")]


def fields_of(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send back from the form as it is."""
    context = client.get(address).context
    sent: dict[str, Any] = {}
    form = context["adminform"].form
    formsets = [inline.formset for inline in context.get("inline_admin_formsets", ())]
    for part in [form, *(one.management_form for one in formsets), *(row for one in formsets for row in one.forms)]:
        for bound in part:
            value = bound.value()
            if hasattr(bound.field, "fields"):
                for index, _widget in enumerate(bound.field.widget.widgets):
                    sent[f"{bound.html_name}_{index}"] = ""
            else:
                sent[bound.html_name] = (
                    "" if value is None or isinstance(value, bool) else bound.field.prepare_value(value)
                )
    return {name: "" if value is None else value for name, value in sent.items()}


# Two at once, and names that are no names


def test_another_spelling_of_a_tag_is_refused_in_words(root: Client) -> None:
    rain = Tag(name="rain")
    rain.save()
    data = {"name": "TRAMS", "slug": "rain", "description": ""}
    response = root.post(f"/admin/articles/tag/{rain.pk}/change/", data)
    assert response.status_code == 200
    assert "There is a tag “trams” already." in response.content.decode()


@pytest.mark.parametrize("name", ["!!!", "\N{TRAM}", "\ufdfa", "C++", "../..", "京都"])
def test_every_tag_has_an_address(name: str) -> None:
    story = make_article()
    give_tags(story, name, f"{name}\N{TRAM}")
    assert Client().get(story.get_absolute_url()).status_code == 200
    for tag in Tag.objects.all():
        assert Client().get(tag.get_absolute_url()).status_code == 200


def test_an_address_taken_this_very_moment_is_said_in_words(root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colleague's section comes between the look whether the address is free and the save."""
    validate = Section.validate_unique
    raced: list[bool] = []

    def too_early(section: Section, exclude: Any = None) -> None:
        validate(section, exclude)
        if not raced:
            raced.append(True)
            section.slug = "city"  # free when it was asked, taken when it is saved

    monkeypatch.setattr(Section, "validate_unique", too_early)
    data = {"name": "Town", "slug": "city", "position": "0", "description": ""}
    data |= {"desk-TOTAL_FORMS": "0", "desk-INITIAL_FORMS": "0"}
    asked = data | {"slug": "town"}
    response = root.post("/admin/articles/section/add/", asked)
    assert response.status_code == 302, "judged once more, it is fine"
    raced.append(True)
    assert root.post("/admin/articles/section/add/", data).status_code == 200
    assert sorted(Section.objects.values_list("slug", flat=True)) == ["city", "town"]
