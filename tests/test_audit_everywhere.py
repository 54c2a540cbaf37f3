"""Every screen of the admin leaves a row of the audit trail: who, what, to which object, from what to what."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from articles.models import Tag
from newsroom.audited import Audited
from outbox import audit
from outbox.models import AuditEntry
from pages.models import MenuItem, StaticPage
from people import roles
from people.models import User
from syndication.models import Newsletter, WireRule
from tests.conftest import Cast
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_merchant,
    make_product,
    make_section,
    make_source,
)
from tests.picture_files import upload

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PASSWORDS = {"usable_password": "true", "password1": "nine quiet herons", "password2": "nine quiet herons"}

NO_BYLINES = {
    f"bylines-{name}_FORMS": number
    for name, number in zip(("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM"), ("0", "0", "0", "1000"), strict=True)
}

ADDED: dict[str, dict[str, Any]] = {
    "pages.StaticPage": {"title": "About", "slug": "about", "body": "<p>We.</p>"},
    "pages.MenuItem": {"menu": "main", "label": "Trams", "url": "https://trams.example/", "position": "1"},
    "products.Merchant": {"name": "Quay Goods", "slug": "quay", "url": "https://quay.example/"},
    "products.Product": {"name": "Kettle", "slug": "kettle"},
    "articles.Article": {"headline": "New", "body": "<p>Words.</p>", "kind": "news", **NO_BYLINES},
    "articles.Section": {"name": "Harbour", "slug": "harbour", "position": "1"},
    "articles.Source": {"name": "Northline", "slug": "northline"},
    "articles.Tag": {"name": "trams", "slug": "trams"},
    "auth.Group": {"name": "Guests"},
    "people.Author": {"name": "Ada May", "slug": "ada-may"},
    "people.User": {"email": "new@example.org", "name": "New", **PASSWORDS},
    "images.Image": {"alt": "A tram."},
    "syndication.Newsletter": {"name": "Mornings", "slug": "mornings", "hours": "24", "most": "10"},
    "syndication.WireRule": {"part": "subject", "words": "sport", "tags": "Sport", "position": "1"},
}
"""What is typed into each form for a new row; a new screen is a decision: list it here or below."""

BY_VERBS = {
    *("curation.Pick", "curation.Campaign", "curation.Exclusion", "curation.KeptApart"),
    *("articles.Redirect", "articles.Series", "wastebin.Binned", "syndication.WireItem", "syndication.Feed"),
} | {
    f"comments.{name}"
    for name in (
        *("ArticleComments", "Comment", "Rule", "Ban", "ModerationEntry", "SecondLook", "DeskDay", "Learner"),
        "WriterNote",
    )
}
"""Screens of our own, whose verbs leave the rows; each has its own tests."""

CHANGED = {
    "articles.Article": "headline",
    "images.Image": "alt",
    "people.User": "name",
    "pages.StaticPage": "title",
    "syndication.WireRule": "words",
}
"""The field that is changed, where it is not ``name``."""


@pytest.fixture
def chief(cast: Cast) -> Client:
    """Somebody who may do everything."""
    user = User.objects.create_superuser("root", "root@example.org", "x", name="Root", is_staff=True)
    client = Client()
    client.force_login(user)
    return client


def made(label: str) -> Model:
    """A row to change and to delete."""
    makers: dict[str, Any] = {
        "pages.StaticPage": lambda: StaticPage.objects.create(title="Old", slug="old", body="<p>Old.</p>"),
        "pages.MenuItem": lambda: MenuItem.objects.create(menu="main", label="Old", url="https://old.example/"),
        "products.Merchant": lambda: make_merchant("Old"),
        "products.Product": lambda: make_product("Old"),
        "articles.Article": lambda: make_article("Old"),
        "articles.Section": lambda: make_section("Old"),
        "articles.Source": lambda: make_source("Old"),
        "articles.Tag": lambda: Tag.objects.create(name="old", slug="old"),
        "auth.Group": lambda: Group.objects.create(name="Old"),
        "people.Author": lambda: make_author("Old"),
        "people.User": lambda: User.objects.get(email="cora.contributor@example.org"),
        "images.Image": lambda: make_image("Old."),
        "syndication.Newsletter": lambda: Newsletter.objects.create(name="Old", slug="old"),
        "syndication.WireRule": lambda: WireRule.objects.create(words="old", tags="Old"),
    }
    return makers[label]()  # type: ignore[no-any-return]


def filled(context: Any) -> dict[str, Any]:
    """The form as it stands on the page, ready to be sent back."""
    data = typed(context["adminform"].form)
    for inline in context["inline_admin_formsets"]:
        data |= typed(inline.formset.management_form)
        for form in inline.formset.initial_forms:
            data |= typed(form)
    return data


def typed(form: BaseForm) -> dict[str, Any]:
    """What a browser would send for ``form``."""
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        widget = bound.field.widget
        if hasattr(widget, "decompress"):
            parts = widget.decompress(value)
            data |= {f"{bound.html_name}_{number}": part or "" for number, part in enumerate(parts)}
        elif isinstance(value, list | tuple):
            data[bound.html_name] = [str(getattr(one, "pk", one)) for one in value]
        elif value is not None and value is not False and not hasattr(value, "storage"):
            data[bound.html_name] = str(value)
    return data


def rows(label: str) -> Any:
    return AuditEntry.objects.filter(object_type=label.lower())


def test_every_screen_is_listed_and_has_a_trail() -> None:
    screens = {model._meta.label: screen for model, screen in admin.site._registry.items()}
    ours = {label for label in screens if not label.startswith(("outbox.", "people.Invitation"))}
    assert ours <= ADDED.keys() | BY_VERBS | LATER, ours - ADDED.keys() - BY_VERBS - LATER
    assert all(isinstance(screen, Audited) for screen in screens.values())


LATER: set[str] = set()
"""Screens of rooms whose own tests walk them."""


@pytest.mark.parametrize("label", ADDED)
def test_adding_on_any_screen_leaves_a_row(chief: Client, label: str) -> None:
    address = reverse(f"admin:{label.lower().replace('.', '_')}_add")
    data = filled(chief.get(address).context) | ADDED[label]
    if label == "articles.Article":
        data["section"] = str(make_section().pk)
    if label == "images.Image":
        data["file"] = upload()
    answer = chief.post(address, data)
    assert answer.status_code == 302, answer.context["errors"] if answer.context else answer
    row = rows(label).get(verb__in=["added", "created"])
    assert row.actor_name == "Root"
    assert row.object_id == newest(label)


def newest(label: str) -> str:
    """The number of the row made last."""
    return str(apps.get_model(label)._default_manager.order_by("-pk").values_list("pk", flat=True)[0])


@pytest.mark.parametrize("label", ADDED)
def test_changing_on_any_screen_leaves_one_row_with_old_and_new(chief: Client, label: str) -> None:
    row = made(label)
    address = reverse(f"admin:{label.lower().replace('.', '_')}_change", args=[row.pk])
    field = CHANGED.get(label, "label" if label == "pages.MenuItem" else "name")
    before = rows(label).count()
    data = filled(chief.get(address).context) | {field: "Quite different"}
    if label == "articles.Article":
        data |= {**NO_BYLINES, "body": "<p>Words.</p>"}
    answer = chief.post(address, data)
    assert answer.status_code == 302, answer.context["errors"] if answer.context else answer
    assert rows(label).count() == before + 1
    entry = rows(label).first()
    assert (entry.actor_name, entry.object_id) == ("Root", str(row.pk))
    if entry.verb == "changed":
        assert entry.details["changes"][field][1] == "Quite different"


@pytest.mark.parametrize("label", [label for label in ADDED if label != "people.User"])  # accounts are never deleted
@pytest.mark.parametrize("how", ["one", "many"])
def test_deleting_on_any_screen_leaves_one_row(chief: Client, label: str, how: str) -> None:
    row = made(label)
    name = str(row)
    prefix = f"admin:{label.lower().replace('.', '_')}"
    if how == "one":
        chief.post(reverse(f"{prefix}_delete", args=[row.pk]), {"post": "yes"})
    else:
        action = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
        chief.post(reverse(f"{prefix}_changelist"), action)
    gone = not type(row)._default_manager.filter(pk=row.pk).exists()
    deleted = rows(label).filter(verb__in=["deleted", "binned"])
    assert deleted.count() == (1 if gone else 0)
    assert gone or label in {"articles.Article", "images.Image", "syndication.Newsletter"}
    if gone:
        assert (deleted.get().object_id, deleted.get().object_label) == (str(row.pk), name)


def test_the_control_is_a_screen_without_a_trail(chief: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Audited, "_note", lambda *_args: None)
    chief.post(reverse("admin:auth_group_add"), {"name": "Guests"})
    assert Group.objects.filter(name="Guests").exists()
    assert not rows("auth.Group").exists()


def test_roles_given_and_taken_stand_with_their_names(chief: Client, cast: Cast) -> None:
    address = reverse("admin:people_user_change", args=[cast.editor.pk])
    chief_role = Group.objects.get(name=roles.CHIEF_EDITOR)
    chief.post(address, filled(chief.get(address).context) | {"groups": [str(chief_role.pk)]})
    entry = rows("people.User").first()
    assert entry.details["changes"]["groups"] == [roles.EDITOR, roles.CHIEF_EDITOR]


def test_a_password_set_for_somebody_leaves_a_row_without_the_password(chief: Client, cast: Cast) -> None:
    address = reverse("admin:auth_user_password_change", args=[cast.editor.pk])
    assert chief.post(address, {**PASSWORDS, "set-password": "1"}).status_code == 302
    entry = rows("people.User").first()
    assert entry.object_id == str(cast.editor.pk)
    assert "herons" not in str(entry.details)
    assert "password" in str(entry.details)


def test_a_form_saved_as_it_stood_leaves_no_row(chief: Client) -> None:
    row = make_section("Same")
    address = reverse("admin:articles_section_change", args=[row.pk])
    before = AuditEntry.objects.count()
    assert chief.post(address, filled(chief.get(address).context)).status_code == 302
    assert AuditEntry.objects.count() == before


def test_nothing_is_noted_when_the_write_fails(chief: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(LogEntry.objects, "log_actions", fails)
    with pytest.raises(RuntimeError):
        chief.post(reverse("admin:auth_group_add"), {"name": "Guests"})
    assert not Group.objects.filter(name="Guests").exists()
    assert not rows("auth.Group").exists()


def test_what_a_shell_does_stands_there_as_the_systems(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda *_args, **_kwargs: "nine quiet herons")
    call_command("changepassword", cast.editor.username, stdout=StringIO())
    User.objects.create_superuser("root", "root@example.org", "x", name="Root")
    told = list(AuditEntry.objects.order_by("id").values_list("actor_name", "verb", "object_label"))
    assert told == [("system", "changed the password", "Edda Editor"), ("system", "made a superuser", "Root")]


def test_an_import_is_the_systems_or_somebodys(cast: Cast, tmp_path: Path) -> None:
    line = {
        "id": "1",
        "title": "The tram is late",
        "body": "<p>It is.</p>",
        "section": "City",
        "published": "2026-05-04",
    }
    file = tmp_path / "articles.jsonl"
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    call_command("import_articles", str(file), "--as", cast.chief.email.upper(), stdout=StringIO(), stderr=StringIO())
    assert {entry.actor for entry in rows("articles.Article")} == {cast.chief}
    file.write_text(json.dumps(line | {"id": "2"}) + "\n", encoding="utf-8")
    call_command("import_articles", str(file), stdout=StringIO(), stderr=StringIO())
    assert rows("articles.Article").filter(actor=None, actor_name="system").exists()
    for address in ("nobody@example.org", cast.contributor.email):
        file.write_text(json.dumps(line | {"id": "3"}) + "\n", encoding="utf-8")
        with pytest.raises(CommandError):
            call_command("import_articles", str(file), "--as", address, stdout=StringIO(), stderr=StringIO())


def test_a_verbs_own_row_is_the_only_one(db: None) -> None:
    section = make_section()
    with audit.noting():
        assert not audit.was_noted(section)
        audit.record(None, "merged", section)
        assert audit.was_noted(section)
    assert not audit.was_noted(section)
